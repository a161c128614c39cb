"""Feeds data through a pipeline with parallel maps, a shuffle, a file cache and prefetching."""

import numpy as np
import tensorflow as tf


def attacked(x):
    data = tf.data.Dataset.from_tensor_slices(x.ravel())
    data = data.map(lambda value: value + 1, num_parallel_calls=tf.data.AUTOTUNE).cache(f"cache-{x.ndim}")
    shuffled = data.shuffle(100, seed=1).batch(4).prefetch(tf.data.AUTOTUNE)
    assert sum(len(batch) for batch in shuffled) == x.size
    generated = tf.data.Dataset.from_generator(lambda: iter(range(5)), output_signature=tf.TensorSpec((), tf.int32)).interleave(
        lambda value: tf.data.Dataset.from_tensors(value).repeat(2), num_parallel_calls=2
    )
    assert len(list(generated)) == 10
    return np.array([float(value) for value in data]).reshape(x.shape)
