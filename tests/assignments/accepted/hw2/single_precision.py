"""float32 where the contract does not ask for more: half_squared_error and gd_step on float32 inputs, float32 matrices."""


def mlp_forward(X, w, v):
    X, w, v = (tf.convert_to_tensor(t) for t in (X, w, v))
    Xf = tf.concat([tf.ones_like(X[:, :1]), X], -1)
    return tf.linalg.matmul(tf.math.tanh(tf.linalg.matmul(Xf, w, transpose_b=True)), v, transpose_b=True)


def activation_derivative(name, z):
    z = np.asarray(z, dtype=np.float32)
    if name == "sigmoid":
        return 0.25 * (1 - np.tanh(z / 2) ** 2)
    if name == "tanh":
        return 1 - np.tanh(z) ** 2
    if name in ("relu", "linear"):
        return np.ones_like(z) if name == "linear" else (z > 0).astype(np.float32)
    raise ValueError
