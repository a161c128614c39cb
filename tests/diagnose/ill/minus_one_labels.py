# fault: loss-and-outputs-do-not-fit
import numpy as np
import keras

rng = np.random.default_rng(2)
X = rng.normal(size=(400, 4))
y = np.where(X[:, 0] + X[:, 1] > 0, 1, -1)
model = keras.Sequential([keras.layers.Dense(8, activation="tanh"), keras.layers.Dense(1, activation="sigmoid")])
model.compile(optimizer="adam", loss="binary_crossentropy", metrics=["accuracy"])
model.fit(X[:300], y[:300], epochs=10, validation_data=(X[300:], y[300:]), verbose=0)
