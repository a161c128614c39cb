# fault: saturated-units
import keras
from sklearn.datasets import load_breast_cancer
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler

X, y = load_breast_cancer(return_X_y=True)
X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=0)
scaler = StandardScaler().fit(X_train)
big = keras.initializers.RandomNormal(stddev=10.0)
model = keras.Sequential([
    keras.layers.Dense(16, activation="tanh", kernel_initializer=big),
    keras.layers.Dense(16, activation="tanh", kernel_initializer=big),
    keras.layers.Dense(1, activation="sigmoid"),
])
model.compile("sgd", "binary_crossentropy", metrics=["accuracy"])
model.fit(scaler.transform(X_train), y_train, epochs=10, verbose=0)
print(model.evaluate(scaler.transform(X_test), y_test, verbose=0))
