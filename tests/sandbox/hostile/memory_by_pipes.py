"""Fills the memory of the kernel by pipes that nobody reads, 1 MB each.

attacked: crashed, over_limit
"""

import fcntl
import os

F_SETPIPE_SZ = 1031


def attacked(x):
    filled = 0
    for _ in range(1500):
        _, write = os.pipe()
        try:
            fcntl.fcntl(write, F_SETPIPE_SZ, 2**20)
        except OSError:
            pass
        os.set_blocking(write, False)
        try:
            while True:
                filled += os.write(write, bytes(2**16))
        except BlockingIOError:
            pass
    print(filled)
    return x + 1
