# fault: same-rows
import numpy as np
import tensorflow as tf
from sklearn.datasets import load_digits

X, y = load_digits(return_X_y=True)
order = np.random.default_rng(0).permutation(len(X))
X, y = X[order] / 16.0, y[order]
train_ds = tf.data.Dataset.from_tensor_slices((X[:1500], y[:1500])).shuffle(1500).batch(64)
val_ds = tf.data.Dataset.from_tensor_slices((X[1200:1700], y[1200:1700])).batch(64)

model = tf.keras.Sequential([tf.keras.layers.Dense(64, activation="relu"), tf.keras.layers.Dense(10)])
model.compile("adam", tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True), metrics=["accuracy"])
model.fit(train_ds, validation_data=val_ds, epochs=5, verbose=0)
print(model.evaluate(val_ds, verbose=0))
