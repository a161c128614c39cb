import keras
from sklearn.datasets import make_moons

X, y = make_moons(400, noise=0.2, random_state=0)
model = keras.Sequential([keras.layers.Dense(32, activation="relu"), keras.layers.Dense(1, activation="sigmoid")])
model.compile(keras.optimizers.SGD(0.02), "binary_crossentropy", metrics=["accuracy"])
model.fit(X[:300], y[:300], epochs=20, validation_data=(X[300:], y[300:]), verbose=0)
