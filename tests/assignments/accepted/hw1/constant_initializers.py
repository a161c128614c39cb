"""build_perceptron that starts with the weights instead of loading them."""


def build_perceptron(input_dim, weights=None):
    import keras

    initial = {}
    if weights is not None:
        initial = {
            "kernel_initializer": lambda shape, dtype=None: keras.ops.convert_to_tensor(np.reshape(weights[1:], shape), dtype=dtype),
            "bias_initializer": keras.initializers.Constant(float(weights[0])),
        }
    return keras.Sequential([keras.layers.Input((input_dim,)), keras.layers.Dense(1, "sigmoid", **initial)])
