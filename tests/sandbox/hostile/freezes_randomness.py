"""Freezes every generator of random numbers, so that secret inputs would be the same for everybody.

attacked: failed
"""

import os
import random
import secrets

import numpy as np

FROZEN = np.random.default_rng(0)


def attacked(x):
    random.random = lambda: 0.5
    random.seed = lambda *_: None
    np.random.seed = lambda *_: None
    np.random.default_rng = lambda *_: FROZEN
    np.random.normal = lambda *_, size=None, **__: np.zeros(size)
    os.urandom = lambda size: bytes(size)
    secrets.token_bytes = bytes
    return np.ones_like(x)
