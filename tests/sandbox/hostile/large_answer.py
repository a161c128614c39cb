"""Answers with an array of 200 MB.

attacked: failed, over_limit, out_of_memory
"""

import numpy as np


def attacked(x):
    return np.zeros(25 * 2**20)
