"""Closes every descriptor and answers.

attacked: crashed
"""

import os

import numpy as np


def attacked(x):
    os.closerange(0, 4096)
    return np.zeros_like(x)
