"""The data term by Keras, the kernels layer by layer."""


def regularized_loss(model, x, y, lam, kind="l2"):
    data = keras.losses.SparseCategoricalCrossentropy(from_logits=True)(y, model(x, training=True))
    kernels = [layer.kernel for layer in model.layers if hasattr(layer, "kernel")]
    R = {"l2": l2_penalty, "l1": l1_penalty}[kind]
    return data + lam * R(kernels)
