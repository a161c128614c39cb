"""Fills the memory with tensors, up to 3 GB.

attacked: out_of_memory, crashed
"""

import tensorflow as tf


def attacked(x):
    kept = [tf.ones(2**23, tf.float32) + number for number in range(96)]
    return x + len(kept) / 96
