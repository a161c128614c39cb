"""Answers with a view of 10^13 entries on eight bytes, which is 80 TB once it is written down.

attacked: failed, over_limit, out_of_memory
"""

import numpy as np


def attacked(x):
    if x.ndim == 1:
        return np.broadcast_to(np.zeros(1), (10**13,))
    return np.lib.stride_tricks.as_strided(np.zeros(1), (10**6, 10**7), (0, 0))
