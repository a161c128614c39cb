import numpy as np
import tensorflow as tf
from sklearn.datasets import load_digits

X, y = load_digits(return_X_y=True)
X = (X / 16).astype("float32")
model = tf.keras.Sequential([
    tf.keras.layers.Dense(32),
    tf.keras.layers.BatchNormalization(),
    tf.keras.layers.ReLU(),
    tf.keras.layers.Dense(10),
])
loss_fn = tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True)
opt = tf.keras.optimizers.Adam(0.005)
data = tf.data.Dataset.from_tensor_slices((X[:1024], y[:1024])).shuffle(1024, seed=0).batch(128)
for epoch in range(5):
    for xb, yb in data:
        with tf.GradientTape() as tape:
            loss = loss_fn(yb, model(xb, training=True))
        grads = tape.gradient(loss, model.trainable_variables)
        opt.apply_gradients(zip(grads, model.trainable_variables))
    accuracy = np.mean(np.argmax(model(X[1024:], training=False), 1) == y[1024:])
    print(epoch, float(loss), accuracy)
