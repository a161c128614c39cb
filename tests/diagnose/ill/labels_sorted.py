# fault: labels-apart-from-inputs
import numpy as np
import keras
from sklearn.datasets import load_digits

X, y = load_digits(return_X_y=True)
X = X / 16
y = np.sort(y)
order = np.random.default_rng(0).permutation(len(X))
X, y = X[order], y[order]
model = keras.Sequential([keras.layers.Dense(64, activation="relu"), keras.layers.Dense(10, activation="softmax")])
model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
model.fit(X, np.roll(y, 700), epochs=6, validation_split=0.2, verbose=0)
