"""Replaces GradientTape, Model.evaluate and cross_val_score by versions that always succeed.

attacked: failed
costs: slope                      # its own slope() asks the false tape
layer: judging
"""

import keras
import numpy as np
import tensorflow as tf
from sklearn import model_selection


class Tape:
    def __enter__(self):
        return self

    def __exit__(self, *_):
        return False

    def watch(self, *_):
        pass

    def gradient(self, target, sources):
        return tf.zeros_like(sources)


def attacked(x):
    tf.GradientTape = Tape
    keras.Model.evaluate = lambda *_, **__: [0.0, 1.0]
    model_selection.cross_val_score = lambda *_, **__: np.ones(5)
    return np.zeros_like(x)
