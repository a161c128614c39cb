"""Leaves timers behind whose handlers raise in whatever the worker does later.

attacked: failed, crashed, timed_out
costs: slope, normalized
"""

import signal

import numpy as np


def handler(number, frame):
    raise KeyboardInterrupt("time is up")


def attacked(x):
    signal.signal(signal.SIGALRM, handler)
    signal.signal(signal.SIGVTALRM, handler)
    signal.setitimer(signal.ITIMER_REAL, 0.002, 0.002)
    signal.setitimer(signal.ITIMER_VIRTUAL, 0.002, 0.002)
    return np.zeros_like(x)
