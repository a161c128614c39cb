# fault: variable-not-trained
import numpy as np
import tensorflow as tf
from sklearn.datasets import make_moons

X, y = make_moons(300, noise=0.1, random_state=0)
X, y = X.astype("float32"), y.astype("float32")[:, None]
model = tf.keras.Sequential([
    tf.keras.layers.Dense(16, activation="tanh", name="first"),
    tf.keras.layers.Dense(16, activation="tanh", name="second"),
    tf.keras.layers.Dense(1, name="out"),
])
model.build((None, 2))
opt = tf.keras.optimizers.Adam(0.01)
params = model.layers[0].trainable_variables + model.layers[2].trainable_variables
for epoch in range(60):
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(y, model(X, training=True)))
    opt.apply_gradients(zip(tape.gradient(loss, params), params))
print(float(loss))
