"""Compiles a function with if and while over tensors, which AutoGraph rewrites from its source."""

import tensorflow as tf


@tf.function
def collatz(n):
    steps = tf.constant(0)
    while n > 1:
        if n % 2 == 0:
            n //= 2
        else:
            n = 3 * n + 1
        steps += 1
    return steps


@tf.function
def plus_one(x):
    rows = tf.TensorArray(x.dtype, size=tf.shape(x)[0])
    for index in tf.range(tf.shape(x)[0]):
        rows = rows.write(index, x[index] + 1)
    return rows.stack()


def attacked(x):
    assert int(collatz(tf.constant(27))) == 111
    return plus_one(tf.constant(x))
