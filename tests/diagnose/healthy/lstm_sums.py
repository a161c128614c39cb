import numpy as np
import tensorflow as tf

rng = np.random.default_rng(0)
X = rng.normal(size=(600, 8, 1)).astype("float32")
y = (X.sum(axis=(1, 2)) > 0).astype("float32")
ds = tf.data.Dataset.from_tensor_slices((X[:500], y[:500])).shuffle(500, seed=1).batch(50).prefetch(1)
model = tf.keras.Sequential([tf.keras.layers.LSTM(8), tf.keras.layers.Dense(1, activation="sigmoid")])
model.compile(tf.keras.optimizers.Adam(0.02), "binary_crossentropy", metrics=["accuracy"])
model.fit(ds, epochs=5, validation_data=(X[500:], y[500:]), verbose=0)
