# fault: learning-rate-too-high loss-not-finite
import tensorflow as tf
from sklearn.datasets import load_iris


def get_datasets(batch=16):
    iris = load_iris()
    x = (iris.data - iris.data.mean(0)) / 3
    ds = tf.data.Dataset.from_tensor_slices((x.astype("float32"), iris.target))
    ds = ds.shuffle(150, seed=1, reshuffle_each_iteration=False)
    return ds.skip(30).batch(batch), ds.take(30).batch(batch)


def build(n_in, n_out):
    inp = tf.keras.Input((n_in,))
    h = tf.keras.layers.Dense(24, activation="relu")(inp)
    h = tf.keras.layers.Dense(24, activation="relu")(h)
    return tf.keras.Model(inp, tf.keras.layers.Dense(n_out)(h))


def main():
    train, dev = get_datasets()
    net = build(4, 3)
    net.compile(
        tf.keras.optimizers.SGD(25.0),
        tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
    )
    net.fit(train, validation_data=dev, epochs=12, verbose=0)
    print(net.evaluate(dev, verbose=0))


if __name__ == "__main__":
    main()
