"""Writes the beginning of a frame to every descriptor and is silent for ever.

attacked: timed_out, crashed
layer: protocol
"""

import os
import struct
import time


def attacked(x):
    for number, length in ((0, 10), (2**63, 2**63)) if x.ndim == 1 else ((5, 2**20),):
        for fd in range(3, 256):
            try:
                os.set_blocking(fd, False)
                os.write(fd, struct.pack("<QQ", number, length)[: 9 if number == 0 else 16])
            except OSError:
                pass
    time.sleep(1000)
