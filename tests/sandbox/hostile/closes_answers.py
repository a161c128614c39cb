"""Closes its end of the channel for answers, holds 200 MB, and goes on for ever.

attacked: crashed
layer: protocol
"""

import os
import stat
import time

import numpy as np


def attacked(x):
    held = np.ones(200 * 2**17)
    for fd in range(3, 256):
        try:
            if stat.S_ISFIFO(os.fstat(fd).st_mode):
                os.close(fd)
        except OSError:
            pass
    time.sleep(1000)
    return held
