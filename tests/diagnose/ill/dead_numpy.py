# fault: dead-relus
import numpy as np
from sklearn.datasets import make_moons

X, y = make_moons(200, noise=0.1, random_state=0)
y = y[:, None]
rng = np.random.default_rng(0)
W1 = -np.abs(rng.normal(size=(2, 20)))
b1 = -3 * np.ones(20)
W2 = rng.normal(size=(20, 1)) * 0.1
b2 = np.zeros(1)
for epoch in range(200):
    z1 = X @ W1 + b1
    a1 = np.maximum(0, z1)
    p = 1 / (1 + np.exp(-(a1 @ W2 + b2)))
    loss = -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))
    dz2 = (p - y) / len(X)
    dW2, db2 = a1.T @ dz2, dz2.sum(0)
    dz1 = (dz2 @ W2.T) * (z1 > 0)
    dW1, db1 = X.T @ dz1, dz1.sum(0)
    W1 -= 0.5 * dW1
    b1 -= 0.5 * db1
    W2 -= 0.5 * dW2
    b2 -= 0.5 * db2
print(loss)
