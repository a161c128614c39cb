# fault: learning-rate-too-high loss-not-finite
import keras
from sklearn.datasets import make_moons

X, y = make_moons(400, noise=0.2, random_state=0)
model = keras.Sequential([
    keras.layers.Dense(16, activation="relu"),
    keras.layers.Dense(16, activation="relu"),
    keras.layers.Dense(1, activation="sigmoid"),
])
model.compile(optimizer=keras.optimizers.SGD(learning_rate=50.0), loss="binary_crossentropy", metrics=["accuracy"])
model.fit(X[:300], y[:300], epochs=15, validation_data=(X[300:], y[300:]), verbose=0)
