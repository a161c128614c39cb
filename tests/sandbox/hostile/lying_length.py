"""Announces a frame of nine quintillion bytes, and goes on sending.

attacked: crashed, timed_out, over_limit
layer: protocol
"""

import os
import struct


def attacked(x):
    for fd in range(3, 256):
        try:
            os.set_blocking(fd, False)
            for number in range(30):
                os.write(fd, struct.pack("<QQ", number, 2**63 - 1) + b"x" * 1000)
        except OSError:
            pass
    while True:
        pass
