"""Has the garbage collector name every open stream, connection and socket, and sends a verdict over each.

attacked: crashed, failed
costs: slope
layer: protocol
"""

import gc
import io
import socket
import struct

import numpy as np

from autograder.observation.answer import Answer, Ending


def attacked(x):
    gc.unfreeze()
    claim = Answer(Ending.RETURNED, {"answer": np.zeros_like(x), "score": np.array(25.0)}).to_bytes()
    for number in range(1, 12):
        frame = struct.pack("<QQ", number, len(claim)) + claim
        for thing in gc.get_objects():
            try:
                if isinstance(thing, io.BufferedWriter | io.FileIO) and thing.writable():
                    thing.write(frame)
                    thing.flush()
                elif isinstance(thing, socket.socket):
                    thing.send(frame)
            except (OSError, ValueError, ReferenceError):
                pass
    return np.zeros_like(x)
