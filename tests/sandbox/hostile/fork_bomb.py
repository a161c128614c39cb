"""Forks 200 processes that stay for 20 seconds.

attacked: crashed
"""

import os
import time


def attacked(x):
    for _ in range(200):
        if os.fork() == 0:
            time.sleep(20)
            os._exit(0)
    return x + 1
