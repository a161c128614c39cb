"""Stops its own process, so that no timer of its own can end it.

attacked: timed_out, crashed
"""

import os
import signal


def attacked(x):
    os.kill(os.getpid(), signal.SIGSTOP)
    raise RuntimeError("it was woken")
