"""A functional model, separate ReLU layers, ReLU behind the pooling."""


def build_cnn(input_shape=(28, 28, 1), num_classes=10, filters=(20, 50), dense=500):
    image = keras.Input(shape=input_shape, name="image")
    x = keras.layers.Conv2D(filters[0], kernel_size=(5, 5), strides=1, padding="valid")(image)
    x = keras.layers.MaxPool2D(pool_size=(2, 2), strides=(2, 2))(x)
    x = keras.layers.ReLU()(x)
    x = keras.layers.Conv2D(filters[1], (5, 5))(x)
    x = keras.layers.Activation("relu")(x)
    x = keras.layers.MaxPool2D(strides=2)(x)
    x = keras.layers.Flatten()(x)
    x = keras.layers.Dense(dense)(x)
    x = keras.layers.ReLU()(x)
    return keras.Model(image, keras.layers.Dense(num_classes, activation="linear")(x))
