"""Fills the memory with arrays of NumPy, up to 3 GB.

attacked: out_of_memory
"""

import numpy as np


def attacked(x):
    kept = [np.ones(2**22) for _ in range(96)]
    return x + len(kept) / 96
