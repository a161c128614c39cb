# fault: shapes-do-not-fit
import numpy as np
import tensorflow as tf


class Regressor(tf.Module):
    def __init__(self, width=16):
        g = tf.random.Generator.from_seed(4)
        self.w1 = tf.Variable(g.normal((2, width)) * 0.7)
        self.b1 = tf.Variable(tf.zeros(width))
        self.w2 = tf.Variable(g.normal((width, 1)) * 0.3)
        self.b2 = tf.Variable(tf.zeros(1))

    def __call__(self, x):
        return tf.tanh(x @ self.w1 + self.b1) @ self.w2 + self.b2


class Trainer:
    def __init__(self, net, rate):
        self.net, self.opt = net, tf.keras.optimizers.Adam(rate)

    def step(self, x, t):
        with tf.GradientTape() as tape:
            err = tf.reduce_mean(tf.square(t - self.net(x)))
        grads = tape.gradient(err, self.net.trainable_variables)
        self.opt.apply_gradients(zip(grads, self.net.trainable_variables))
        return float(err)


rng = np.random.default_rng(8)
x = rng.uniform(-1, 1, (200, 2)).astype("float32")
t = (np.sin(3 * x[:, 0]) + x[:, 1]).astype("float32")
trainer = Trainer(Regressor(), 0.01)
for i in range(80):
    err = trainer.step(x, t)
    if i % 20 == 0:
        print(i, err)
