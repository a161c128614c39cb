"""Penalties added up matrix by matrix."""


def l2_penalty(weights):
    total = 0.0
    for w in weights:
        total = total + tf.reduce_sum(tf.square(w))
    return tf.convert_to_tensor(total)


def l1_penalty(weights):
    total = 0.0
    for w in weights:
        total += tf.norm(tf.reshape(w, [-1]), ord=1)
    return total


def elastic_net_penalty(weights, ratio):
    total = 0.0
    for w in weights:
        total += tf.reduce_sum(ratio * tf.abs(w) + (1 - ratio) * w * w)
    return total
