"""A functional model whose ReLUs are keras.ops calls."""


def build_cnn(input_shape=(28, 28, 1), num_classes=10, filters=(20, 50), dense=500):
    x = inputs = keras.Input(input_shape)
    for count in filters:
        x = keras.ops.relu(keras.layers.Conv2D(count, 5)(x))
        x = keras.layers.MaxPooling2D(2)(x)
    x = keras.ops.relu(keras.layers.Dense(dense)(keras.layers.Flatten()(x)))
    return keras.Model(inputs, keras.layers.Dense(num_classes)(x))
