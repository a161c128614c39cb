import numpy as np
import tensorflow as tf

rng = np.random.default_rng(8)
x = rng.uniform(-1, 1, (256, 2)).astype("float32")
t = (np.sin(3 * x[:, :1]) + x[:, 1:]).astype("float32")
model = tf.keras.Sequential([tf.keras.layers.Dense(16, activation="tanh"), tf.keras.layers.Dense(1)])
model.build((None, 2))
opt = tf.keras.optimizers.Adam(0.02)
weights = model.trainable_variables

for epoch in range(15):
    perm = rng.permutation(len(x))
    total = [tf.zeros_like(w) for w in weights]
    for step in range(16):
        rows = perm[step * 16 : step * 16 + 16]
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean((model(x[rows]) - t[rows]) ** 2)
        total = [a + g / 4 for a, g in zip(total, tape.gradient(loss, weights))]
        if step % 4 == 3:
            opt.apply_gradients(zip(total, weights))
            total = [tf.zeros_like(w) for w in weights]
    print(epoch, float(loss))
