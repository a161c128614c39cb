"""Tells the grader in its zygote's place that it ran out of memory, on the pipe that was opened last, and ends.

attacked: crashed
layer: fds
"""

import fcntl
import json
import os
import stat


def writable(fd):
    try:
        return stat.S_ISFIFO(os.fstat(fd).st_mode) and fcntl.fcntl(fd, fcntl.F_GETFL) & os.O_ACCMODE == os.O_WRONLY
    except OSError:
        return False


def attacked(x):
    end = {"status": -9, "over": "memory", "peak": 1}
    os.write(max(fd for fd in range(3, 256) if writable(fd)), json.dumps(end).encode())
    os.close(max(fd for fd in range(3, 256) if writable(fd)))
    os._exit(3)
