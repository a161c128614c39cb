"""What a worker gives up before it runs a stranger's code: memory, core dumps, outliving its grader.

Each function returns the name of the layer that it put in force, or "" where the system has no such mechanism.
"""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

PR_SET_PDEATHSIG = 1
SIGKILL = 9


def die_with_parent() -> str:
    """Have the kernel kill this process when the grader dies, however it dies (Linux)."""
    if not sys.platform.startswith("linux"):
        return ""
    import ctypes

    parent = os.getppid()
    if ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) != 0:
        return ""
    if os.getppid() != parent:  # it died before the call
        os._exit(1)
    return "dies with the grader"


def limit_memory(budget: int) -> str:
    """Let this process's data grow by at most `budget` bytes from now on (Linux).

    An absolute limit is useless with TensorFlow (2.3 GB of address space for a tiny fit), so the limit is what the
    process has now plus the budget. Exceeding it gives a MemoryError, or a ResourceExhaustedError in TensorFlow.
    """
    if not sys.platform.startswith("linux"):
        return ""
    import resource

    match = re.search(r"^VmData:\s+(\d+) kB", Path("/proc/self/status").read_text(), re.MULTILINE)
    if match is None:
        return ""
    limit = int(match[1]) * 1024 + budget
    try:
        resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    except (ValueError, OSError):
        return ""
    return "memory limit"
