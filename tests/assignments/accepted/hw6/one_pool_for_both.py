"""One pooling layer and one ReLU layer, called wherever they are needed."""


def build_cnn(input_shape=(28, 28, 1), num_classes=10, filters=(20, 50), dense=500):
    pool, relu = keras.layers.MaxPooling2D(2), keras.layers.ReLU()
    image = keras.layers.Input(input_shape)
    x = pool(relu(keras.layers.Conv2D(filters[0], 5)(image)))
    x = pool(relu(keras.layers.Conv2D(filters[1], 5)(x)))
    x = relu(keras.layers.Dense(dense)(keras.layers.Flatten()(x)))
    return keras.Model(image, keras.layers.Dense(num_classes)(x))
