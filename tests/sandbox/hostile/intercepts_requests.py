"""Leaves a thread that reads the grader's next requests in the worker's place and answers them with zeros.

attacked: failed, crashed, timed_out
costs: slope, normalized
layer: protocol
"""

import os
import struct
import threading
import time

import numpy as np

from autograder.observation.answer import Answer, Ending


def steal(fd):
    end = time.monotonic() + 10
    while time.monotonic() < end:
        try:
            header = os.read(fd, 16)
            number, _ = struct.unpack("<QQ", header)
            os.read(fd, 2**20)
        except (OSError, struct.error):
            return
        claim = Answer(Ending.RETURNED, {"answer": np.zeros(6)}).to_bytes()
        for other in range(3, 64):
            try:
                os.write(other, struct.pack("<QQ", number, len(claim)) + claim)
            except OSError:
                pass


def attacked(x):
    for fd in range(3, 64):
        threading.Thread(target=steal, args=(fd,), daemon=True).start()
    return np.zeros_like(x)
