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
FIELD = re.compile(r"^(\w+):\s+(\d+)", re.MULTILINE)
WORDS = {
    **{os.strerror(number): "disk" for number in FULL_DISK},
    os.strerror(errno.ENFILE): "files",
}
CGROUPS = Path("/sys/fs/cgroup")
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


def memory_is_short(share: float) -> bool:
    """Whether less than a share of the memory is left: of the machine's, or of what its control groups may use (Linux)."""
    with contextlib.suppress(OSError, KeyError, ValueError):
        machine = {name: int(value) for name, value in FIELD.findall(Path("/proc/meminfo").read_text(encoding="ascii"))}
        if machine["MemAvailable"] < share * machine["MemTotal"]:
            return True
    with contextlib.suppress(OSError):
        group = re.search(r"^0::/(.*)$", Path("/proc/self/cgroup").read_text(encoding="utf-8"), re.MULTILINE)
        here = CGROUPS / group[1] if group else CGROUPS
        return any(_is_short(folder, share) for folder in (here, *here.parents) if folder.is_relative_to(CGROUPS))
    return False


def _is_short(group: Path, share: float) -> bool:
    """Whether a control group has less than a share of its memory left; what only caches files counts as left."""
    try:
        most = int((group / "memory.max").read_text(encoding="ascii"))  # "max" where there is no limit
        cached = re.search(r"^inactive_file (\d+)", (group / "memory.stat").read_text(encoding="ascii"), re.MULTILINE)
        used = int((group / "memory.current").read_text(encoding="ascii")) - (int(cached[1]) if cached else 0)
    except (OSError, ValueError):
        return False
    return most - used < share * most
