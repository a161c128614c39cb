# fault: learning-rate-too-high loss-not-finite
import numpy as np
import tensorflow as tf

x = np.linspace(-2, 2, 80, dtype="float32")[:, None]
y = 2 * x + 1
w = tf.Variable([[0.5]])
b = tf.Variable([0.0])
lr = 1.2
for epoch in range(40):
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean((x @ w + b - y) ** 2)
    dw, db = tape.gradient(loss, [w, b])
    w.assign_sub(lr * dw)
    b.assign_sub(lr * db)
    print(epoch, loss.numpy())
