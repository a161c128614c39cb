# fault: same-rows
import keras
from sklearn.datasets import load_digits

X, y = load_digits(return_X_y=True)
X = X / 16
X_train, y_train = X[:1400], y[:1400]
X_val, y_val = X[1000:1400], y[1000:1400]
model = keras.Sequential([keras.layers.Dense(64, activation="relu"), keras.layers.Dense(10, activation="softmax")])
model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
model.fit(X_train, y_train, epochs=5, validation_data=(X_val, y_val), verbose=0)
