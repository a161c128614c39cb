"""Sends its second answer one byte at a time, for ever a little more.

attacked: failed, timed_out
"""

import struct
import sys
import time


def attacked(x):
    def write_frame(stream, number, data):
        stream.write(struct.pack("<QQ", number, 10**7))
        while True:
            stream.write(b"x")
            stream.flush()
            time.sleep(0.05)

    sys.modules["autograder.sandbox.worker"].write_frame = write_frame
    return x
