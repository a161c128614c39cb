# fault: gradients-add-up
import numpy as np
import tensorflow as tf

rng = np.random.default_rng(3)
X = rng.normal(size=(200, 3)).astype("float32")
y = (X[:, :1] - X[:, 1:2] + 0.3).astype("float32")
model = tf.keras.Sequential([tf.keras.layers.Dense(8, activation="tanh"), tf.keras.layers.Dense(1)])
model.build((None, 3))
opt = tf.keras.optimizers.SGD(0.01)
grads = [tf.zeros_like(v) for v in model.trainable_variables]
for epoch in range(10):
    for k in range(0, 200, 40):
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean((model(X[k:k + 40]) - y[k:k + 40]) ** 2)
        new = tape.gradient(loss, model.trainable_variables)
        grads = [a + g for a, g in zip(grads, new)]
        opt.apply_gradients(zip(grads, model.trainable_variables))
    print(epoch, float(loss))
