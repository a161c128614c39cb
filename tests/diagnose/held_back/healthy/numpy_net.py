import numpy as np
from sklearn.datasets import make_circles

X, y = make_circles(200, noise=0.05, factor=0.4, random_state=1)
y = y.reshape(-1, 1)
rng = np.random.default_rng(0)
params = {
    "W1": rng.normal(size=(2, 8)),
    "b1": np.zeros((1, 8)),
    "W2": rng.normal(size=(8, 1)) * 0.3,
    "b2": np.zeros((1, 1)),
}
for it in range(400):
    H = np.tanh(X @ params["W1"] + params["b1"])
    out = 1 / (1 + np.exp(-(H @ params["W2"] + params["b2"])))
    cost = -np.mean(y * np.log(out) + (1 - y) * np.log(1 - out))
    dz2 = (out - y) / len(X)
    dz1 = dz2 @ params["W2"].T * (1 - H**2)
    grads = {"W1": X.T @ dz1, "b1": dz1.sum(0, keepdims=True), "W2": H.T @ dz2, "b2": dz2.sum(0, keepdims=True)}
    for key in params:
        params[key] -= 1.0 * grads[key]
    if it % 100 == 0:
        print("cost", it, cost)
print("accuracy", np.mean((out > 0.5) == y))
