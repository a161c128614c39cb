# fault: gradients-add-up learning-rate-too-high
import numpy as np

rng = np.random.default_rng(3)
x = np.linspace(-1, 1, 100)[:, None]
t = np.sin(np.pi * x)

W1, b1 = rng.normal(size=(1, 12)), np.zeros(12)
W2, b2 = rng.normal(size=(12, 1)) * 0.3, np.zeros(1)
gW1, gb1, gW2, gb2 = (np.zeros_like(a) for a in (W1, b1, W2, b2))

for epoch in range(150):
    h = np.tanh(x @ W1 + b1)
    out = h @ W2 + b2
    mse = np.mean((out - t) ** 2)
    delta = 2 * (out - t) / len(x)
    back = delta @ W2.T * (1 - h**2)
    gW2 += h.T @ delta
    gb2 += delta.sum(axis=0)
    gW1 += x.T @ back
    gb1 += back.sum(axis=0)
    W1 -= 0.05 * gW1
    b1 -= 0.05 * gb1
    W2 -= 0.05 * gW2
    b2 -= 0.05 * gb2
    if epoch % 30 == 0:
        print(epoch, mse)
