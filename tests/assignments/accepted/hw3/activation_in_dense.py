"""build_deep_mlp with `activation=` inside of Dense where there is no batch norm, and Add the other way round."""


def build_deep_mlp(input_dim, depth, width, activation, num_classes=10, batch_norm=False, skip=False, seed=0):
    def dense(units, layer, activation=None):
        return keras.layers.Dense(units, activation, kernel_initializer=keras.initializers.GlorotUniform(seed + layer))

    inputs = keras.layers.Input((input_dim,))
    h = inputs
    for layer in range(depth):
        before = h
        if batch_norm:
            h = keras.layers.Activation(keras.activations.get(activation))(keras.layers.BatchNormalization()(dense(width, layer)(h)))
        else:
            h = dense(width, layer, activation)(h)
        if skip and (layer > 0 or input_dim == width):
            h = keras.layers.add([h, before])
    return keras.Model(inputs, dense(num_classes, depth)(h))
