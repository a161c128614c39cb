import numpy as np
import tensorflow as tf
from sklearn.datasets import make_moons


class MLP(tf.keras.Model):
    def __init__(self, width, rate):
        super().__init__()
        self.a = tf.keras.layers.Dense(width, activation="relu")
        self.drop = tf.keras.layers.Dropout(rate)
        self.b = tf.keras.layers.Dense(1)

    def call(self, x, training=False):
        return self.b(self.drop(self.a(x), training=training))


inputs, targets = make_moons(600, noise=0.2, random_state=5)
inputs, targets = inputs.astype("float32"), targets.astype("float32")[:, None]
x_fit, x_new, t_fit, t_new = inputs[:400], inputs[400:], targets[:400], targets[400:]
net = MLP(32, 0.2)
bce = tf.keras.losses.BinaryCrossentropy(from_logits=True)
adam = tf.keras.optimizers.Adam(0.01)


@tf.function
def train_step(x, t):
    with tf.GradientTape() as tape:
        loss = bce(t, net(x, training=True))
    grads = tape.gradient(loss, net.trainable_variables)
    adam.apply_gradients(zip(grads, net.trainable_variables))
    return loss


for epoch in range(15):
    for k in range(0, 400, 50):
        loss = train_step(x_fit[k : k + 50], t_fit[k : k + 50])
    acc = np.mean((net(x_new).numpy() > 0) == t_new)
    print(epoch, float(loss), acc)
