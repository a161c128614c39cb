"""torch_to_keras_weights from fc1's other side, in float64; a chain of swaps."""


def torch_to_keras_weights(state, pooled_shape=(4, 4, 50)):
    def conv(name):
        return np.transpose(state[f"{name}.weight"], [2, 3, 1, 0]).astype(np.float64)

    h, w, c = pooled_shape
    fc1 = state["fc1.weight"].T.reshape(c, h * w, -1).swapaxes(0, 1).reshape(h * w * c, -1)
    fc2 = np.swapaxes(state["fc2.weight"], 0, 1)
    kernels = (conv("conv1"), conv("conv2"), fc1, fc2)
    biases = (state[f"{name}.bias"] for name in ("conv1", "conv2", "fc1", "fc2"))
    return [array for pair in zip(kernels, biases) for array in pair]


def normalize_images(images, mean=0.1307, std=0.3081):
    n, h, w = images.shape
    return np.divide(images.reshape(n, h, w, 1).astype(np.float32) - 255 * mean, 255 * std, dtype=np.float32)
