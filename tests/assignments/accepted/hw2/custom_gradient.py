"""sigmoid with a gradient of its own."""


@tf.custom_gradient
def _logistic(z):
    s = (tf.tanh(z / 2) + 1) / 2
    return s, lambda upstream: upstream * s * (1 - s)


def sigmoid(z):
    return _logistic(z)


def half_squared_error(f, y):
    return float((f - y) * (f - y) / 2)
