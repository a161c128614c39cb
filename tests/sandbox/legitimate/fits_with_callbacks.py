"""Trains a model with early stopping, checkpoints in the current folder and a log."""

import os

import keras
import numpy as np


def attacked(x):
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(64, 4)), rng.integers(0, 2, 64)
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(8, "relu"), keras.layers.Dense(1, "sigmoid")])
    model.compile("adam", "binary_crossentropy", metrics=["accuracy"])
    callbacks = [
        keras.callbacks.EarlyStopping(patience=2, restore_best_weights=True),
        keras.callbacks.ModelCheckpoint("best.keras", save_best_only=True),
        keras.callbacks.CSVLogger("log.csv"),
        keras.callbacks.ReduceLROnPlateau(patience=1),
    ]
    model.fit(X, y, epochs=3, validation_split=0.25, callbacks=callbacks, verbose=0)
    model.evaluate(X, y, verbose=0)
    assert os.path.exists("best.keras") and os.path.exists("log.csv")
    return x + 1
