"""Says that its cases took 1e308 seconds, minus one, not a number, a text, or a list of numbers.

attacked: crashed
layer: judging
"""

import numpy as np

from autograder import observation
from autograder.observation import answer

CLAIMS = [np.array(1e308), np.array(-1.0), np.array(np.nan), "soon", np.array([1.0, 2.0]), np.array(True), np.array(1j.real, "f2")]


def attacked(x):
    claim = CLAIMS[x.size % len(CLAIMS)]
    written = observation.pack({"ending": "raised", "error": "", "place": "", "inside": "", "printed": "", "seconds": claim})
    answer.Answer.to_bytes = lambda self: written
    return x
