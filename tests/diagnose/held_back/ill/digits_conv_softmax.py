# fault: softmax-twice
from sklearn.datasets import load_digits
from tensorflow.keras import Sequential, layers

digits = load_digits()
images = digits.images[..., None] / 16.0
labels = digits.target

model = Sequential([
    layers.Input((8, 8, 1)),
    layers.Conv2D(8, 3, activation="relu"),
    layers.Flatten(),
    layers.Dense(32, activation="relu"),
    layers.Dense(10, activation="softmax"),
    layers.Softmax(),
])
model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
history = model.fit(images[:1000], labels[:1000], validation_data=(images[1000:], labels[1000:]), epochs=4, verbose=0)
print(history.history["val_accuracy"])
