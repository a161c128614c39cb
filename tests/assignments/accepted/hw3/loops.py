"""Python loops where NumPy would do."""


def one_hot(labels, num_classes):
    rows = np.zeros((len(labels), num_classes), np.float32)
    for row, label in zip(rows, labels):
        if label not in range(num_classes):
            raise ValueError(label)
        row[label] = 1
    return rows


def momentum_step(w, v, grad, lr, alpha):
    w_new, v_new = np.empty(np.shape(w)), np.empty(np.shape(v))
    for i in np.ndindex(np.shape(w)):
        v_new[i] = alpha * v[i] + lr * grad[i]
        w_new[i] = w[i] - v_new[i]
    return w_new, v_new


def descend(grad_fn, w0, lr, alpha=0.0, steps=100):
    path = np.empty((steps + 1, len(w0)))
    path[0], v = w0, 0.0 * w0
    for t in range(steps):
        path[t + 1], v = momentum_step(path[t], v, grad_fn(path[t]), lr, alpha)
    return path
