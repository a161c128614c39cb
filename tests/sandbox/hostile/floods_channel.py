"""Writes bytes without an end to every descriptor, the grader's channel among them.

attacked: crashed, timed_out, over_limit
layer: protocol
"""

import os


def attacked(x):
    piece = b"\0" * 10**6
    fds = []
    for fd in range(3, 64):
        try:
            os.set_blocking(fd, False)
            fds.append(fd)
        except OSError:
            pass
    while True:
        for fd in fds:
            try:
                os.write(fd, piece)
            except OSError:
                pass
