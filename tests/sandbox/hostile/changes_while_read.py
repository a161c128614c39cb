"""Answers with an array whose bytes a thread keeps changing, and an __array__ that differs at every call.

attacked: failed
layer: judging
"""

import threading
import time

import numpy as np


class Changing:
    def __init__(self, shape):
        self.kept = np.zeros(shape)
        self.calls = 0
        threading.Thread(target=self.change, daemon=True).start()

    def change(self):
        end = time.monotonic() + 3
        while time.monotonic() < end:
            self.kept += 1
            time.sleep(0.0005)

    def __array__(self, dtype=None, copy=None):
        self.calls += 1
        return self.kept if self.calls % 2 else self.kept[..., :0]


def attacked(x):
    return Changing(x.shape)
