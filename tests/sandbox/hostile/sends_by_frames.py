"""Finds the worker's own channel in the frames below it and sends a verdict, then answers as if nothing had been.

attacked: crashed, failed
costs: slope                      # the answer too many arrives when the next check has been asked
layer: protocol
"""

import io
import sys

import numpy as np

from autograder.observation.answer import Answer, Ending
from autograder.sandbox import frames


def attacked(x):
    claim = Answer(Ending.RETURNED, {"answer": np.zeros_like(x), "outcome": "passed", "score": np.array(25.0)}).to_bytes()
    frame = sys._getframe()
    while frame is not None:
        values = {**frame.f_globals, **frame.f_locals}
        number = frame.f_locals.get("number", 0)
        for value in values.values():
            if isinstance(value, io.BufferedWriter | io.BufferedRandom | io.FileIO):
                try:
                    frames.write_frame(value, number, claim)
                except (OSError, ValueError):
                    pass
        frame = frame.f_back
    return np.zeros_like(x)
