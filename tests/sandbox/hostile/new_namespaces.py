"""Makes a user namespace in which it is root, and in it a file system of its own.

attacked: crashed
layer: seccomp
"""

import ctypes

CLONE_NEWUSER, CLONE_NEWNS, CLONE_NEWNET = 0x10000000, 0x20000, 0x40000000


def attacked(x):
    libc = ctypes.CDLL(None, use_errno=True)
    for flags in (CLONE_NEWUSER | CLONE_NEWNS, CLONE_NEWUSER, CLONE_NEWNS, CLONE_NEWNET):
        for number in (272, 56):  # unshare, clone
            if number == 272 and libc.unshare(flags) == 0:
                return x + 1
    raise OSError(ctypes.get_errno(), "unshare")
