"""Trains an LSTM on sequences."""

import keras
import numpy as np


def attacked(x):
    X = np.random.default_rng(0).normal(size=(32, 10, 2)).astype("float32")
    model = keras.Sequential([keras.Input((10, 2)), keras.layers.LSTM(8), keras.layers.Dense(1)])
    model.compile("rmsprop", "mse")
    model.fit(X, X.sum(axis=(1, 2)), epochs=2, verbose=0)
    return x + 1
