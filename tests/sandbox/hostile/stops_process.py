"""Stops another process, so that it is neither dead nor alive.

attacked: crashed
"""

import os
import signal


def attacked(x):
    os.kill(int("@PID@"), signal.SIGSTOP)
    return x + 1
