"""The machine: whether something that went wrong in a worker was for want of something that nobody had left.

A worker's own words are claims. They say what to look for; what there is, is looked up here.
"""

from __future__ import annotations

import contextlib
import errno
import os
import re
import tempfile
from collections.abc import Callable
from pathlib import Path

from autograder.sandbox.budget import Budget, size
from autograder.sandbox.folder import room_in

NEARLY = 0.9  # of the files that a system can hold open: whoever fails for want of one may be right
FULL_DISK = (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC))
WORDS = {
    **{os.strerror(number): "disk" for number in FULL_DISK},
    os.strerror(errno.ENFILE): "files",
}
KILLS = ("/sys/fs/cgroup/memory.events", "/proc/vmstat")


def short_of(said: str) -> Callable[[Budget], str] | None:
    """What a sentence says that there was none left of, as a question to the machine; None if it says nothing of the kind.

    The question is answered with what the machine lacks, in a sentence, or with "" if it has enough for this budget.
    """
    for words, what in WORDS.items():
        if words in said:
            return _disk if what == "disk" else _files
    return None


def _disk(budget: Budget) -> str:
    folder = tempfile.gettempdir()
    room = room_in(folder)
    if room >= budget.disk:
        return ""
    return f"the disk of this machine is full: {size(room)} are left in {folder}, and a submission may use {size(budget.disk)}"


def _files(budget: Budget) -> str:
    with contextlib.suppress(OSError, ValueError):
        used, _, most = map(int, Path("/proc/sys/fs/file-nr").read_text(encoding="ascii").split())
        if used >= NEARLY * most:
            return "this machine has too many open files"
    return ""


def out_of_memory() -> int:
    """How many processes the system has killed so far for want of memory; 0 where it does not tell."""
    for path in KILLS:
        with contextlib.suppress(OSError):
            found = re.search(r"^oom_kill (\d+)", Path(path).read_text(encoding="ascii"), re.MULTILINE)
            if found:
                return int(found[1])
    return 0
