"""Recurses without a limit: in Python, and in C until the stack is used up.

attacked: crashed, timed_out, out_of_memory
"""

import sys


class Endless:
    def __eq__(self, other):
        return self == other

    def __getattr__(self, name):
        return getattr(self, name + "_")


def attacked(x):
    sys.setrecursionlimit(2**31 - 1)
    if x.ndim == 1:
        nested = []
        for _ in range(10**6):
            nested = [nested]
        return repr(nested)
    return sorted([Endless(), Endless()], key=lambda one: one.key)
