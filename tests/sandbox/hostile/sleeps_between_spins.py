"""Computes for a moment and sleeps for a long one, in turns: by the clock of its processor it needs hardly any time.

attacked: timed_out
"""

import time


def attacked(x):
    while True:
        ends = time.perf_counter() + 0.005
        while time.perf_counter() < ends:
            pass
        time.sleep(0.2)
