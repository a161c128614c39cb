import numpy as np
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
import keras

X, y = load_digits(return_X_y=True)
X_train, X_test, y_train, y_test = train_test_split(X / 16, y, random_state=0)
scores = []
for seed in range(3):
    keras.utils.set_random_seed(seed)
    model = keras.Sequential([keras.layers.Dense(32, activation="relu"), keras.layers.Dense(10, activation="softmax")])
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(X_train, y_train, epochs=4, verbose=0)
    scores.append(model.evaluate(X_test, y_test, verbose=0)[1])
print(f"{np.mean(scores):.3f} +- {np.std(scores):.3f}")
