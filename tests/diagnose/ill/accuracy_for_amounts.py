# fault: metric-of-the-wrong-kind
import numpy as np
import keras

rng = np.random.default_rng(0)
X = rng.normal(size=(300, 3))
y = X @ [0.5, -1.0, 2.0] + 0.1 * rng.normal(size=300)
model = keras.Sequential([keras.layers.Dense(1)])
model.compile(optimizer=keras.optimizers.SGD(0.05), loss="mse", metrics=["accuracy"])
model.fit(X[:200], y[:200], epochs=15, validation_data=(X[200:], y[200:]), verbose=0)
print("accuracy:", model.evaluate(X[200:], y[200:], verbose=0)[1])
