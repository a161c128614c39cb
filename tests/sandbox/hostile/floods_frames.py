"""Sends frames of 16 MB that nobody has asked for, each well formed, as fast as it can.

attacked: crashed, timed_out, over_limit
layer: protocol
"""

import os
import stat
import struct


def attacked(x):
    frame = b"".join(struct.pack("<QQ", number, 2**24) + bytes(2**24) for number in (9, 10))
    pipes = [fd for fd in range(3, 256) if is_pipe(fd)]
    while True:
        for fd in pipes:
            try:
                left = memoryview(frame)
                while left:
                    left = left[os.write(fd, left) :]
            except OSError:
                pipes.remove(fd)
                break


def is_pipe(fd):
    try:
        return stat.S_ISFIFO(os.fstat(fd).st_mode)
    except OSError:
        return False
