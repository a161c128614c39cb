"""Reads address 0 and jumps there, with every handler for the fault removed.

attacked: crashed
"""

import ctypes
import faulthandler


def attacked(x):
    faulthandler.disable()
    if x.ndim == 1:
        return ctypes.string_at(0)
    return ctypes.CFUNCTYPE(None)(0)()
