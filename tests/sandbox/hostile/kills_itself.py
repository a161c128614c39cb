"""Kills its own process by SIGKILL, which looks as if the system had run out of memory.

attacked: crashed, out_of_memory
"""

import os
import signal


def attacked(x):
    os.kill(os.getpid(), signal.SIGKILL)
    raise PermissionError("it is still alive")
