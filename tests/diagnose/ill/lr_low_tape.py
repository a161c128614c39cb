# fault: learning-rate-too-low
import numpy as np
import tensorflow as tf
from sklearn.datasets import make_blobs

X, y = make_blobs(300, centers=3, random_state=3)
X = ((X - X.mean(0)) / X.std(0)).astype("float32")
model = tf.keras.Sequential([tf.keras.layers.Dense(12, activation="relu"), tf.keras.layers.Dense(3)])
loss_fn = tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True)
optimizer = tf.keras.optimizers.SGD(1e-4)

for epoch in range(40):
    with tf.GradientTape() as tape:
        loss = loss_fn(y, model(X, training=True))
    grads = tape.gradient(loss, model.trainable_variables)
    optimizer.apply_gradients(zip(grads, model.trainable_variables))
    if epoch % 10 == 0:
        print(epoch, float(loss))
