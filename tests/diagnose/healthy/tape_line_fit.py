import numpy as np
import tensorflow as tf

x = np.linspace(-2, 2, 80, dtype="float32")[:, None]
y = 2 * x + 1
w = tf.Variable([[0.5]])
b = tf.Variable([0.0])
for epoch in range(60):
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean((x @ w + b - y) ** 2)
    dw, db = tape.gradient(loss, [w, b])
    w.assign_sub(0.1 * dw)
    b.assign_sub(0.1 * db)
print(w.numpy(), b.numpy(), loss.numpy())
