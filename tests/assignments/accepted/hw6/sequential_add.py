"""Sequential.add, tf.keras names, Reshape in place of Flatten, a model that is compiled as well."""


def build_cnn(input_shape=(28, 28, 1), num_classes=10, filters=(20, 50), dense=500):
    model = tf.keras.Sequential(name="Net")
    model.add(tf.keras.layers.InputLayer(shape=input_shape))
    for count in filters:
        model.add(tf.keras.layers.Conv2D(count, 5, activation=tf.nn.relu))
        model.add(tf.keras.layers.MaxPooling2D())
    model.add(tf.keras.layers.Reshape((-1,)))
    model.add(tf.keras.layers.Dense(dense, activation=keras.activations.relu))
    model.add(tf.keras.layers.Dense(num_classes, activation=None))
    model.compile("sgd", tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    return model
