"""sigmoid by two exponentials, each made safe before it is used."""


def sigmoid(z):
    safe = tf.exp(-tf.abs(z))
    return tf.where(z >= 0, 1 / (1 + safe), safe / (1 + safe))


def activation_derivative(name, z):
    z = np.array(z, dtype=np.float64)
    if name == "sigmoid":
        e = np.exp(-np.abs(z))
        return e / (1 + e) ** 2
    if name == "tanh":
        return 1 / np.cosh(np.clip(z, -350, 350)) ** 2
    if name == "relu":
        return np.heaviside(z, 0.0)
    if name == "linear":
        return np.full(z.shape, 1.0)
    raise ValueError(name)
