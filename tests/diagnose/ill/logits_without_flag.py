# fault: loss-and-outputs-do-not-fit
import keras
from sklearn.datasets import load_digits

X, y = load_digits(return_X_y=True)
model = keras.Sequential([keras.layers.Dense(32, activation="relu"), keras.layers.Dense(10)])
model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
model.fit(X[:1200] / 16, y[:1200], epochs=5, validation_data=(X[1200:] / 16, y[1200:]), verbose=0)
