"""Saves a model whole and its weights alone, and loads both again."""

import keras
import numpy as np


def attacked(x):
    X = np.ones((2, 3), "float32")
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)])
    model.save("model.keras")
    model.save_weights("model.weights.h5")
    again = keras.models.load_model("model.keras")
    assert np.allclose(model(X), again(X))
    other = keras.models.clone_model(model)
    other.load_weights("model.weights.h5")
    assert np.allclose(model(X), other(X))
    return x + 1
