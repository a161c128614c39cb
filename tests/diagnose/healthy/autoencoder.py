import keras
from sklearn.datasets import load_digits

X, _ = load_digits(return_X_y=True)
X = X / 16
model = keras.Sequential([
    keras.layers.Dense(16, activation="relu"),
    keras.layers.Dense(64, activation="sigmoid"),
])
model.compile(keras.optimizers.Adam(0.005), loss="mse")
model.fit(X[:1400], X[:1400], epochs=8, batch_size=64, validation_data=(X[1400:], X[1400:]), verbose=0)
