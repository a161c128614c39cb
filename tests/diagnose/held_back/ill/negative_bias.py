# fault: dead-relus
import numpy as np
import tensorflow as tf
from tensorflow.keras import initializers, layers

rng = np.random.default_rng(1)
x = rng.normal(size=(500, 10))
y = np.sin(x[:, 0]) + 0.5 * x[:, 1] ** 2

init = initializers.RandomNormal(stddev=0.05)
i = layers.Input(shape=(10,))
z = layers.Dense(40, kernel_initializer=init, bias_initializer=initializers.Constant(-1.0))(i)
z = layers.ReLU()(z)
z = layers.Dense(40, kernel_initializer=init, bias_initializer=initializers.Constant(-1.0))(z)
z = layers.ReLU()(z)
o = layers.Dense(1)(z)
f = tf.keras.Model(i, o)
f.compile(optimizer=tf.keras.optimizers.SGD(0.05), loss="mse")
f.fit(x[:400], y[:400], epochs=15, validation_data=(x[400:], y[400:]), verbose=0)
print(f.evaluate(x[400:], y[400:], verbose=0))
