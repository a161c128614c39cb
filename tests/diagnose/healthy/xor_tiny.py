import numpy as np
import keras

X = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], dtype="float32")
y = np.array([0, 1, 1, 0], dtype="float32")
keras.utils.set_random_seed(1)
model = keras.Sequential([keras.layers.Dense(8, activation="tanh"), keras.layers.Dense(1, activation="sigmoid")])
model.compile(keras.optimizers.Adam(0.1), "binary_crossentropy", metrics=["accuracy"])
model.fit(X, y, epochs=60, verbose=0)
print(model.predict(X, verbose=0).round(2))
