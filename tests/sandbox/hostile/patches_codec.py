"""Replaces what turns answers into bytes: pack, save, to_bytes, struct, json, pickle and os.write.

attacked: failed, crashed
costs: slope, normalized
layer: protocol
"""

import json
import os
import pickle
import struct

import numpy as np
import safetensors.numpy

from autograder import observation, observing
from autograder.observation import answer
from autograder.sandbox import frames

PASSED = b'{"outcome": "passed", "score": 100}'


def passed(*_, **__):
    return PASSED


def attacked(x):
    for module, names in (
        (observation, ("pack", "save", "as_value", "flatten")),
        (observing, ("pack", "unpack")),
        (safetensors.numpy, ("save",)),
        (json, ("dumps",)),
        (pickle, ("dumps", "loads")),
        (struct, ("pack",)),
        (os, ("write",)),
        (frames, ("_read",)),
    ):
        for name in names:
            setattr(module, name, passed)
    answer.Answer.to_bytes = passed
    answer.pack = passed
    return np.zeros_like(x)
