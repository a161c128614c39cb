import keras
import tensorflow as tf
from sklearn.datasets import make_moons


class Net(keras.Model):
    def __init__(self):
        super().__init__()
        self.h = keras.layers.Dense(16, activation="relu")
        self.o = keras.layers.Dense(1, activation="sigmoid")

    def call(self, x):
        return self.o(self.h(x))

    def train_step(self, data):
        x, y = data
        with tf.GradientTape() as tape:
            y_pred = self(x, training=True)
            loss = self.compute_loss(y=y, y_pred=y_pred)
        self.optimizer.apply_gradients(zip(tape.gradient(loss, self.trainable_variables), self.trainable_variables))
        for metric in self.metrics:
            if metric.name == "loss":
                metric.update_state(loss)
            else:
                metric.update_state(y, y_pred)
        return {m.name: m.result() for m in self.metrics}


X, y = make_moons(400, noise=0.15, random_state=3)
net = Net()
net.compile(optimizer=keras.optimizers.Adam(0.02), loss="binary_crossentropy", metrics=["accuracy"])
net.fit(X[:300], y[:300], epochs=12, validation_data=(X[300:], y[300:]), verbose=0)
