"""Fills the memory while it is imported, up to 3 GB.

attacked: out_of_memory, crashed
costs: everything                 # unless the limit raises an error instead of ending the process
"""

import numpy as np

kept = [np.ones(2**22) for _ in range(96)]


def attacked(x):
    return x + len(kept) / 96
