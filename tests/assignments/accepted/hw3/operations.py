"""build_deep_mlp with keras.ops for what has no weights, and the initializer as a name where the seed allows it."""


def build_deep_mlp(input_dim, depth, width, activation, num_classes=10, batch_norm=False, skip=False, seed=0):
    act = {"relu": keras.ops.relu, "tanh": keras.ops.tanh, "sigmoid": keras.ops.sigmoid}[activation]
    glorot = keras.initializers.GlorotUniform
    inputs = keras.Input((input_dim,), name="digits")
    h, layers = inputs, [keras.layers.Dense(width, kernel_initializer=glorot(seed + i), name=f"hidden_{i}") for i in range(depth)]
    for dense in layers:
        z = keras.layers.BatchNormalization()(dense(h)) if batch_norm else dense(h)
        h = keras.ops.add(h, act(z)) if skip and h.shape[1] == width else act(z)
    return keras.Model(inputs, keras.layers.Dense(num_classes, kernel_initializer=glorot(seed + depth), name="logits")(h))
