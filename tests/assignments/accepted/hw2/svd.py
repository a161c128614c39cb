"""fit_output_weights by the singular value decomposition, mlp_forward by adding the bias row."""


def fit_output_weights(x, y, w, b):
    Phi = np.tanh(np.add.outer(np.zeros(len(x)), b) + np.multiply.outer(x, w))
    U, s, Vt = np.linalg.svd(Phi, full_matrices=False)
    keep = s > s[0] * 1e-13
    return Vt[keep].T @ ((U[:, keep].T @ y) / s[keep])


def mlp_forward(X, w, v):
    bias, kernel = tf.split(w, [1, tf.shape(w)[1] - 1], axis=1)
    hidden = tf.tanh(tf.matmul(X, kernel, transpose_b=True) + tf.squeeze(bias, axis=1))
    return tf.matmul(hidden, v, transpose_b=True)
