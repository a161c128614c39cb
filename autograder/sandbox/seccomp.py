"""Seccomp: which system calls a worker can make, as a filter in the kernel (Linux 3.17).

An allow list. A call that is known to be dangerous is refused with EPERM, an unknown one is answered with ENOSYS: the C
library falls back to an older call on ENOSYS only. clone3 is unknown on purpose, because a filter cannot read the flags
behind its pointer; clone, to which the C library falls back, carries them in a register: threads yes, processes no.

The filter is classic BPF over `struct seccomp_data`: the call's number at 0, the machine at 4, the arguments from 16 on,
eight bytes each (man 2 seccomp).
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import struct

from autograder.sandbox.kernel import libc
from autograder.sandbox.syscalls import ALLOWED, ATTRIBUTES, BY_ARGUMENT, PRETENDED, REFUSED, numbers

AUDIT_ARCH = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
SYS_SECCOMP = {"x86_64": 317, "aarch64": 277}
SET_MODE_FILTER, TSYNC = 1, 1
X32 = 0x40000000  # the bit in the number of an x32 call, which shares x86-64's machine word

LOAD, JUMP_EQUAL, JUMP_AT_LEAST, JUMP_ANY_BIT, AND, RETURN = 0x20, 0x15, 0x35, 0x45, 0x54, 0x06
ALLOW, KILL = 0x7FFF0000, 0x80000000


def _errno(number: int) -> int:
    return 0x00050000 | number


REFUSE, UNKNOWN, PRETEND, UNSUPPORTED = (_errno(number) for number in (errno.EPERM, errno.ENOSYS, 0, errno.ENOTSUP))

CLONE_THREAD = 0x00010F00  # VM, FS, FILES, SIGHAND, THREAD: all of them, or it is no thread
CLONE_NEW = 0x7E020080  # every new namespace
# prctl: ask for dumpable, name, seccomp, the bounding set, no_new_privs; set the name of a thread or of memory
PR_OPTIONS = (3, 15, 16, 21, 23, 39, 0x53564D41)
# fcntl: duplicate, flags, locks, pipe size, seals; not F_SETOWN and F_SETSIG, which send signals, F_NOTIFY, F_SETLEASE
FCNTL_COMMANDS = (0, 1, 2, 3, 4, 5, 6, 7, 1030, 1031, 1032, 1033, 1034, 36, 37, 38)
# ioctl: TCGETS, TCGETS2, TIOCGWINSZ, FIONREAD, FIONBIO, FIONCLEX, FIOCLEX
IOCTL_COMMANDS = (0x5401, 0x802C542A, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451)
O_TRUNC, O_ACCMODE = 0o1000, 0o3
AF_UNIX, SOCK_STREAM, SOCKET_TYPE = 1, 1, 0xF

Instruction = tuple[int, int, int, int]  # code, jump if true, jump if false, operand


def program(machine: str, pid: int) -> bytes:
    """The filter for a process of this number, as `struct sock_filter[]`.

    Raises:
        KeyError: there is no table for the machine.
    """
    body: list[Instruction] = [
        (LOAD, 0, 0, 4),
        (JUMP_EQUAL, 1, 0, AUDIT_ARCH[machine]),
        (RETURN, 0, 0, KILL),  # such as int 0x80, whose numbers mean other calls
        (LOAD, 0, 0, 0),
        (JUMP_AT_LEAST, 0, 1, X32),
        (RETURN, 0, 0, UNKNOWN),
    ]
    for number in numbers(ALLOWED, machine).values():
        body += [(JUMP_EQUAL, 0, 1, number), (RETURN, 0, 0, ALLOW)]
    rules = _rules(pid)
    for name, number in numbers(BY_ARGUMENT, machine).items():
        body += [(JUMP_EQUAL, 0, len(rules[name]), number), *rules[name]]
    for entries, action in ((PRETENDED, PRETEND), (ATTRIBUTES, UNSUPPORTED), (REFUSED, REFUSE)):
        for number in numbers(entries, machine).values():
            body += [(JUMP_EQUAL, 0, 1, number), (RETURN, 0, 0, action)]
    body.append((RETURN, 0, 0, UNKNOWN))
    return b"".join(struct.pack("<HBBI", *instruction) for instruction in body)


def _rules(pid: int) -> dict[str, list[Instruction]]:
    """What decides on each call of BY_ARGUMENT; every list ends in a return."""
    own = _one_of(0, (0, pid))
    return {
        "clone": [
            _argument(0),
            (JUMP_ANY_BIT, 0, 1, CLONE_NEW),
            (RETURN, 0, 0, REFUSE),
            (AND, 0, 0, CLONE_THREAD),
            (JUMP_EQUAL, 0, 1, CLONE_THREAD),
            (RETURN, 0, 0, ALLOW),
            (RETURN, 0, 0, REFUSE),
        ],
        "kill": _one_of(0, (pid,)),
        "tgkill": _one_of(0, (pid,)),
        "prlimit64": own,
        "sched_setaffinity": own,
        "prctl": _one_of(0, PR_OPTIONS),
        "fcntl": _one_of(1, FCNTL_COMMANDS),
        "ioctl": _one_of(1, IOCTL_COMMANDS),
        "socketpair": [  # asyncio wakes itself by one; a stream can be connected to nothing else, a datagram socket could
            _argument(0),
            (JUMP_EQUAL, 1, 0, AF_UNIX),
            (RETURN, 0, 0, REFUSE),
            _argument(1),
            (AND, 0, 0, SOCKET_TYPE),
            (JUMP_EQUAL, 0, 1, SOCK_STREAM),
            (RETURN, 0, 0, ALLOW),
            (RETURN, 0, 0, REFUSE),
        ],
        "open": _no_silent_truncation(1),
        "openat": _no_silent_truncation(2),
    }


def _argument(position: int) -> Instruction:
    """Load the low half of an argument: all that the kernel reads of an int."""
    return (LOAD, 0, 0, 16 + 8 * position)


def _one_of(position: int, values: tuple[int, ...]) -> list[Instruction]:
    tests = [step for value in values for step in ((JUMP_EQUAL, 0, 1, value), (RETURN, 0, 0, ALLOW))]
    return [_argument(position), *tests, (RETURN, 0, 0, REFUSE)]


def _no_silent_truncation(position: int) -> list[Instruction]:
    """Refuse O_RDONLY|O_TRUNC: it empties a file, and before ABI 3 Landlock takes it for reading."""
    return [
        _argument(position),
        (AND, 0, 0, O_TRUNC | O_ACCMODE),
        (JUMP_EQUAL, 0, 1, O_TRUNC),
        (RETURN, 0, 0, REFUSE),
        (RETURN, 0, 0, ALLOW),
    ]


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_void_p))


def restrict() -> None:
    """Put the filter in force, for every thread of this process and for good; needs no_new_privs.

    Raises:
        OSError: the kernel refuses, or there is no table for this machine.
    """
    machine = platform.machine()
    if machine not in AUDIT_ARCH:
        raise OSError(errno.ENOSYS, f"no table of system calls for {machine}")
    install(program(machine, os.getpid()), machine)


def install(code: bytes, machine: str) -> None:
    """Have the kernel run a filter.

    Raises:
        OSError: the kernel refuses.
    """
    buffer = ctypes.create_string_buffer(code, len(code))
    what = _Program(len(code) // 8, ctypes.addressof(buffer))
    if libc().syscall(SYS_SECCOMP[machine], SET_MODE_FILTER, TSYNC, ctypes.byref(what)) != 0:
        raise OSError(ctypes.get_errno(), "seccomp was refused")
