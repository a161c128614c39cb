"""build_xor_mlp as a functional model."""


def build_xor_mlp(hidden=2, activation="tanh", seed=0):
    inputs = keras.Input(shape=(2,), name="x")
    u = keras.layers.Dense(hidden, activation, kernel_initializer=keras.initializers.GlorotUniform(seed=seed))(inputs)
    p = keras.layers.Dense(1, "sigmoid", kernel_initializer=keras.initializers.GlorotUniform(seed=seed + 1))(u)
    return keras.Model(inputs, p)
