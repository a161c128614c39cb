"""Answers with complex numbers whose real part is right.

attacked: failed
layer: judging
"""


def attacked(x):
    return x + 1 + 1j
