"""Has TensorFlow write outside of its folder and copy the expected answers, from C++: write_file, gfile, a log of summaries.

attacked: crashed
layer: landlock
"""

import tensorflow as tf


def attacked(x):
    ways = [
        lambda: tf.io.gfile.copy("@CANARY@", "copy", overwrite=True),
        lambda: tf.io.write_file("@TOUCH@/tensorflow_files", b"written"),
        lambda: tf.summary.create_file_writer("@TOUCH@/tensorflow_files.logs").flush(),
    ]
    done, last = 0, None
    for way in ways:
        try:
            way()
            done += 1
        except Exception as error:
            last = error
    if not done:
        raise last
    return x + 1
