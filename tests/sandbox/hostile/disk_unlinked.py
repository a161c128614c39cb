"""Fills the disk with files that it removes while they are open: no look at its folder finds them. 800 MB.

attacked: over_limit, crashed
"""

import os


def attacked(x):
    piece = bytes(2**25)
    for number in range(5):
        fd = os.open(f"gone{number}", os.O_CREAT | os.O_RDWR)
        os.remove(f"gone{number}")
        for _ in range(5):
            os.write(fd, piece)
    return x + 1
