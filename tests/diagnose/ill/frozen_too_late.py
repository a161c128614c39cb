# fault: freeze-without-compile
import keras
from sklearn.datasets import load_digits

X, y = load_digits(return_X_y=True)
X = X / 16
features = keras.layers.Dense(32, activation="relu", name="features")
model = keras.Sequential([features, keras.layers.Dense(10, activation="softmax", name="head")])
model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
model.fit(X[:640], y[:640], epochs=4, validation_data=(X[1400:], y[1400:]), verbose=0)
features.trainable = False  # from now on only the head
model.fit(X[640:1280], y[640:1280], epochs=4, validation_data=(X[1400:], y[1400:]), verbose=0)
