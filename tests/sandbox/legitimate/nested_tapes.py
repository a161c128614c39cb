"""Takes second derivatives with a tape inside a tape, and several gradients from one persistent tape."""

import numpy as np
import tensorflow as tf


def attacked(x):
    v = tf.Variable(x)
    with tf.GradientTape() as outer:
        with tf.GradientTape() as inner:
            y = tf.reduce_sum(v**3)
        first = inner.gradient(y, v)
    second = outer.gradient(first, v)
    assert np.allclose(second, 6 * x)
    with tf.GradientTape(persistent=True) as tape:
        square, cube = v**2, v**3
    assert np.allclose(tape.gradient(square, v), 2 * x)
    assert np.allclose(tape.gradient(cube, v), 3 * x**2)
    assert tape.jacobian(square, v).shape == x.shape * 2
    return x + 1
