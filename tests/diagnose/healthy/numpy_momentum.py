import numpy as np

rng = np.random.default_rng(1)
X = rng.normal(size=(100, 3))
y = X @ np.array([1.0, -2.0, 0.5]) + 0.1 * rng.normal(size=100)
w, v = np.zeros(3), np.zeros(3)
for step in range(100):
    grad = np.zeros(3)
    for xi, yi in zip(X, y):
        grad += 2 * (xi @ w - yi) * xi / len(X)
    v = 0.9 * v + grad
    w = w - 0.02 * v
    loss = np.mean((X @ w - y) ** 2)
print(w, loss)
