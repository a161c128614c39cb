"""Penalties of one long vector; Huber by clipping."""


def flat(weights):
    return tf.concat([tf.reshape(w, [-1]) for w in weights], axis=0) if weights else tf.zeros(0)


def l2_penalty(weights):
    return tf.tensordot(flat(weights), flat(weights), 1)


def l1_penalty(weights):
    return tf.reduce_sum(tf.abs(flat(weights)))


def huber_penalty(weights, delta=1.0):
    a = tf.abs(flat(weights))
    c = tf.minimum(a, delta)
    return tf.reduce_sum(c * (a - c / 2))
