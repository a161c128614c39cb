"""Sequential without Input, built by build()."""


def build_cnn(input_shape=(28, 28, 1), num_classes=10, filters=(20, 50), dense=500):
    from keras import layers

    model = keras.Sequential(
        [
            layers.Conv2D(filters[0], 5, activation="relu"),
            layers.MaxPooling2D((2, 2)),
            layers.Conv2D(filters[1], 5, activation="relu"),
            layers.MaxPooling2D((2, 2)),
            layers.Flatten(),
            layers.Dense(dense, "relu"),
            layers.Dense(num_classes),
        ]
    )
    model.build((None, *input_shape))
    return model
