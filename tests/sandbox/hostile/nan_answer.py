"""Answers nan everywhere, which no comparison by "greater than the tolerance" refuses.

attacked: failed
layer: judging
"""

import numpy as np


def attacked(x):
    return np.full_like(x, np.nan)
