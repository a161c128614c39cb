import numpy as np
import keras
from sklearn.datasets import load_iris
from sklearn.model_selection import StratifiedKFold
from sklearn.preprocessing import StandardScaler

X, y = load_iris(return_X_y=True)
scores = []
for train, test in StratifiedKFold(3, shuffle=True, random_state=0).split(X, y):
    scaler = StandardScaler().fit(X[train])
    X_train, X_test = scaler.transform(X[train]), scaler.transform(X[test])
    model = keras.Sequential([keras.layers.Dense(32, activation="relu"), keras.layers.Dense(3, activation="softmax")])
    model.compile(keras.optimizers.Adam(0.02), "sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(X_train, y[train], epochs=15, verbose=0)
    scores.append(model.evaluate(X_test, y[test], verbose=0)[1])
print(np.mean(scores))
