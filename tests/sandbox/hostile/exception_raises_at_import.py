"""Raises an exception while it is imported that raises when it is looked at; the statement costs only itself or the file.

attacked: failed, crashed
costs: everything                 # unless the importing statement survives it
"""

import numpy as np


class Raising(BaseException):
    def __str__(self):
        raise self

    __repr__ = __str__


raise Raising


def attacked(x):
    return np.zeros_like(x)
