"""Lets every descriptor lead to a file of its own, so that the worker talks to itself.

attacked: crashed, timed_out
"""

import os

import numpy as np


def attacked(x):
    mine = os.open("channel", os.O_CREAT | os.O_RDWR)
    for fd in range(3, 256):
        try:
            os.fstat(fd)
            if fd != mine:
                os.dup2(mine, fd)
        except OSError:
            pass
    return np.zeros_like(x)
