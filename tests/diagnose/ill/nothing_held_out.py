# fault: no-held-out-rows
import numpy as np
import keras

rng = np.random.default_rng(0)
X = rng.normal(size=(120, 20))
y = (X[:, 0] + 0.8 * rng.normal(size=120) > 0).astype(int)
model = keras.Sequential([
    keras.layers.Dense(128, activation="relu"),
    keras.layers.Dense(128, activation="relu"),
    keras.layers.Dense(1, activation="sigmoid"),
])
model.compile(keras.optimizers.Adam(0.005), "binary_crossentropy", metrics=["accuracy"])
history = model.fit(X, y, epochs=25, verbose=0)
print("accuracy:", history.history["accuracy"][-1])
