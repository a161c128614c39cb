"""Takes 150 MB a few times over and gives them back, within what it may have at any one time."""

import numpy as np


def attacked(x):
    for _ in range(5):
        large = np.ones(150 * 2**17)
        assert large.sum() == large.size
        del large
    return x + 1
