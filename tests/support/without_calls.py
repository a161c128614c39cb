"""Run a command as on a system that lacks some system calls: `without_calls.py ERRNO NUMBER ... -- COMMAND ...`.

A filter answers these calls with an error, in the command and in all that it starts.
"""

import ctypes
import os
import platform
import struct
import sys

from autograder.sandbox import seccomp

LANDLOCK = (444, 445, 446)
UNSHARE = {"x86_64": (272,), "aarch64": (97,)}


def refuse(calls: tuple[int, ...], error: int) -> None:
    """Answer these calls with an error from now on."""
    steps = [(seccomp.LOAD, 0, 0, 0)]
    for call in calls:
        steps += [(seccomp.JUMP_EQUAL, 0, 1, call), (seccomp.RETURN, 0, 0, 0x00050000 | error)]
    steps.append((seccomp.RETURN, 0, 0, seccomp.ALLOW))
    ctypes.CDLL(None).prctl(38, 1, 0, 0, 0)  # no_new_privs, without which nobody may filter
    seccomp.install(b"".join(struct.pack("<HBBI", *step) for step in steps), platform.machine())


if __name__ == "__main__":
    cut = sys.argv.index("--")
    error, *numbers = map(int, sys.argv[1:cut])
    refuse(tuple(numbers), error)
    os.execvp(sys.argv[cut + 1], sys.argv[cut + 1 :])  # noqa: S606
