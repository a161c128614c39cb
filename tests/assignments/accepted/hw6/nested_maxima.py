"""Pooling first along rows, then along columns; convolution with matmul broadcasting."""


def conv2d(x, kernel, bias, stride=1, padding="valid"):
    kh, kw = kernel.shape[0], kernel.shape[1]
    if padding == "same":
        def amount(n, k):
            rest = n % stride
            return max(k - stride, 0) if rest == 0 else max(k - rest, 0)

        ph, pw = amount(x.shape[1], kh), amount(x.shape[2], kw)
        x = tf.concat([tf.zeros_like(x[:, :1])] * (ph // 2) + [x] + [tf.zeros_like(x[:, :1])] * (ph - ph // 2), axis=1)
        x = tf.concat([tf.zeros_like(x[:, :, :1])] * (pw // 2) + [x] + [tf.zeros_like(x[:, :, :1])] * (pw - pw // 2), axis=2)
    oh, ow = conv_output_size(x.shape[1], kh, stride), conv_output_size(x.shape[2], kw, stride)
    parts = [
        tf.matmul(x[:, a : a + oh * stride : stride, c : c + ow * stride : stride, :][:, :oh, :ow], kernel[a, c])
        for a in range(kh)
        for c in range(kw)
    ]
    return tf.add_n(parts) + bias


def max_pool2d(x, size=2, stride=None):
    stride = stride or size
    n, h, w, c = x.shape
    oh, ow = (h - size) // stride + 1, (w - size) // stride + 1
    rows = tf.stack([tf.reduce_max(x[:, i * stride : i * stride + size], axis=1) for i in range(oh)], axis=1)
    return tf.stack([tf.reduce_max(rows[:, :, j * stride : j * stride + size], axis=2) for j in range(ow)], axis=2)
