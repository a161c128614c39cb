"""numerical_gradient moves the caller's array and puts it back; a flat view serves every shape."""


def numerical_gradient(fn, theta, eps=1e-5):
    theta = np.asarray(theta)
    grad = np.empty(theta.shape)
    with np.nditer(theta, flags=["multi_index"], op_flags=[["readwrite"]]) as it:
        for _ in it:
            i = it.multi_index
            old = theta[i].copy()
            theta[i] = old + eps
            up = fn(theta)
            theta[i] = old - eps
            down = fn(theta)
            theta[i] = old
            grad[i] = (up - down) / (2 * eps)
    return grad
