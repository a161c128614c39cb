"""sliding_window_view, any(), np.pad, np.moveaxis: NumPy without loops."""


def scan_perceptron(image, w, b):
    windows = np.lib.stride_tricks.sliding_window_view(image, w.shape)
    return np.where(np.einsum("ijab,ab->ij", windows, w) + b > 0, 1, 0)


def object_present(maps, threshold=0.0):
    return np.any(maps > threshold, axis=(1, 2)).astype(int)


def normalize_images(images, mean=0.1307, std=0.3081):
    x = images / 255.0
    return np.expand_dims((x - mean) / std, -1).astype("float32")


def shift_images(X, dy, dx):
    n, h, w, c = X.shape
    padded = np.pad(X, ((0, 0), (abs(dy), abs(dy)), (abs(dx), abs(dx)), (0, 0)))
    top, left = abs(dy) - dy, abs(dx) - dx
    return padded[:, top : top + h, left : left + w].copy()


def torch_to_keras_weights(state, pooled_shape=(4, 4, 50)):
    h, w, c = pooled_shape
    order = np.arange(h * w * c).reshape(c, h, w).transpose(1, 2, 0).ravel()
    weights = []
    for name in ("conv1", "conv2", "fc1", "fc2"):
        kernel = np.asarray(state[name + ".weight"])
        if kernel.ndim == 4:
            kernel = np.moveaxis(kernel, (0, 1), (3, 2))
        else:
            kernel = kernel[:, order].T if name == "fc1" else kernel.T
        weights += [kernel, np.asarray(state[name + ".bias"])]
    return weights
