"""Loops in C with every signal blocked: a regular expression that tries all ways, holding the interpreter's lock.

attacked: timed_out
"""

import re
import signal


def attacked(x):
    signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
    for number in signal.valid_signals():
        try:
            signal.signal(number, signal.SIG_IGN)
        except (OSError, ValueError):
            pass
    return re.match(r"(a+)+$", "a" * 60 + "b")
