"""Answers with a masked array: everything is masked, so nothing differs.

attacked: failed
layer: judging
"""

import numpy as np


def attacked(x):
    return np.ma.masked_all(x.shape)
