"""Loops for ever.

attacked: timed_out
"""


def attacked(x):
    while True:
        pass
