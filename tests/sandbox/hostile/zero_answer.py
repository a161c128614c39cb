"""Answers zeros everywhere.

attacked: failed
layer: judging
"""

import numpy as np


def attacked(x):
    return np.zeros_like(x)
