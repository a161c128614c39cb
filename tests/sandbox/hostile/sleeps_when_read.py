"""Answers at once with an object that sleeps when it is turned into an array.

attacked: timed_out
"""

import time


class Slow:
    def __array__(self, dtype=None, copy=None):
        time.sleep(1000)


def attacked(x):
    return Slow()
