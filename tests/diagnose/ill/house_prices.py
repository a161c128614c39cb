# fault: unscaled-inputs loss-not-finite learning-rate-too-high unscaled-targets
import numpy as np
import tensorflow as tf

rng = np.random.default_rng(0)
size = rng.uniform(40, 200, 300)
rooms = rng.integers(1, 7, 300)
price = 3000 * size + 10000 * rooms + rng.normal(0, 20000, 300)
X = np.stack([size, rooms], axis=1)

model = tf.keras.Sequential([tf.keras.layers.Dense(16, activation="relu"), tf.keras.layers.Dense(1)])
model.compile(optimizer=tf.keras.optimizers.SGD(0.01), loss="mse")
model.fit(X[:250], price[:250], epochs=8, validation_data=(X[250:], price[250:]), verbose=0)
print(model.predict(X[250:255], verbose=0))
