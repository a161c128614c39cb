# fault: test-set-chooses
import keras
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

X, y = load_digits(return_X_y=True)
x_train, x_test, y_train, y_test = train_test_split(X / 16, y, random_state=2)
model = keras.Sequential([keras.layers.Dense(64, activation="relu"), keras.layers.Dense(10, activation="softmax")])
model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
model.fit(
    x_train, y_train, epochs=15, verbose=0,
    validation_data=(x_test, y_test),
    callbacks=[keras.callbacks.EarlyStopping(patience=2, restore_best_weights=True)],
)
loss, accuracy = model.evaluate(x_test, y_test, verbose=0)
print(f"final test accuracy: {accuracy:.3f}")
