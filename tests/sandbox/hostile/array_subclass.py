"""Answers with a subclass of ndarray whose comparisons and functions all agree, and which serialises itself.

attacked: failed
layer: judging
"""

import numpy as np


class Agreeing(np.ndarray):
    def __eq__(self, other):
        return np.ones(self.shape, bool)

    def __array_ufunc__(self, ufunc, method, *inputs, **_):
        return np.ones(self.shape, bool)

    def __array_function__(self, function, *_):
        return True

    def tobytes(self, *_):
        return b"passed"

    def __reduce__(self):
        return (print, ("passed",))

    def __array_finalize__(self, other):
        self.outcome = "passed"


def attacked(x):
    return np.zeros_like(x).view(Agreeing)
