"""Landlock: which files a worker can open, without any privilege (Linux 5.13).

What is not granted is refused: reading outside of Python's own folders, writing outside of the worker's own. Later
versions (the kernel calls them ABI) add truncation (3), TCP (4), devices (5), signals and abstract sockets (6); seccomp
refuses the same things where they are missing. See https://docs.kernel.org/userspace-api/landlock.html.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import struct
from collections.abc import Iterable

from autograder.sandbox.kernel import libc

CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446  # the same numbers on every machine
VERSION = 1  # the flag that asks for it
PATH_BENEATH = 1

EXECUTE, WRITE_FILE, READ_FILE, READ_DIR = 1 << 0, 1 << 1, 1 << 2, 1 << 3
REMOVE_DIR, REMOVE_FILE, MAKE_DIR, MAKE_REG, MAKE_SYM = 1 << 4, 1 << 5, 1 << 7, 1 << 8, 1 << 12
REFER, TRUNCATE, IOCTL_DEV = 1 << 13, 1 << 14, 1 << 15
KNOWN_SINCE = ((1, 0x1FFF), (2, REFER), (3, TRUNCATE), (5, IOCTL_DEV))
OF_FILES = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE | IOCTL_DEV  # the others are about folders

READING = READ_FILE | READ_DIR
WRITING = READING | WRITE_FILE | REMOVE_DIR | REMOVE_FILE | MAKE_DIR | MAKE_REG | MAKE_SYM | REFER | TRUNCATE
TCP = 0b11  # bind, connect
SIGNALS_AND_ABSTRACT_SOCKETS = 0b11


def version() -> int:
    """The kernel's ABI of Landlock; 0 where it has none, or has it switched off."""
    return max(0, _call(CREATE_RULESET, None, 0, VERSION))


def restrict(readable: Iterable[str], writable: Iterable[str]) -> int:
    """Refuse this thread, and what it starts, every file but these, for good; needs no_new_privs.

    Args:
        readable: folders and files to read; what does not exist is left out.
        writable: folders and files to do anything with but executing.

    Returns:
        The ABI in force.

    Raises:
        OSError: there is no Landlock here.
    """
    abi = version()
    handled = sum(rights for since, rights in KNOWN_SINCE if since <= abi)
    network, scopes = (TCP if abi >= 4 else 0), (SIGNALS_AND_ABSTRACT_SOCKETS if abi >= 6 else 0)
    attributes = struct.pack("<QQQ", handled, network, scopes)[: 8 if abi < 4 else 16 if abi < 6 else 24]
    ruleset = _call(CREATE_RULESET, attributes, len(attributes), 0)
    if ruleset < 0:
        raise OSError(ctypes.get_errno(), "Landlock is not available")
    try:
        for paths, rights in ((readable, READING), (writable, WRITING)):
            for path in paths:
                with contextlib.suppress(FileNotFoundError, PermissionError):
                    _grant(ruleset, path, rights & handled)
        if _call(RESTRICT_SELF, ruleset, 0) != 0:
            raise OSError(ctypes.get_errno(), "Landlock was refused")
    finally:
        os.close(ruleset)
    return abi


def _grant(ruleset: int, path: str, rights: int) -> None:
    target = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        if not os.path.isdir(path):
            rights &= OF_FILES
        if _call(ADD_RULE, ruleset, PATH_BENEATH, struct.pack("<Qi", rights, target), 0) != 0:
            raise OSError(ctypes.get_errno(), f"Landlock does not take {path}")
    finally:
        os.close(target)


def _call(number: int, *arguments: int | bytes | None) -> int:
    """A system call; its pointers are given as bytes."""
    words = [ctypes.c_long(value) if isinstance(value, int) else value for value in arguments]
    result: int = libc().syscall(ctypes.c_long(number), *words)
    return result
