# fault: training-mode-in-prediction
import numpy as np
import keras
from sklearn.datasets import load_digits

X, y = load_digits(return_X_y=True)
X = (X / 16).astype("float32")
model = keras.Sequential([keras.layers.Dense(64, activation="relu"), keras.layers.Dropout(0.5), keras.layers.Dense(10, activation="softmax")])
model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
model.fit(X[:1200], y[:1200], epochs=6, validation_data=(X[1200:1500], y[1200:1500]), verbose=0)
probs = model(X[1500:], training=True)
print("accuracy", np.mean(np.argmax(probs, axis=1) == y[1500:]))
