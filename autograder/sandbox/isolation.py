"""Isolation: what a worker gives up, for good, before it reads a byte of a stranger's code.

No layer needs a privilege. Each is put in force by itself; what the system cannot do is reported as missing, and the
grader decides whether that is acceptable. On a system that is not Linux nothing is in force.

    rlimits            memory, size of a file, open files: raised by nobody
    no capabilities    root inside is an ordinary user
    no new privileges  and no set-uid program could change that
    landlock           files: Python's own to read, one folder to write; no TCP, no signals to others
    seccomp            an allow list of system calls: no process, no socket, no exec, no signal to others

What the kernel cannot count for one process (memory in use, threads, files made) is watched by the zygote.
"""

from __future__ import annotations

import contextlib
import ctypes
import importlib.util
import os
import re
import site
import sys
import sysconfig
from collections.abc import Callable, Collection, Iterator
from functools import cache
from pathlib import Path

from autograder.sandbox import landlock, seccomp
from autograder.sandbox.budget import Budget
from autograder.sandbox.kernel import libc, prctl
from autograder.sandbox.layers import Layers

with contextlib.suppress(ImportError):  # Windows has none
    import resource

OPEN_FILES = 256
SPARE_ADDRESS_SPACE = 2 * 2**30  # libraries reserve address space that they never use
PR_SET_PDEATHSIG, PR_CAPBSET_DROP, PR_SET_SECUREBITS, PR_SET_NO_NEW_PRIVS, PR_CAP_AMBIENT = 1, 24, 28, 38, 47
NO_ROOT_LOCKED = 0b11_11_11  # uid 0 gains nothing by exec or setuid, locked
CAP_SETPCAP = 8
SIGKILL = 9

LIBRARIES = ("/usr/lib", "/lib", "/lib64", "/usr/local/lib", "/etc/ld.so.cache", "/usr/share/fonts", "/usr/share/zoneinfo")
SYSTEM = (
    "/etc/localtime",
    "/dev/urandom",
    "/dev/random",
    "/dev/zero",
    "/proc/self",
    "/proc/cpuinfo",
    "/proc/meminfo",
    "/proc/stat",
    "/proc/sys/vm/overcommit_memory",
    "/sys/devices/system",
)


def isolate(budget: Budget, folder: str, without: Collection[str] = ()) -> Layers:
    """Put every layer in force that this system has; call it with one thread, after the imports.

    Args:
        budget: what the submission may use.
        folder: the one folder that it may write to.
        without: names of layers to leave out, to show what each is for.
    """
    in_force, missing = [], []
    steps: dict[str, Callable[[], int | None]] = {
        "rlimits": lambda: _limit(budget),
        "no capabilities": _drop_capabilities,
        "no new privileges": lambda: prctl(PR_SET_NO_NEW_PRIVS, 1),
        "landlock": lambda: landlock.restrict([*readable(), *budget.reads], (folder, "/dev/null")),
        "seccomp": seccomp.restrict,
    }
    for name, step in steps.items():
        if name in without:
            missing.append(f"{name}: left out")
        elif not sys.platform.startswith("linux"):
            missing.append(f"{name}: only on Linux")
        else:
            try:
                in_force.append(f"{name} {step() or ''}".strip())
            except (OSError, ValueError, AttributeError) as error:
                missing.append(f"{name}: {error}")
    return Layers(tuple(in_force), tuple(missing))


@cache
def readable() -> tuple[str, ...]:
    """What a worker may read: Python, its packages, our own code, and what libraries ask the system.

    Never a folder because it is on `sys.path`: that may be a whole project, with its solutions.
    """
    paths = sysconfig.get_paths()
    folders = {paths[name] for name in ("stdlib", "platstdlib", "purelib", "platlib")}
    folders |= {os.path.join(prefix, lib) for prefix in (sys.base_prefix, sys.prefix) for lib in ("lib", "lib64")}
    packages = [folder for folder in [*site.getsitepackages(), site.getusersitepackages()] if folder in sys.path]
    folders |= {*packages, *(target for folder in packages for target in linked(folder))}
    for name in ("autograder", "dlkit"):  # found, not imported: most submissions need no dlkit
        found = importlib.util.find_spec(name)
        folders.update((found and found.submodule_search_locations) or ())
    return (*sorted({os.path.realpath(folder) for folder in folders} - {"/"}), *LIBRARIES, *SYSTEM)


def linked(folder: str) -> Iterator[str]:
    """Where packages are that are links, or folders of links into a cache, as `uv --link-mode symlink` lays them out.

    Only what is called as in the folder is told: what lies beside the target of any other link may be private.
    """
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_symlink():
                target = os.path.realpath(entry.path)
            elif not entry.is_dir():
                continue
            elif first := _first_file(entry.path):
                target = os.path.dirname(os.path.realpath(first)) if os.path.islink(first) else ""
            else:  # a namespace: its packages may be in several places
                yield from linked(entry.path)
                continue
            if os.path.basename(target) == entry.name:
                yield target


def _first_file(folder: str) -> str:
    """A file of a folder, "" where it has only folders, or cannot be read."""
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        return next((entry.path for entry in entries if entry.is_file()), "")
    return ""


def die_with_parent() -> bool:
    """Have the kernel kill this process when the thread that started it ends, however it ends (Linux).

    Before a change of user, which would clear it.
    """
    if not sys.platform.startswith("linux"):
        return False
    parent = os.getppid()
    try:
        prctl(PR_SET_PDEATHSIG, SIGKILL)
    except OSError:
        return False
    if os.getppid() != parent:  # it died before the call
        os._exit(1)
    return True


def field_of_status(name: str, pid: int | str = "self") -> int:
    """A field of /proc/PID/status in bytes (or, without a unit, as it stands); 0 where there is none."""
    try:
        text = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0
    match = re.search(rf"^{name}:\s+(\d+)( kB)?", text, re.MULTILINE)
    return int(match[1]) * (1024 if match[2] else 1) if match else 0


def _limit(budget: Budget) -> None:
    """Limits that the kernel holds.

    An absolute limit of the address space is useless with TensorFlow (2.3 GB of it for a tiny fit), so each is what the
    process has now plus the budget. Going over gives a MemoryError, or a ResourceExhaustedError in TensorFlow.
    """
    limits = {
        resource.RLIMIT_DATA: field_of_status("VmData") + budget.memory,
        resource.RLIMIT_AS: field_of_status("VmSize") + 2 * budget.memory + SPARE_ADDRESS_SPACE,  # shared maps
        resource.RLIMIT_FSIZE: budget.disk,
        resource.RLIMIT_NOFILE: OPEN_FILES,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_MSGQUEUE: 0,
        resource.RLIMIT_RTPRIO: 0,
    }
    for kind, limit in limits.items():
        hard = resource.getrlimit(kind)[1]
        limit = limit if hard == resource.RLIM_INFINITY else min(limit, hard)
        resource.setrlimit(kind, (limit, limit))


def _drop_capabilities() -> None:
    """Give up every capability, in every set; an ordinary user has none and loses none.

    The process stays readable ("dumpable") for its own user: the zygote counts its open files, and another worker is
    kept from it by Landlock and by seccomp.
    """
    prctl(PR_CAP_AMBIENT, 4)  # clear all
    if field_of_capability("CapEff") >> CAP_SETPCAP & 1:
        for capability in range(int(Path("/proc/sys/kernel/cap_last_cap").read_text()) + 1):
            prctl(PR_CAPBSET_DROP, capability)
        prctl(PR_SET_SECUREBITS, NO_ROOT_LOCKED)
    header = (ctypes.c_uint32 * 2)(0x20080522, 0)  # version 3, this process
    nothing = (ctypes.c_uint32 * 6)()
    if libc().capset(header, nothing) != 0:
        raise OSError(ctypes.get_errno(), "capset was refused")


def field_of_capability(name: str) -> int:
    """One of this process's sets of capabilities, as bits."""
    match = re.search(rf"^{name}:\s+([0-9a-f]+)", Path("/proc/self/status").read_text(), re.MULTILINE)
    return int(match[1], 16) if match else 0
