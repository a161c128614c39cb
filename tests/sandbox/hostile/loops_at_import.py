"""Loops for ever while it is imported.

attacked: timed_out
costs: everything
"""

while True:
    pass


def attacked(x):
    return x
