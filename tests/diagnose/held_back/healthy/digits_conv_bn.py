from sklearn.datasets import load_digits
from tensorflow.keras import Sequential, layers

digits = load_digits()
images = digits.images[..., None] / 16.0
labels = digits.target

model = Sequential([
    layers.Input((8, 8, 1)),
    layers.Conv2D(8, 3, use_bias=False),
    layers.BatchNormalization(),
    layers.ReLU(),
    layers.MaxPooling2D(),
    layers.Flatten(),
    layers.Dense(10, activation="softmax"),
])
model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
history = model.fit(images, labels, validation_split=0.2, epochs=5, batch_size=32, verbose=0)
print(history.history["val_accuracy"])
