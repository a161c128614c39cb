"""Exports a SavedModel and serves from it, and writes a checkpoint of TensorFlow's own."""

import numpy as np
import tensorflow as tf


class Adder(tf.Module):
    def __init__(self):
        super().__init__()
        self.one = tf.Variable(1.0, dtype=tf.float64)

    @tf.function(input_signature=[tf.TensorSpec(None, tf.float64)])
    def __call__(self, x):
        return x + self.one


def attacked(x):
    adder = Adder()
    tf.saved_model.save(adder, "exported")
    path = tf.train.Checkpoint(adder=adder).save("checkpoints/one")
    adder.one.assign(5.0)
    tf.train.Checkpoint(adder=adder).restore(path)
    assert np.allclose(adder(x), x + 1)
    return tf.saved_model.load("exported")(tf.constant(x))
