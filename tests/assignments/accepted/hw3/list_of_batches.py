"""minibatches as a list, in the order of another generator; the velocity with its sign turned."""

import random


def minibatches(X, y, batch_size, seed):
    order = list(range(len(y)))
    random.Random(seed).shuffle(order)
    return [(X[order[i : i + batch_size]], y[order[i : i + batch_size]]) for i in range(0, len(order), batch_size)]


def momentum_step(w, v, grad, lr, alpha):
    change = -(alpha * v) - lr * grad
    return w + change, -change
