# fault: shapes-do-not-fit
import tensorflow as tf
from sklearn.datasets import load_diabetes

X, y = load_diabetes(return_X_y=True)
X = (X / X.std(0)).astype("float32")
y = ((y - y.mean()) / y.std()).astype("float32")
model = tf.keras.Sequential([tf.keras.layers.Dense(16, activation="relu"), tf.keras.layers.Dense(1)])
optimizer = tf.keras.optimizers.Adam(0.01)
for epoch in range(30):
    with tf.GradientTape() as tape:
        pred = model(X, training=True)
        loss = tf.reduce_mean((pred - y) ** 2)
    grads = tape.gradient(loss, model.trainable_variables)
    optimizer.apply_gradients(zip(grads, model.trainable_variables))
print(float(loss))
