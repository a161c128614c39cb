import numpy as np
import keras

rng = np.random.default_rng(0)
tokens = rng.integers(1, 50, size=(600, 12))
labels = (tokens == 7).any(axis=1) | (tokens == 9).any(axis=1)
model = keras.Sequential([
    keras.layers.Embedding(50, 8),
    keras.layers.GlobalAveragePooling1D(),
    keras.layers.Dense(16, activation="relu"),
    keras.layers.Dense(1, activation="sigmoid"),
])
model.compile(keras.optimizers.Adam(0.02), "binary_crossentropy", metrics=["accuracy"])
model.fit(tokens[:500], labels[:500].astype(int), epochs=12, validation_data=(tokens[500:], labels[500:].astype(int)), verbose=0)
