# fault: equal-weights
import numpy as np
from sklearn.datasets import make_circles

X, y = make_circles(200, noise=0.05, factor=0.4, random_state=1)
y = y.reshape(-1, 1)
n_hidden = 6
params = {
    "W1": np.ones((2, n_hidden)) * 0.5,
    "b1": np.zeros((1, n_hidden)),
    "W2": np.ones((n_hidden, 1)) * 0.5,
    "b2": np.zeros((1, 1)),
}


def forward(X, p):
    H = np.tanh(X @ p["W1"] + p["b1"])
    out = 1 / (1 + np.exp(-(H @ p["W2"] + p["b2"])))
    return H, out


def backward(X, y, p, H, out):
    n = len(X)
    dz2 = (out - y) / n
    dz1 = dz2 @ p["W2"].T * (1 - H**2)
    return {"W1": X.T @ dz1, "b1": dz1.sum(0, keepdims=True), "W2": H.T @ dz2, "b2": dz2.sum(0, keepdims=True)}


for it in range(300):
    H, out = forward(X, params)
    cost = -np.mean(y * np.log(out) + (1 - y) * np.log(1 - out))
    grads = backward(X, y, params, H, out)
    for key in params:
        params[key] = params[key] - 0.5 * grads[key]
    if it % 100 == 0:
        print("cost", it, cost)
