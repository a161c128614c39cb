import numpy as np
from sklearn.datasets import load_digits

X, y = load_digits(return_X_y=True)
X = X / 16
Y = np.eye(10)[y]
rng = np.random.default_rng(0)
W1, b1 = rng.normal(size=(64, 32)) * np.sqrt(2 / 64), np.zeros(32)
W2, b2 = rng.normal(size=(32, 10)) * np.sqrt(1 / 32), np.zeros(10)
lr, batch = 0.2, 64
for epoch in range(10):
    perm = rng.permutation(1400)
    epoch_loss = 0
    for k in range(0, 1400, batch):
        xb, yb = X[perm[k:k + batch]], Y[perm[k:k + batch]]
        z1 = xb @ W1 + b1
        a1 = np.maximum(0, z1)
        z2 = a1 @ W2 + b2
        e = np.exp(z2 - z2.max(axis=1, keepdims=True))
        p = e / e.sum(axis=1, keepdims=True)
        loss = -np.mean(np.log(p[yb == 1] + 1e-12))
        epoch_loss += loss
        dz2 = (p - yb) / len(xb)
        dW2, db2 = a1.T @ dz2, dz2.sum(axis=0)
        dz1 = dz2 @ W2.T * (z1 > 0)
        dW1, db1 = xb.T @ dz1, dz1.sum(axis=0)
        for param, grad in ((W1, dW1), (b1, db1), (W2, dW2), (b2, db2)):
            param -= lr * grad
    print(epoch, epoch_loss / 22)
