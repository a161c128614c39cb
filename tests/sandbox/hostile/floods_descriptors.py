"""Writes to descriptors 1 and 2 without an end, past everything that Python could count.

attacked: over_limit, timed_out
"""

import os


def attacked(x):
    piece = b"x" * 10**6
    while True:
        for fd in (1, 2):
            os.write(fd, piece)
