# fault: no-gradient
import numpy as np
import tensorflow as tf

rng = np.random.default_rng(0)
X = rng.normal(size=(100, 2)).astype("float32")
y = (X.sum(axis=1, keepdims=True) > 0).astype("float32")
model = tf.keras.Sequential([tf.keras.layers.Dense(8, activation="relu"), tf.keras.layers.Dense(1, activation="sigmoid")])
opt = tf.keras.optimizers.Adam(0.01)
for step in range(20):
    with tf.GradientTape() as tape:
        p = model(X).numpy()
        loss = -np.mean(y * np.log(p + 1e-7) + (1 - y) * np.log(1 - p + 1e-7))
        loss = tf.constant(loss)
    grads = tape.gradient(loss, model.trainable_variables)
    opt.apply_gradients(zip(grads, model.trainable_variables))
