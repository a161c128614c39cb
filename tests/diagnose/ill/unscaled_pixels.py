# fault: unscaled-inputs
import numpy as np
import keras
from sklearn.datasets import load_digits

digits = load_digits()
images = (digits.images * 16).clip(0, 255).reshape(-1, 64)  # grey values 0..255
labels = digits.target
model = keras.Sequential([keras.layers.Dense(32, activation="sigmoid"), keras.layers.Dense(10, activation="softmax")])
model.compile(optimizer="sgd", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
model.fit(images[:1200], labels[:1200], epochs=5, validation_data=(images[1200:], labels[1200:]), verbose=0)
print(model.evaluate(images[1200:], labels[1200:], verbose=0))
