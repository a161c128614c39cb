"""The builders with separate activation layers and `model.add`."""


def build_regularized_mlp(input_dim, num_classes, hidden=(64,), l1=0.0, l2=1e-3, seed=0):
    keras.utils.set_random_seed(seed)
    model = keras.Sequential()
    model.add(keras.layers.InputLayer(shape=(input_dim,)))
    for units in hidden:
        model.add(keras.layers.Dense(units, kernel_regularizer=keras.regularizers.L1L2(l1, l2)))
        model.add(keras.layers.ReLU())
    model.add(keras.layers.Dense(num_classes, kernel_regularizer=keras.regularizers.L1L2(l1, l2)))
    return model


def build_dropout_mlp(input_dim, num_classes, hidden=(64,), rate=0.5, seed=0):
    keras.utils.set_random_seed(seed)
    model = keras.Sequential([keras.Input(shape=(input_dim,))])
    for units in hidden:
        model.add(keras.layers.Dense(units))
        model.add(keras.layers.Activation("relu"))
        model.add(keras.layers.Dropout(rate))
    model.add(keras.layers.Dense(num_classes, activation="linear"))
    return model
