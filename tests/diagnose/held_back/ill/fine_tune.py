# fault: freeze-without-compile
import numpy as np
import keras
from sklearn.datasets import load_digits

x, y = load_digits(return_X_y=True)
x = x.astype("float32") / 16
low, high = y < 5, y >= 5

base = keras.Sequential([keras.layers.Input((64,)), keras.layers.Dense(48, activation="relu"), keras.layers.Dense(24, activation="relu")], name="base")
head = keras.Sequential([base, keras.layers.Dense(10, activation="softmax")])
head.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
head.fit(x[low][:600], y[low][:600], epochs=5, validation_data=(x[low][600:], y[low][600:]), verbose=0)

# keep what the base has learnt, train the last layer on the other digits
base.trainable = False
head.fit(x[high][:600], y[high][:600], epochs=5, validation_data=(x[high][600:], y[high][600:]), verbose=0)
print(head.evaluate(x[low][600:], y[low][600:], verbose=0))
