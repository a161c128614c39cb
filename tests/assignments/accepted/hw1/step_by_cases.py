"""perceptron_step case by case."""


def perceptron_step(w, x, y, lr=1.0):
    fires = np.sum(w * x) > 0
    new = np.copy(w)
    if y == 1 and not fires:
        new += lr * x
    elif y == 0 and fires:
        new -= lr * x
    return new
