import tensorflow as tf
from sklearn.datasets import load_iris


def main():
    iris = load_iris()
    x = iris.data / 8
    ds = tf.data.Dataset.from_tensor_slices((x.astype("float32"), iris.target))
    ds = ds.shuffle(150, seed=1, reshuffle_each_iteration=False)
    train, dev = ds.skip(30).batch(16), ds.take(30).batch(16)
    inp = tf.keras.Input((4,))
    h = tf.keras.layers.Dense(24, activation="relu")(inp)
    net = tf.keras.Model(inp, tf.keras.layers.Dense(3)(h))
    net.compile(
        tf.keras.optimizers.SGD(0.1, momentum=0.9),
        tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
    )
    net.fit(train, validation_data=dev, epochs=30, verbose=0)
    print(net.evaluate(dev, verbose=0))


if __name__ == "__main__":
    main()
