"""train_perceptron that never calls the functions above it."""


def train_perceptron(X, y, lr=1.0, max_epochs=100):
    X = np.asarray(X, float)
    w, b = np.zeros(X.shape[1]), 0.0
    mistakes, epoch = [], 0
    while epoch < max_epochs and (not mistakes or mistakes[-1]):
        count = 0
        for i in range(X.shape[0]):
            error = int(y[i]) - int(X[i] @ w + b > 0)
            w = w + lr * error * X[i]
            b += lr * error
            count += abs(error)
        mistakes.append(count)
        epoch += 1
    return np.r_[b, w], mistakes
