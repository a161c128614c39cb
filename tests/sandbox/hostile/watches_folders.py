"""Has the kernel tell it of every file that is opened near the expected answers, which Landlock does not refuse.

attacked: crashed
layer: seccomp
"""

import ctypes
import os

IN_ALL_EVENTS = 0xFFF


def attacked(x):
    libc = ctypes.CDLL(None, use_errno=True)
    fd = libc.inotify_init1(0)
    if fd < 0 or libc.inotify_add_watch(fd, os.path.dirname("@CANARY@").encode(), IN_ALL_EVENTS) < 0:
        raise OSError(ctypes.get_errno(), "inotify")
    return x + 1
