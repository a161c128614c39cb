# fault: training-mode-in-prediction
import numpy as np
import tensorflow as tf
from sklearn.datasets import make_moons

inputs, targets = make_moons(600, noise=0.2, random_state=5)
inputs, targets = inputs.astype("float32"), targets.astype("float32")[:, None]
x_fit, x_new, t_fit, t_new = inputs[:400], inputs[400:], targets[:400], targets[400:]

mlp = tf.keras.Sequential([
    tf.keras.layers.Dense(32, activation="relu"),
    tf.keras.layers.Dropout(0.5),
    tf.keras.layers.Dense(32, activation="relu"),
    tf.keras.layers.Dropout(0.5),
    tf.keras.layers.Dense(1),
])
bce = tf.keras.losses.BinaryCrossentropy(from_logits=True)
adam = tf.keras.optimizers.Adam(0.01)


@tf.function
def train_step(x, t):
    with tf.GradientTape() as tape:
        loss = bce(t, mlp(x, training=True))
    adam.apply_gradients(zip(tape.gradient(loss, mlp.trainable_variables), mlp.trainable_variables))
    return loss


for epoch in range(15):
    for k in range(0, 400, 50):
        loss = train_step(x_fit[k : k + 50], t_fit[k : k + 50])
    guess = mlp(x_new, training=True)
    acc = np.mean((guess.numpy() > 0) == t_new)
    print(epoch, float(loss), acc)
