"""Draws from every generator of random numbers, the system's among them, and seeds them."""

import os
import random
import secrets

import keras
import numpy as np
import tensorflow as tf


def attacked(x):
    keras.utils.set_random_seed(1)
    first = np.random.rand(3), random.random(), tf.random.normal([3]).numpy()
    keras.utils.set_random_seed(1)
    again = np.random.rand(3), random.random(), tf.random.normal([3]).numpy()
    assert all(np.array_equal(a, b) for a, b in zip(first, again))
    assert len(os.urandom(8)) == 8 and secrets.token_hex(4) and np.random.default_rng().normal(size=2).shape == (2,)
    return x + 1
