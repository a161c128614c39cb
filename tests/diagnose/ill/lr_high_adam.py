# fault: learning-rate-too-high loss-not-finite dead-relus
import keras
from sklearn.datasets import load_digits

X, y = load_digits(return_X_y=True)
X = X / 16.0
model = keras.Sequential([keras.layers.Dense(64, activation="relu"), keras.layers.Dense(64, activation="relu"), keras.layers.Dense(10, activation="softmax")])
model.compile(keras.optimizers.Adam(1.0), "sparse_categorical_crossentropy", metrics=["accuracy"])
model.fit(X[:1000], y[:1000], epochs=6, batch_size=64, validation_data=(X[1000:], y[1000:]), verbose=0)
