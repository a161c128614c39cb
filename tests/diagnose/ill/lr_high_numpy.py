# fault: learning-rate-too-high loss-not-finite
import numpy as np

rng = np.random.default_rng(1)
X = rng.normal(size=(100, 3))
y = X @ np.array([1.0, -2.0, 0.5]) + 0.1 * rng.normal(size=100)
w = np.zeros(3)
losses = []
for step in range(50):
    error = X @ w - y
    loss = np.mean(error ** 2)
    grad = 2 * X.T @ error / len(X)
    w = w - 1.5 * grad
    losses.append(loss)
print(losses[-1])
