import numpy as np

rng = np.random.default_rng(0)
X = rng.normal(size=(100, 2))
y = np.where(X @ [2.0, -1.0] + 0.3 > 0, 1, -1)
w, b = np.zeros(2), 0.0
for epoch in range(20):
    errors = 0
    for xi, yi in zip(X, y):
        if yi * (w @ xi + b) <= 0:
            w += yi * xi
            b += yi
            errors += 1
    print(epoch, errors)
    if errors == 0:
        break
