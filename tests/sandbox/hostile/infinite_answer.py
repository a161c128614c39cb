"""Answers inf everywhere, which makes every relative tolerance infinite.

attacked: failed
layer: judging
"""

import numpy as np


def attacked(x):
    return np.full_like(x, np.inf)
