import keras
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

X, y = load_digits(return_X_y=True)
X_train, X_test, y_train, y_test = train_test_split(X / 16, y, random_state=2)
model = keras.Sequential([keras.layers.Dense(64, activation="relu"), keras.layers.Dropout(0.2), keras.layers.Dense(10, activation="softmax")])
model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
stop = keras.callbacks.EarlyStopping(patience=2, restore_best_weights=True)
model.fit(X_train, y_train, epochs=10, validation_split=0.2, callbacks=[stop], verbose=0)
print(model.evaluate(X_test, y_test, verbose=0))
