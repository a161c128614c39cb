"""Answers, and a moment later answers a second time from a thread.

attacked: failed, crashed
costs: slope, normalized          # they are asked while the second answer arrives
layer: protocol
"""

import os
import struct
import threading
import time

import numpy as np

from autograder.observation.answer import Answer, Ending


def again(claim):
    end = time.monotonic() + 0.5
    while time.monotonic() < end:
        time.sleep(0.005)
        for number, fd in ((number, fd) for number in range(12) for fd in range(3, 64)):
            try:
                os.write(fd, struct.pack("<QQ", number, len(claim)) + claim)
            except OSError:
                pass


def attacked(x):
    claim = Answer(Ending.RETURNED, {"answer": x + 0.5}).to_bytes()
    threading.Thread(target=again, args=(claim,), daemon=True).start()
    return np.zeros_like(x)
