"""Sleeps, deaf to every signal that can be ignored.

attacked: timed_out
"""

import signal
import time


def attacked(x):
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGALRM, signal.SIGXCPU, signal.SIGPIPE):
        signal.signal(number, signal.SIG_IGN)
    time.sleep(1000)
    return x
