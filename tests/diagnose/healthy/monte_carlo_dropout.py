import numpy as np
import keras

rng = np.random.default_rng(0)
x = rng.uniform(-2, 2, (300, 1)).astype("float32")
y = np.sin(2 * x[:, 0]) + 0.1 * rng.normal(size=300)
model = keras.Sequential([keras.layers.Dense(64, activation="relu"), keras.layers.Dropout(0.1), keras.layers.Dense(1)])
model.compile(keras.optimizers.Adam(0.01), "mse")
model.fit(x[:250], y[:250], epochs=30, validation_data=(x[250:], y[250:]), verbose=0)
samples = np.stack([model(x[250:], training=True)[:, 0] for _ in range(20)])
print("uncertainty", samples.std(axis=0).mean())
