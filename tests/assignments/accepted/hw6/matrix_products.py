"""conv2d as one matrix product over gathered patches, pooling by reduce_max over a window axis."""


def conv2d(x, kernel, bias, stride=1, padding="valid"):
    kh, kw, cin, cout = kernel.shape
    if padding == "same":
        th = max((-(-x.shape[1] // stride) - 1) * stride + kh - x.shape[1], 0)
        tw = max((-(-x.shape[2] // stride) - 1) * stride + kw - x.shape[2], 0)
        x = tf.pad(x, [[0, 0], [th // 2, th - th // 2], [tw // 2, tw - tw // 2], [0, 0]])
    rows = np.arange(0, x.shape[1] - kh + 1, stride)[:, None] + np.arange(kh)  # (oh, kh)
    columns = np.arange(0, x.shape[2] - kw + 1, stride)[:, None] + np.arange(kw)  # (ow, kw)
    patches = tf.gather(tf.gather(x, rows, axis=1), columns, axis=3)  # (N, oh, kh, ow, kw, cin)
    patches = tf.transpose(patches, [0, 1, 3, 2, 4, 5])
    flat = tf.reshape(patches, [-1, len(rows), len(columns), kh * kw * cin])
    return flat @ tf.reshape(kernel, [kh * kw * cin, cout]) + bias


def max_pool2d(x, size=2, stride=None):
    step = size if stride is None else stride
    rows = np.arange(0, x.shape[1] - size + 1, step)[:, None] + np.arange(size)
    columns = np.arange(0, x.shape[2] - size + 1, step)[:, None] + np.arange(size)
    return tf.reduce_max(tf.gather(tf.gather(x, rows, axis=1), columns, axis=3), axis=[2, 4])
