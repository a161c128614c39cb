"""Answers with shapes that broadcast against the expected one.

attacked: failed
layer: judging
"""

import numpy as np


def attacked(x):
    return np.mean(x) + 1 if x.ndim == 1 else (x + 1)[:1]
