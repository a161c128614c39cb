# fault: no-gradient
import numpy as np
import tensorflow as tf

rng = np.random.default_rng(0)
points = rng.normal(size=(120, 2)).astype(np.float32)
target = (points[:, :1] * points[:, 1:] > 0).astype(np.float32)

layer1 = tf.keras.layers.Dense(8, activation="tanh")
layer2 = tf.keras.layers.Dense(1)
layer1.build((None, 2))
layer2.build((None, 8))
optimizer = tf.keras.optimizers.SGD(0.5)


def forward(x):
    hidden = layer1(x).numpy()
    hidden = (hidden - hidden.mean(0)) / hidden.std(0)
    return layer2(hidden)


params = layer1.trainable_variables + layer2.trainable_variables
for epoch in range(60):
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(labels=target, logits=forward(points)))
    grads = tape.gradient(loss, params)
    optimizer.apply_gradients([(g, v) for g, v in zip(grads, params) if g is not None])
    print(epoch, float(loss)) if epoch % 20 == 0 else None
