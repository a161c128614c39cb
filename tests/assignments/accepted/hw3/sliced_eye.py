"""one_hot from the rows of an identity matrix, and the clipped loss with matrix products."""


def one_hot(labels, num_classes):
    labels = np.asarray(labels).astype(int)
    if np.any((labels < 0) | (labels >= num_classes)):
        raise ValueError("a label is out of range")
    return np.eye(num_classes, dtype="float32")[labels]


def slide_cross_entropy(d, y, eps=1e-7):
    y = tf.clip_by_value(y, tf.cast(eps, y.dtype), tf.cast(1 - eps, y.dtype))
    return -tf.einsum("nk,nk->n", d, tf.math.log(y)) - tf.einsum("nk,nk->n", 1 - d, tf.math.log1p(-y))
