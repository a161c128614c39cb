"""minibatches from shuffled copies, by a generator that is not default_rng."""


def minibatches(X, y, batch_size, seed):
    rng = np.random.RandomState(seed)
    keys = rng.rand(len(X))
    X, y = X[np.argsort(keys)], y[np.argsort(keys)]
    start = 0
    while start < len(X):
        yield X[start : start + batch_size], y[start : start + batch_size]
        start += batch_size


def descend(grad_fn, w0, lr, alpha=0.0, steps=100):
    states = [(w0, np.zeros(len(w0)))]
    while len(states) <= steps:
        w, v = states[-1]
        states.append(momentum_step(w, v, grad_fn(w), lr, alpha))
    return np.stack([w for w, _ in states])
