# fault: constant-batch
import keras
from sklearn.datasets import load_digits

X, y = load_digits(return_X_y=True)
X = X / 16
model = keras.Sequential([keras.layers.Input((64,)), keras.layers.Dense(32, activation="relu"), keras.layers.Dense(10, activation="softmax")])
model.compile("adam", "sparse_categorical_crossentropy")
for step in range(60):
    loss = model.train_on_batch(X[0:32], y[0:32])
print(model.evaluate(X[1000:], y[1000:], verbose=0))
