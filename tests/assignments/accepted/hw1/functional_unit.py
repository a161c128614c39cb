"""build_perceptron as a functional model with a separate activation layer."""


def build_perceptron(input_dim, weights=None):
    import keras

    inputs = keras.Input(shape=(input_dim,))
    score = keras.layers.Dense(1)(inputs)
    model = keras.Model(inputs, keras.layers.Activation("sigmoid")(score))
    if weights is not None:
        model.set_weights([np.reshape(weights[1:], (input_dim, 1)), np.array([weights[0]])])
    return model
