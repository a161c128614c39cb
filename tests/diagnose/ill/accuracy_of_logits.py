# fault: metric-of-the-wrong-kind
import keras
from sklearn.datasets import make_moons

X, y = make_moons(400, noise=0.25, random_state=7)
model = keras.Sequential([keras.layers.Dense(16, activation="relu"), keras.layers.Dense(1)])
model.compile(
    optimizer=keras.optimizers.Adam(0.01),
    loss=keras.losses.BinaryCrossentropy(from_logits=True),
    metrics=["accuracy"],
)
model.fit(X[:300], y[:300], epochs=15, validation_data=(X[300:], y[300:]), verbose=0)
