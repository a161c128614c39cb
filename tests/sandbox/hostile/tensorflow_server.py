"""Has TensorFlow open a port, from C++: its server of distributed training.

attacked: crashed, timed_out
"""

import tensorflow as tf


def attacked(x):
    tf.distribute.Server({"local": ["127.0.0.1:0"]}, job_name="local", task_index=0)
    return x + 1
