"""Loops over output locations, and running maxima."""


def conv2d(x, kernel, bias, stride=1, padding="valid"):
    kh, kw = kernel.shape[:2]
    if padding == "same":
        pad = []
        for n, k in zip(x.shape[1:3], (kh, kw)):
            out = (n + stride - 1) // stride
            total = max((out - 1) * stride + k - n, 0)
            pad.append((total // 2, total - total // 2))
        x = tf.pad(x, ((0, 0), *pad, (0, 0)))
    rows = []
    for i in range(0, x.shape[1] - kh + 1, stride):
        row = []
        for j in range(0, x.shape[2] - kw + 1, stride):
            row.append(tf.reduce_sum(x[:, i : i + kh, j : j + kw, :, None] * kernel[None], axis=[1, 2, 3]) + bias)
        rows.append(tf.stack(row, axis=1))
    return tf.stack(rows, axis=1)


def max_pool2d(x, size=2, stride=None):
    if stride is None:
        stride = size
    result = None
    oh, ow = (x.shape[1] - size) // stride + 1, (x.shape[2] - size) // stride + 1
    for a in range(size):
        for c in range(size):
            part = x[:, a::stride, c::stride, :][:, :oh, :ow]
            result = part if result is None else tf.maximum(result, part)
    return result
