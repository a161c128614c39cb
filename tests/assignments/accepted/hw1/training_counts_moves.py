"""train_perceptron that counts how often a step moved w; mistakes as an array."""


def train_perceptron(X, y, lr=1.0, max_epochs=100):
    rows = fold_bias(X)
    w = np.zeros((rows.shape[1],))
    mistakes = np.zeros(0, dtype=int)
    for _ in range(max_epochs):
        moved = 0
        for x, label in zip(rows, y):
            before, w = w, perceptron_step(w, x, label, lr=lr)
            moved += not np.array_equal(before, w)
        mistakes = np.append(mistakes, moved)
        if not moved:
            return w, mistakes
    return w, mistakes
