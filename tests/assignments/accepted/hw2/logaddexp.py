"""sigmoid as exp(-softplus(-z)), and the derivative through it."""


def sigmoid(z):
    return tf.exp(-tf.math.softplus(-z))


def activation_derivative(name, z):
    z = np.asarray(z, dtype=float)
    table = {
        "sigmoid": lambda: np.exp(-np.logaddexp(0, z) - np.logaddexp(0, -z)),
        "tanh": lambda: (1 - np.tanh(z)) * (1 + np.tanh(z)),
        "relu": lambda: np.where(z > 0, 1.0, 0.0),
        "linear": lambda: z * 0 + 1,
    }
    if name not in table:
        raise ValueError(f"unknown activation {name}")
    return table[name]()
