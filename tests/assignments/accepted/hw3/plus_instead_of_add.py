"""build_deep_mlp with `h + a` and activations as functions."""


def build_deep_mlp(input_dim, depth, width, activation, num_classes=10, batch_norm=False, skip=False, seed=0):
    act = keras.activations.get(activation)
    x = h = keras.Input(shape=(input_dim,))
    for i in range(depth):
        a = keras.layers.Dense(width, kernel_initializer=keras.initializers.GlorotUniform(seed=seed + i))(h)
        if batch_norm:
            a = keras.layers.BatchNormalization()(a)
        a = act(a)
        h = h + a if skip and h.shape == a.shape else a
    out = keras.layers.Dense(num_classes, kernel_initializer=keras.initializers.GlorotUniform(seed=seed + depth))(h)
    return keras.Model(inputs=x, outputs=out)
