"""mlp_forward by einsum and padding, fit_output_weights by scikit-learn's algebra."""


def mlp_forward(X, w, v):
    u = tf.tanh(tf.einsum("nd,hd->nh", tf.pad(X, [[0, 0], [1, 0]], constant_values=1), w))
    return tf.einsum("nh,kh->nk", u, v)


def fit_output_weights(x, y, w, b):
    from sklearn.linear_model import LinearRegression

    Phi = np.stack([np.tanh(wi * x + bi) for wi, bi in zip(w, b)], axis=1)
    return LinearRegression(fit_intercept=False).fit(Phi, y).coef_
