import keras
from sklearn.datasets import load_digits

digits = load_digits()
images = (digits.images * 15.9375)[..., None]
model = keras.Sequential([
    keras.layers.Rescaling(1 / 255),
    keras.layers.Flatten(),
    keras.layers.Dense(48, activation="relu"),
    keras.layers.Dense(10),
])
model.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True), metrics=["accuracy"])
model.fit(images[:1400], digits.target[:1400], validation_data=(images[1400:], digits.target[1400:]), epochs=5, verbose=0)
