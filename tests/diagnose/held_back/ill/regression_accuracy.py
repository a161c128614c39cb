# fault: metric-of-the-wrong-kind
from sklearn.datasets import load_diabetes
from sklearn.model_selection import train_test_split
import tensorflow as tf

X, y = load_diabetes(return_X_y=True, scaled=False)
y = y / 100
X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=1)
norm = tf.keras.layers.Normalization()
norm.adapt(X_train)
net = tf.keras.Sequential([norm, tf.keras.layers.Dense(20, "relu"), tf.keras.layers.Dense(1)])
net.compile(tf.keras.optimizers.Adam(0.01), loss="mean_squared_error", metrics=["accuracy"])
net.fit(X_train, y_train, epochs=30, verbose=0, validation_data=(X_test, y_test))
print(net.evaluate(X_test, y_test, verbose=0, return_dict=True))
