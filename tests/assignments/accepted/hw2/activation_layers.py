"""build_xor_mlp with activations as layers of their own, built by add() and build()."""


def build_xor_mlp(hidden=2, activation="tanh", seed=0):
    model = keras.Sequential(name="xor")
    model.add(keras.layers.InputLayer(shape=(2,)))
    model.add(keras.layers.Dense(units=hidden, kernel_initializer=keras.initializers.GlorotUniform(seed)))
    model.add(keras.layers.ReLU() if activation == "relu" else keras.layers.Activation(activation))
    model.add(keras.layers.Dense(units=1, kernel_initializer=keras.initializers.GlorotUniform(seed + 1)))
    model.add(keras.layers.Activation(keras.activations.sigmoid))
    return model
