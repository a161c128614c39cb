"""Has the disk set aside for files that it never writes, and makes one of ten terabytes with nothing in it.

attacked: over_limit, crashed, timed_out
"""

import os


def attacked(x):
    for number in range(5):
        os.posix_fallocate(os.open(f"aside{x.ndim}{number}", os.O_CREAT | os.O_RDWR), 0, 200 * 2**20)
    os.truncate(os.open("sparse", os.O_CREAT | os.O_RDWR), 10**13)
    return x + 1
