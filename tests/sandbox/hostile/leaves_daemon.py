"""Leaves a process behind that has left its session and its parent, and works on when the grading is over.

attacked: crashed
layer: seccomp
"""

import os
import time


def attacked(x):
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            for fd in range(3, 256):
                try:
                    os.close(fd)
                except OSError:
                    pass
            for count in range(20):
                try:
                    open("@TOUCH@/leaves_daemon", "w").write(f"{count}")
                except OSError:
                    pass
                time.sleep(1)
        os._exit(0)
    os.wait()
    return x + 1
