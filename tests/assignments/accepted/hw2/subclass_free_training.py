"""train_xor in NumPy for all four rows at once, history as a NumPy array."""


def train_xor(params, lr=0.1, epochs=1000):
    W = np.array([[params["w1"], params["w2"]], [params["w3"], params["w4"]]])
    b, v, c = np.array([params["b1"], params["b2"]]), np.array([params["w5"], params["w6"]]), params["b3"]
    history = np.zeros(epochs)
    for t in range(epochs):
        u = np.tanh(XOR_X @ W.T + b)
        e = u @ v + c - XOR_Y
        history[t] = 0.5 * e @ e
        d = np.outer(e, v) * (1 - u**2)
        W, b, v, c = W - lr * d.T @ XOR_X, b - lr * d.sum(0), v - lr * u.T @ e, c - lr * e.sum()
    return dict(zip(NAMES, [*W.ravel(), *v, *b, c])), history
