# fault: leak-of-held-out-rows
import numpy as np
from sklearn.datasets import load_breast_cancer
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import MinMaxScaler
from tensorflow import keras

X, y = load_breast_cancer(return_X_y=True)
X = MinMaxScaler().fit_transform(X)
X_tr, X_va, y_tr, y_va = train_test_split(X, y, test_size=0.25, random_state=0)


class Classifier(keras.Model):
    def __init__(self):
        super().__init__()
        self.hidden = keras.layers.Dense(16, activation="relu")
        self.out = keras.layers.Dense(1, activation="sigmoid")

    def call(self, x):
        return self.out(self.hidden(x))


model = Classifier()
model.compile(optimizer="adam", loss="binary_crossentropy", metrics=["accuracy"])
model.fit(X_tr, y_tr, epochs=20, batch_size=32, verbose=0)
p = model.predict(X_va, verbose=0).ravel()
print("validation accuracy:", np.mean((p > 0.5) == y_va))
