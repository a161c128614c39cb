# fault: softmax-twice
import tensorflow as tf
from sklearn.datasets import load_iris
from sklearn.model_selection import train_test_split

X, y = load_iris(return_X_y=True)
X_train, X_test, y_train, y_test = train_test_split(X / 8, y, random_state=0)
model = tf.keras.Sequential()
model.add(tf.keras.layers.Dense(16, activation="relu"))
model.add(tf.keras.layers.Dense(3, activation="softmax"))
model.add(tf.keras.layers.Activation("softmax"))
model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
model.fit(X_train, y_train, epochs=20, verbose=0)
print(model.evaluate(X_test, y_test, verbose=0))
