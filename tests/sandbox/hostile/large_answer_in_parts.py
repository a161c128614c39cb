"""Answers with a dict of a hundred arrays of 60 MB, each of them small enough.

attacked: failed, over_limit, out_of_memory, crashed
"""

import numpy as np


def attacked(x):
    part = np.broadcast_to(np.zeros(1, np.uint8), (60 * 2**20,))
    return {f"part {number}": part for number in range(100)}
