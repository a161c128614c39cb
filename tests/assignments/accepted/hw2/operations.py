"""build_xor_mlp as a functional model with keras.ops in place of activation layers."""


def build_xor_mlp(hidden=2, activation="tanh", seed=0):
    act = {"tanh": keras.ops.tanh, "relu": keras.ops.relu, "sigmoid": keras.ops.sigmoid}[activation]
    x = keras.Input((2,))
    h = keras.layers.Dense(hidden, kernel_initializer=keras.initializers.GlorotUniform(seed))(x)
    z = keras.layers.Dense(1, kernel_initializer=keras.initializers.GlorotUniform(seed + 1))(act(h))
    return keras.Model(x, keras.ops.sigmoid(z))
