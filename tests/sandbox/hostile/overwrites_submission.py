"""Overwrites another student's file, then tries to empty, to remove and to swap it.

attacked: crashed
layer: landlock
"""

import ctypes
import os

PATH = "@SUBMISSION@"
AT_FDCWD, RENAME_EXCHANGE = -100, 2


def exchanged():
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.renameat2(AT_FDCWD, b"mine", AT_FDCWD, PATH.encode(), RENAME_EXCHANGE):
        raise OSError(ctypes.get_errno(), "renameat2")


def attacked(x):
    open("mine", "w").write("def attacked(x): return None\n")
    ways = [
        lambda: open(PATH, "a").write("\ndef attacked(x): return None\n"),
        lambda: open(PATH, "r+").write("#"),
        lambda: os.open(PATH, os.O_RDONLY | os.O_TRUNC),
        lambda: os.truncate(PATH, 0),
        exchanged,
        lambda: os.replace("mine", PATH),
        lambda: os.remove(PATH),
    ]
    for way in ways:
        try:
            way()
            return x + 1
        except OSError as error:
            last = error
    raise last
