"""Activations from relu, minimum and maximum."""


def leaky_relu(z, alpha=0.01):
    return tf.nn.relu(z) - alpha * tf.nn.relu(-z)


def softplus(z):
    return tf.nn.relu(z) + tf.math.log1p(tf.exp(-tf.abs(z)))


def hard_tanh(z):
    return tf.maximum(tf.minimum(z, tf.ones_like(z)), -tf.ones_like(z))
