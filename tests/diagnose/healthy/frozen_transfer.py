import keras
from sklearn.datasets import load_digits

X, y = load_digits(return_X_y=True)
X = X / 16
base = keras.Sequential([keras.layers.Input((64,)), keras.layers.Dense(32, activation="relu")], name="base")
base.trainable = False
model = keras.Sequential([base, keras.layers.Dense(32, activation="relu"), keras.layers.Dense(10, activation="softmax")])
model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
model.fit(X[:1400], y[:1400], validation_data=(X[1400:], y[1400:]), epochs=6, verbose=0)
base.trainable = True
model.compile(keras.optimizers.Adam(1e-4), "sparse_categorical_crossentropy", metrics=["accuracy"])
model.fit(X[:1400], y[:1400], validation_data=(X[1400:], y[1400:]), epochs=3, verbose=0)
