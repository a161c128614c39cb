# fault: leak-of-held-out-rows
import numpy as np
import keras
from sklearn.datasets import load_breast_cancer

X, y = load_breast_cancer(return_X_y=True)
X = (X - X.mean(axis=0)) / X.std(axis=0)
order = np.random.default_rng(1).permutation(len(X))
train, test = order[:400], order[400:]
model = keras.Sequential([keras.layers.Dense(16, activation="relu"), keras.layers.Dense(1, activation="sigmoid")])
model.compile("adam", "binary_crossentropy", metrics=["accuracy"])
model.fit(X[train], y[train], epochs=10, verbose=0)
print(model.evaluate(X[test], y[test], verbose=0))
