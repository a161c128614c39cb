"""Answers, and from then on reads no request.

attacked: failed, timed_out
costs: everything
"""

import sys
import time


def attacked(x):
    sys.modules["autograder.sandbox.worker"].read_frame = lambda stream, cap: time.sleep(1000)
    return x
