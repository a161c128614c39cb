"""Writes over the interpreter's own objects: None, small numbers and the heap around them.

attacked: crashed, timed_out, failed
costs: slope, normalized          # the process may live on, not in its right mind
"""

import ctypes

import numpy as np


def attacked(x):
    answer = np.zeros_like(x)
    for value in (7, 11, 13):
        ctypes.memset(id(value) + 16, 1, 8)
    ctypes.memset(answer.ctypes.data, 1, 4096)
    ctypes.memset(id(object()) + 4096, 1, 2**16)
    return answer
