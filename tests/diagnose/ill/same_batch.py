# fault: constant-batch
import numpy as np
import tensorflow as tf
from sklearn.datasets import load_digits

X, y = load_digits(return_X_y=True)
X = (X / 16).astype("float32")
X_train, y_train, X_val, y_val = X[:1400], y[:1400], X[1400:], y[1400:]
model = tf.keras.Sequential([tf.keras.layers.Dense(32, activation="relu"), tf.keras.layers.Dense(10)])
loss_fn = tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True)
opt = tf.keras.optimizers.Adam(0.01)
batch_size = 64
for step in range(100):
    xb, yb = X_train[:batch_size], y_train[:batch_size]
    with tf.GradientTape() as tape:
        loss = loss_fn(yb, model(xb, training=True))
    opt.apply_gradients(zip(tape.gradient(loss, model.trainable_variables), model.trainable_variables))
acc = np.mean(np.argmax(model(X_val), axis=1) == y_val)
print(float(loss), acc)
