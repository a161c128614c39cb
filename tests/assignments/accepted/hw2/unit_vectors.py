"""numerical_gradient by unit vectors, in one comprehension."""


def numerical_gradient(fn, theta, eps=1e-5):
    theta = np.asarray(theta, dtype=float)
    units = np.eye(theta.size).reshape(theta.size, *theta.shape)
    return np.array([(fn(theta + eps * e) - fn(theta - eps * e)) / (2 * eps) for e in units]).reshape(theta.shape)


def fit_output_weights(x, y, w, b):
    Phi = np.tanh(x[:, None] * w[None, :] + b[None, :])
    return np.linalg.pinv(Phi) @ y
