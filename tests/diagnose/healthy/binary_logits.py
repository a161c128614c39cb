import keras
from sklearn.datasets import make_circles

X, y = make_circles(400, noise=0.1, factor=0.4, random_state=0)
model = keras.Sequential([keras.layers.Dense(16, activation="tanh"), keras.layers.Dense(1)])
model.compile(
    keras.optimizers.Adam(0.02),
    keras.losses.BinaryCrossentropy(from_logits=True),
    metrics=[keras.metrics.BinaryAccuracy(threshold=0.0)],
)
model.fit(X[:300], y[:300], epochs=15, validation_data=(X[300:], y[300:]), verbose=0)
