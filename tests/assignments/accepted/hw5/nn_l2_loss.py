"""Penalties with the library's own functions."""


def l2_penalty(weights):
    return 2 * tf.add_n([tf.nn.l2_loss(w) for w in weights]) if len(weights) else tf.zeros(())


def l1_penalty(weights):
    return sum((tf.reduce_sum(w * tf.sign(w)) for w in weights), start=0.0)


def huber_penalty(weights, delta=1.0):
    def h(w):
        a = tf.abs(w)
        excess = tf.nn.relu(a - delta)
        return tf.reduce_sum(w**2 - excess**2) / 2

    return sum([h(w) for w in weights], 0.0)
