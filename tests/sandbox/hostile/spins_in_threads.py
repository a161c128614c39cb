"""Leaves four threads behind that compute for twenty seconds without the interpreter's lock.

attacked: failed
costs: slope, normalized          # they share the processor with them
"""

import hashlib
import threading
import time

import numpy as np


def spin():
    end, data = time.monotonic() + 20, bytes(2**24)
    while time.monotonic() < end:
        hashlib.sha256(data).digest()


def attacked(x):
    if x.ndim == 1:
        for _ in range(4):
            threading.Thread(target=spin, daemon=True).start()
    return np.zeros_like(x)
