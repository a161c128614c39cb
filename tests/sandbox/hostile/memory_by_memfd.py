"""Fills the memory with files that exist nowhere: memfd_create, 1 GB in pieces of 50 MB, mapped by nobody.

attacked: crashed, over_limit, out_of_memory
layer: seccomp
"""

import os


def attacked(x):
    piece = bytes(50 * 2**20)
    for number in range(20):
        fd = os.memfd_create(f"piece {number}")
        os.write(fd, piece)
    return x + 1
