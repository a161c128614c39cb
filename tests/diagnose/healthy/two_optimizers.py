import numpy as np
import tensorflow as tf

rng = np.random.default_rng(0)
real = (rng.normal(size=(256, 1)) * 0.5 + 2).astype("float32")
generator = tf.keras.Sequential([tf.keras.layers.Dense(16, activation="relu"), tf.keras.layers.Dense(1)])
critic = tf.keras.Sequential([tf.keras.layers.Dense(16, activation="relu"), tf.keras.layers.Dense(1)])
bce = tf.keras.losses.BinaryCrossentropy(from_logits=True)
g_opt, c_opt = tf.keras.optimizers.Adam(0.005), tf.keras.optimizers.Adam(0.005)
for step in range(40):
    batch = real[rng.choice(256, 64, replace=False)]
    noise = rng.normal(size=(64, 4)).astype("float32")
    with tf.GradientTape() as tape:
        c_loss = bce(tf.ones((64, 1)), critic(batch)) + bce(tf.zeros((64, 1)), critic(generator(noise)))
    grads = tape.gradient(c_loss, critic.trainable_variables)
    c_opt.apply_gradients(zip(grads, critic.trainable_variables))
    with tf.GradientTape() as tape:
        g_loss = bce(tf.ones((64, 1)), critic(generator(noise)))
    grads = tape.gradient(g_loss, generator.trainable_variables)
    g_opt.apply_gradients(zip(grads, generator.trainable_variables))
print(float(c_loss), float(g_loss))
