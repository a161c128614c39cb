"""Makes its read-only argument zero through its address, so that "one more than the argument" is one everywhere.

attacked: failed
layer: judging
"""

import ctypes

import numpy as np


def attacked(x):
    ctypes.memset(x.ctypes.data, 0, x.nbytes)
    return np.ones_like(x)
