# fault: equal-weights
import keras
from sklearn.datasets import make_moons

X, y = make_moons(300, noise=0.1, random_state=1)
model = keras.Sequential([
    keras.layers.Dense(16, activation="tanh", kernel_initializer="zeros"),
    keras.layers.Dense(1, activation="sigmoid", kernel_initializer="zeros"),
])
model.compile(keras.optimizers.SGD(0.5), "binary_crossentropy", metrics=["accuracy"])
model.fit(X[:200], y[:200], epochs=15, validation_data=(X[200:], y[200:]), verbose=0)
