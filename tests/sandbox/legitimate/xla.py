"""Compiles a function by XLA, which writes machine code into memory."""

import tensorflow as tf


@tf.function(jit_compile=True)
def plus_one(x):
    return tf.tanh(tf.sin(x)) * 0 + x + 1


def attacked(x):
    return plus_one(tf.constant(x))
