# fault: gradients-add-up learning-rate-too-high
import numpy as np

rng = np.random.default_rng(0)
X = rng.normal(size=(60, 2))
y = X @ np.array([1.5, -0.5]) + 0.2
w, b = np.zeros(2), 0.0
dw, db = np.zeros(2), 0.0
for epoch in range(60):
    loss = 0
    for i in range(len(X)):
        e = X[i] @ w + b - y[i]
        loss += e ** 2 / len(X)
        dw += 2 * e * X[i] / len(X)
        db += 2 * e / len(X)
    w = w - 0.05 * dw
    b = b - 0.05 * db
    if epoch % 10 == 0:
        print(epoch, loss)
