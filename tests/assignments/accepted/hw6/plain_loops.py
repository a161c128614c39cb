"""Python loops where they are allowed; counts by other formulas."""
import math


def conv_output_size(n, kernel, stride=1, padding="valid"):
    if padding not in ("valid", "same"):
        raise ValueError(padding)
    if padding == "same":
        return math.ceil(n / stride)
    if kernel > n:
        raise ValueError("kernel does not fit")
    return len(range(0, n - kernel + 1, stride))


def conv_param_count(kernel, in_channels, out_channels, bias=True):
    kh, kw = kernel
    return (kh * kw * in_channels + int(bias)) * out_channels


def dense_param_count(n_in, n_out, bias=True):
    return (n_in + bias) * n_out


def scan_perceptron(image, w, b):
    result = []
    for i in range(len(image) - len(w) + 1):
        row = []
        for j in range(len(image[0]) - len(w[0]) + 1):
            score = b
            for a in range(len(w)):
                for c in range(len(w[0])):
                    score += w[a][c] * image[i + a][j + c]
            row.append(1 if score > 0 else 0)
        result.append(row)
    return np.array(result)


def object_present(maps, threshold=0.0):
    return np.array([int(image.max() > threshold) for image in maps])


def shift_images(X, dy, dx):
    out = np.zeros(X.shape, X.dtype)
    for i in range(X.shape[1]):
        for j in range(X.shape[2]):
            if 0 <= i - dy < X.shape[1] and 0 <= j - dx < X.shape[2]:
                out[:, i, j] = X[:, i - dy, j - dx]
    return out
