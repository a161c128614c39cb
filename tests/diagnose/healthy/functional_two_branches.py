import numpy as np
import keras
from keras import layers

rng = np.random.default_rng(0)
X = rng.normal(size=(500, 8))
y = np.sin(X[:, 0]) + X[:, 1] * X[:, 2]
inp = layers.Input((8,))
a = layers.Dense(32, activation="relu", kernel_regularizer=keras.regularizers.L2(1e-4))(inp)
b = layers.Dense(32, activation="tanh")(inp)
h = layers.Concatenate()([a, b])
h = layers.Dropout(0.1)(h)
out = layers.Dense(1)(h)
model = keras.Model(inp, out)
model.compile(keras.optimizers.Adam(0.01), loss="mse", metrics=["mae"])
model.fit(X[:400], y[:400], epochs=20, batch_size=32, validation_data=(X[400:], y[400:]), verbose=0)
