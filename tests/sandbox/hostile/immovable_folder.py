"""Leaves a folder that cannot be removed: immutable, without rights, three thousand deep, with names that are no text.

attacked: crashed, failed, over_limit
"""

import fcntl
import os
import struct

import numpy as np

FS_IOC_SETFLAGS, FS_IMMUTABLE_FL = 0x40086602, 0x10


def attacked(x):
    os.makedirs("locked/inside", exist_ok=True)
    for name in (b"\xff\xfe", b"-rf", b"new\nline", b"\x1b[2J", b"locked/inside/file"):
        os.close(os.open(name, os.O_CREAT | os.O_WRONLY))
    try:
        fcntl.ioctl(os.open("locked/inside", os.O_RDONLY), FS_IOC_SETFLAGS, struct.pack("l", FS_IMMUTABLE_FL))
    except OSError:
        pass
    here = os.open(".", os.O_RDONLY)
    for _ in range(3000):  # deeper than a recursive clean-up can go, and than a path can be long
        os.mkdir("d")
        os.chdir("d")
    os.fchdir(here)
    try:
        os.chmod("locked/inside", 0)
        os.chmod("locked", 0)
    except OSError:
        pass
    return np.zeros_like(x)
