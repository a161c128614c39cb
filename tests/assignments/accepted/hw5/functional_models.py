"""The builders as functional models, the L2 regulariser by its own class."""


def build_regularized_mlp(input_dim, num_classes, hidden=(64,), l1=0.0, l2=1e-3, seed=0):
    penalty = keras.regularizers.L1L2(l1=l1, l2=l2) if l1 else keras.regularizers.L2(l2)
    x = h = keras.Input((input_dim,))
    for i, units in enumerate((*hidden, num_classes)):
        activation = "relu" if i < len(hidden) else None
        start = keras.initializers.HeNormal(seed=seed + 10 * i)
        h = keras.layers.Dense(units, activation, kernel_initializer=start, kernel_regularizer=penalty)(h)
    return keras.Model(x, h)


def build_dropout_mlp(input_dim, num_classes, hidden=(64,), rate=0.5, seed=0):
    x = h = keras.Input((input_dim,))
    for i, units in enumerate(hidden):
        h = keras.layers.Dense(units, kernel_initializer=keras.initializers.GlorotUniform(seed=[seed, i][0] + i))(h)
        h = keras.layers.Dropout(rate=rate)(keras.ops.relu(h))
    return keras.Model(x, keras.layers.Dense(num_classes, kernel_initializer=keras.initializers.GlorotUniform(seed + 99))(h))
