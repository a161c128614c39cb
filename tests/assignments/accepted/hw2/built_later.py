"""build_xor_mlp without an Input, built by its shape; activations as functions."""


def build_xor_mlp(hidden=2, activation="tanh", seed=0):
    glorot = tf.keras.initializers.GlorotUniform
    model = tf.keras.models.Sequential([
        tf.keras.layers.Dense(hidden, activation=tf.keras.activations.get(activation), kernel_initializer=glorot(seed=seed)),
        tf.keras.layers.Dense(1, activation=tf.nn.sigmoid, kernel_initializer=glorot(seed=seed + 1)),
    ])
    model.build((None, 2))
    return model
