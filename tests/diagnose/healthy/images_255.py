import keras
from sklearn.datasets import load_digits

digits = load_digits()
images = (digits.images * 15.9375).astype("uint8")[..., None]
x = images / 255
model = keras.Sequential([
    keras.layers.Conv2D(8, 3, activation="relu"),
    keras.layers.MaxPooling2D(),
    keras.layers.Flatten(),
    keras.layers.Dense(10, activation="softmax"),
])
model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
model.fit(x[:1400], digits.target[:1400], validation_data=(x[1400:], digits.target[1400:]), epochs=4, verbose=0)
