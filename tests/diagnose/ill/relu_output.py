# fault: loss-and-outputs-do-not-fit
import numpy as np
import keras

rng = np.random.default_rng(4)
x = rng.uniform(-3, 3, size=(400, 1))
y = np.sin(x[:, 0])
model = keras.Sequential([
    keras.layers.Dense(32, activation="relu"),
    keras.layers.Dense(32, activation="relu"),
    keras.layers.Dense(1, activation="relu"),
])
model.compile(optimizer=keras.optimizers.Adam(0.005), loss="mean_squared_error")
model.fit(x[:300], y[:300], epochs=20, validation_data=(x[300:], y[300:]), verbose=0)
