"""Trains a model with BatchNormalization and Dropout and looks at its moving averages."""

import keras
import numpy as np


def attacked(x):
    X = np.random.default_rng(0).normal(3, 2, size=(64, 4)).astype("float32")
    norm = keras.layers.BatchNormalization(momentum=0.5)
    model = keras.Sequential([keras.Input((4,)), norm, keras.layers.Dropout(0.2), keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    model.fit(X, X[:, :1], epochs=3, batch_size=16, verbose=0)
    assert abs(float(np.mean(norm.moving_mean)) - 3) < 1
    assert model.predict(X, verbose=0).shape == (64, 1)
    return x + 1
