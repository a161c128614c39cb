import numpy as np
import tensorflow as tf

rng = np.random.default_rng(0)
x = rng.uniform(-1, 1, (300, 1)).astype("float32")
y = np.sin(4 * x) + 0.05 * rng.normal(size=(300, 1)).astype("float32")
model = tf.keras.Sequential([tf.keras.layers.Dense(32, activation="tanh"), tf.keras.layers.Dense(32, activation="tanh"), tf.keras.layers.Dense(1)])
schedule = tf.keras.optimizers.schedules.ExponentialDecay(0.02, 50, 0.9)
opt = tf.keras.optimizers.Adam(schedule)


def mse(a, b):
    return tf.reduce_mean(tf.square(a - b))


history = {"loss": []}
for epoch in range(60):
    with tf.GradientTape() as tape:
        loss = mse(model(x, training=True), y)
    grads = tape.gradient(loss, model.trainable_weights)
    grads, _ = tf.clip_by_global_norm(grads, 1.0)
    opt.apply_gradients(zip(grads, model.trainable_weights))
    history["loss"].append(float(loss))
print(history["loss"][-1])
