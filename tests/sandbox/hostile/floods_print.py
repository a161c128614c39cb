"""Prints without an end.

attacked: over_limit, timed_out
"""

import sys


def attacked(x):
    while True:
        print("x" * 10**6)
        print("y" * 10**6, file=sys.stderr)
