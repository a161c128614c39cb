"""train_xor by collecting the sample gradients first; half_squared_error from NumPy."""


def half_squared_error(f, y):
    return np.square(np.subtract(f, y)) / 2


def train_xor(params, lr=0.1, epochs=1000):
    history = []
    current = {**params}
    for _ in range(epochs):
        caches = [forward_221(x, current) for x in XOR_X]
        history += [sum(half_squared_error(c["f"], y) for c, y in zip(caches, XOR_Y))]
        each = [backward_221(x, y, current, c)[0] for x, y, c in zip(XOR_X, XOR_Y, caches)]
        current = gd_step(current, {k: sum(g[k] for g in each) for k in current}, lr)
    return current, history
