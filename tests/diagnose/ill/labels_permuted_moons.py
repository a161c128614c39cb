# fault: labels-apart-from-inputs
import numpy as np
import tensorflow as tf
from sklearn.datasets import make_moons

X, y = make_moons(500, noise=0.1, random_state=0)
rng = np.random.default_rng(5)
X = X[rng.permutation(500)]
y = y[rng.permutation(500)]
inputs = tf.keras.Input((2,))
h = tf.keras.layers.Dense(16, activation="tanh")(inputs)
model = tf.keras.Model(inputs, tf.keras.layers.Dense(1, activation="sigmoid")(h))
model.compile(optimizer=tf.keras.optimizers.Adam(0.01), loss="binary_crossentropy", metrics=["accuracy"])
model.fit(X[:400], y[:400], epochs=15, validation_data=(X[400:], y[400:]), verbose=0)
