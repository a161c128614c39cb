"""build_perceptron built by its shape, with keras from TensorFlow and assigned variables."""


def build_perceptron(input_dim, weights=None):
    from tensorflow import keras

    model = keras.Sequential()
    model.add(keras.layers.Dense(units=1, activation=keras.activations.sigmoid))
    model.build((None, input_dim))
    if weights is not None:
        layer = model.layers[-1]
        layer.kernel.assign(np.asarray(weights, dtype="float32")[1:, None])
        layer.bias.assign([weights[0]])
    return model
