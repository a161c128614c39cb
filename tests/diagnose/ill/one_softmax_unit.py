# fault: loss-and-outputs-do-not-fit
import keras
from sklearn.datasets import make_circles

X, y = make_circles(300, noise=0.1, factor=0.4, random_state=0)
model = keras.Sequential([keras.layers.Dense(16, activation="relu"), keras.layers.Dense(1, activation="softmax")])
model.compile(optimizer="adam", loss="binary_crossentropy", metrics=["accuracy"])
history = model.fit(X[:240], y[:240], epochs=15, validation_data=(X[240:], y[240:]), verbose=0)
print(history.history["accuracy"][-1])
