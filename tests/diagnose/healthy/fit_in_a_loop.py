import keras
from sklearn.datasets import make_moons

X, y = make_moons(300, noise=0.2, random_state=2)
X_train, y_train, X_val, y_val = X[:200], y[:200], X[200:], y[200:]
model = keras.Sequential([keras.layers.Dense(24, activation="relu"), keras.layers.Dense(1, activation="sigmoid")])
model.compile(keras.optimizers.Adam(0.02), "binary_crossentropy", metrics=["accuracy"])
curve = []
for epoch in range(10):
    model.fit(X_train, y_train, epochs=1, verbose=0)
    curve.append(model.evaluate(X_val, y_val, verbose=0)[0])
print(curve)
