"""Trains a small convolutional network on images, several at once."""

import keras
import numpy as np


def attacked(x):
    X = np.random.default_rng(0).normal(size=(32, 16, 16, 1)).astype("float32")
    model = keras.Sequential(
        [
            keras.Input((16, 16, 1)),
            keras.layers.Conv2D(8, 3, activation="relu"),
            keras.layers.MaxPooling2D(),
            keras.layers.Flatten(),
            keras.layers.Dense(4, "softmax"),
        ]
    )
    model.compile("adam", "sparse_categorical_crossentropy")
    model.fit(X, np.arange(32) % 4, epochs=2, batch_size=8, verbose=0)
    return x + 1
