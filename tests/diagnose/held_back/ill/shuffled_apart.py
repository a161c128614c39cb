# fault: labels-apart-from-inputs
import numpy as np
import tensorflow as tf
from sklearn.datasets import load_digits


def load():
    bunch = load_digits()
    features, targets = bunch.data / 16, bunch.target
    np.random.seed(7)
    np.random.shuffle(features)
    return features[:1200], targets[:1200], features[1200:], targets[1200:]


def run():
    a, b, c, d = load()
    m = tf.keras.models.Sequential()
    m.add(tf.keras.layers.Dense(64, input_shape=(64,), activation="relu"))
    m.add(tf.keras.layers.Dense(10, activation="softmax"))
    m.compile(optimizer="rmsprop", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    m.fit(a, b, epochs=8, batch_size=64, verbose=0)
    loss, acc = m.evaluate(c, d, verbose=0)
    print(f"test accuracy {acc:.2%}")


run()
