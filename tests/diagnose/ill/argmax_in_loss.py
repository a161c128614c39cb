# fault: no-gradient
import tensorflow as tf
from sklearn.datasets import load_iris

X, y = load_iris(return_X_y=True)
X = tf.constant(X / 8, tf.float32)
y = tf.constant(y, tf.float32)
net = tf.keras.Sequential([tf.keras.layers.Dense(12, activation="relu"), tf.keras.layers.Dense(3, activation="softmax")])
net.build((None, 4))
opt = tf.keras.optimizers.SGD(0.1)
for step in range(30):
    with tf.GradientTape() as tape:
        guess = tf.cast(tf.argmax(net(X), axis=1), tf.float32)
        loss = tf.reduce_mean(tf.abs(guess - y))
    grads = tape.gradient(loss, net.trainable_variables)
    for g, v in zip(grads, net.trainable_variables):
        if g is not None:
            v.assign_sub(0.1 * g)
    print(step, float(loss))
