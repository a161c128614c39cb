"""Functions of one's own that others share."""


def log_sum_exp(z):
    largest = tf.stop_gradient(tf.reduce_max(z, axis=-1, keepdims=True))
    return largest + tf.math.log(tf.reduce_sum(tf.exp(z - largest), axis=-1, keepdims=True))


def softplus(z):
    return log_sum_exp(tf.stack([z, tf.zeros_like(z)], axis=-1))[..., 0]


def softmax(z):
    return tf.exp(z - log_sum_exp(z))


def softmax_cross_entropy(logits, labels):
    losses = log_sum_exp(logits) - logits
    true = tf.stack([tf.range(tf.shape(logits)[0]), tf.cast(labels, tf.int32)], axis=1)
    return tf.reduce_mean(tf.gather_nd(losses, true))
