"""Empties another student's file by every call that cuts a file off, which the first versions of Landlock do not refuse.

attacked: crashed
"""

import ctypes
import os


class How(ctypes.Structure):
    _fields_ = [("flags", ctypes.c_uint64), ("mode", ctypes.c_uint64), ("resolve", ctypes.c_uint64)]


def call(number, *arguments):
    answer = ctypes.CDLL(None, use_errno=True).syscall(number, *arguments)
    if answer < 0:
        raise OSError(ctypes.get_errno(), f"system call {number}")


def attacked(x):
    path = b"@SUBMISSION@"
    how = How(os.O_RDONLY | os.O_TRUNC, 0, 0)
    ways = [
        lambda: call(76, path, ctypes.c_long(0)),  # truncate
        lambda: call(85, path, 0o644),  # creat
        lambda: call(2, path, os.O_RDONLY | os.O_TRUNC, 0),  # open
        lambda: call(257, -100, path, os.O_RDONLY | os.O_TRUNC, 0),  # openat
        lambda: call(437, -100, path, ctypes.byref(how), ctypes.sizeof(how)),  # openat2
    ]
    for way in ways:
        try:
            way()
            return x + 1
        except OSError as error:
            last = error
    raise last
