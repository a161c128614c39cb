import numpy as np
from sklearn.datasets import make_blobs

X, y = make_blobs(200, centers=2, random_state=4)
X = (X - X.mean(0)) / X.std(0)
w, b = np.zeros(2), 0.0
losses = []
for epoch in range(200):
    p = 1 / (1 + np.exp(-(X @ w + b)))
    losses.append(-np.mean(y * np.log(p + 1e-9) + (1 - y) * np.log(1 - p + 1e-9)))
    w -= 0.1 * X.T @ (p - y) / len(X)
    b -= 0.1 * np.mean(p - y)
print(losses[0], losses[-1])
