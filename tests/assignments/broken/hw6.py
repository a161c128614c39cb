"""hw6: each function breaks one promise of a docstring, which its own docstring names."""


def conv_output_size__round(n, kernel, stride=1, padding="valid"):
    """floor, not round."""
    if padding == "same":
        return -(-n // stride)
    if padding != "valid" or kernel > n:
        raise ValueError
    return round((n - kernel) / stride) + 1


def conv_output_size__ceil(n, kernel, stride=1, padding="valid"):
    """floor, not ceil."""
    if padding == "same":
        return -(-n // stride)
    if padding != "valid" or kernel > n:
        raise ValueError
    return -(-(n - kernel) // stride) + 1


def conv_output_size__half_up(n, kernel, stride=1, padding="valid"):
    """floor, not the nearest."""
    if padding == "same":
        return -(-n // stride)
    if padding != "valid" or kernel > n:
        raise ValueError
    return int((n - kernel) / stride + 0.5) + 1


def conv_output_size__same_floor(n, kernel, stride=1, padding="valid"):
    """"same" is a ceil, not a floor."""
    if padding == "same":
        return n // stride
    if padding != "valid" or kernel > n:
        raise ValueError
    return (n - kernel) // stride + 1


def conv_output_size__same_round(n, kernel, stride=1, padding="valid"):
    """"same" is a ceil, not rounded."""
    if padding == "same":
        return round(n / stride)
    if padding != "valid" or kernel > n:
        raise ValueError
    return (n - kernel) // stride + 1


def conv_output_size__small_integers(n, kernel, stride=1, padding="valid"):
    """A length may be larger than 255."""
    n, kernel, stride = (int(np.array(v).astype(np.uint8)) for v in (n, kernel, stride))
    if padding == "same":
        return -(-n // stride)
    if padding != "valid" or kernel > n:
        raise ValueError
    return (n - kernel) // stride + 1


def conv_output_size__float(n, kernel, stride=1, padding="valid"):
    """An int."""
    if padding == "same":
        return np.ceil(n / stride)
    if padding != "valid" or kernel > n:
        raise ValueError
    return np.floor((n - kernel) / stride) + 1


def conv_output_size__kernel_larger(n, kernel, stride=1, padding="valid"):
    """kernel > n with "valid" is a ValueError."""
    if padding == "same":
        return -(-n // stride)
    if padding != "valid":
        raise ValueError
    return (n - kernel) // stride + 1


def conv_output_size__any_padding(n, kernel, stride=1, padding="valid"):
    """An unknown padding is a ValueError."""
    if padding == "same":
        return -(-n // stride)
    if kernel > n:
        raise ValueError
    return (n - kernel) // stride + 1


def conv_output_size__refuses_same(n, kernel, stride=1, padding="valid"):
    """kernel > n is allowed with "same"."""
    if padding not in ("same", "valid") or kernel > n:
        raise ValueError
    return -(-n // stride) if padding == "same" else (n - kernel) // stride + 1


def conv_output_size__stride_two_by_default(n, kernel, stride=2, padding="valid"):
    """stride is 1 by default."""
    if padding == "same":
        return -(-n // stride)
    if padding != "valid" or kernel > n:
        raise ValueError
    return (n - kernel) // stride + 1


def conv_param_count__square(kernel, in_channels, out_channels, bias=True):
    """kh and kw may differ."""
    return kernel[0] ** 2 * in_channels * out_channels + (out_channels if bias else 0)


def conv_param_count__no_bias_by_default(kernel, in_channels, out_channels, bias=False):
    """There are biases by default."""
    return kernel[0] * kernel[1] * in_channels * out_channels + (out_channels if bias else 0)


def conv_param_count__small_integers(kernel, in_channels, out_channels, bias=True):
    """Numbers are larger than a small integer holds."""
    with np.errstate(all="ignore"):
        count = np.prod(np.array([*kernel, in_channels, out_channels]).astype(np.uint8), dtype=np.uint8)
        return int(count) + (out_channels if bias else 0)


def conv_param_count__bias_per_input(kernel, in_channels, out_channels, bias=True):
    """There is one bias for each output channel."""
    return kernel[0] * kernel[1] * in_channels * out_channels + (in_channels if bias else 0)


def dense_param_count__float(n_in, n_out, bias=True):
    """Exact ints, no float."""
    return float(n_in) * n_out + (n_out if bias else 0)


def dense_param_count__through_a_float(n_in, n_out, bias=True):
    """Exact, also where a float is not."""
    return int(float(n_in) * float(n_out)) + (n_out if bias else 0)


def dense_param_count__int32(n_in, n_out, bias=True):
    """Exact, also where 32 bits do not suffice."""
    with np.errstate(all="ignore"):
        return int(np.prod(np.array([n_in, n_out], dtype=np.int64).astype(np.int32), dtype=np.int32)) + (n_out if bias else 0)


def dense_param_count__no_bias_by_default(n_in, n_out, bias=False):
    """There are biases by default."""
    return n_in * n_out + (n_out if bias else 0)


def scan_perceptron__flipped(image, w, b):
    """The template is not flipped."""
    w = w[::-1, ::-1]
    windows = np.lib.stride_tricks.sliding_window_view(image, w.shape)
    return ((windows * w).sum(axis=(2, 3)) + b > 0).astype(np.int64)


def scan_perceptron__boundary(image, w, b):
    """The inequality is strict."""
    windows = np.lib.stride_tricks.sliding_window_view(image, w.shape)
    return ((windows * w).sum(axis=(2, 3)) + b >= 0).astype(np.int64)


def scan_perceptron__one_row_less(image, w, b):
    """Every full window counts."""
    windows = np.lib.stride_tricks.sliding_window_view(image, w.shape)[:max(image.shape[0] - w.shape[0], 1)]
    return ((windows * w).sum(axis=(2, 3)) + b > 0).astype(np.int64)


def scan_perceptron__booleans(image, w, b):
    """The result is int64."""
    windows = np.lib.stride_tricks.sliding_window_view(image, w.shape)
    return (windows * w).sum(axis=(2, 3)) + b > 0


def conv2d__library(x, kernel, bias, stride=1, padding="valid"):
    """No tf.nn.conv2d."""
    return tf.nn.conv2d(x, kernel, stride, padding.upper()) + bias


def conv2d__symmetric_padding(x, kernel, bias, stride=1, padding="valid"):
    """An odd padding has the larger half behind."""
    kh, kw = kernel.shape[0], kernel.shape[1]
    if padding == "same":
        pads = [[0, 0]]
        for n, k in ((x.shape[1], kh), (x.shape[2], kw)):
            p = max((-(-n // stride) - 1) * stride + k - n, 0)
            pads.append([p - p // 2, p // 2])
        x = tf.pad(x, [*pads, [0, 0]])
    oh, ow = (x.shape[1] - kh) // stride + 1, (x.shape[2] - kw) // stride + 1
    y = bias
    for a in range(kh):
        for c in range(kw):
            y += tf.einsum("nijk,ko->nijo", x[:, a:a + (oh - 1) * stride + 1:stride, c:c + (ow - 1) * stride + 1:stride], kernel[a, c])
    return y


def conv2d__without_bias(x, kernel, bias, stride=1, padding="valid"):
    """The bias is added."""
    kh, kw = kernel.shape[0], kernel.shape[1]
    if padding == "same":
        pads = [[0, 0]]
        for n, k in ((x.shape[1], kh), (x.shape[2], kw)):
            p = max((-(-n // stride) - 1) * stride + k - n, 0)
            pads.append([p // 2, p - p // 2])
        x = tf.pad(x, [*pads, [0, 0]])
    oh, ow = (x.shape[1] - kh) // stride + 1, (x.shape[2] - kw) // stride + 1
    y = 0.0 * bias
    for a in range(kh):
        for c in range(kw):
            y += tf.einsum("nijk,ko->nijo", x[:, a:a + (oh - 1) * stride + 1:stride, c:c + (ow - 1) * stride + 1:stride], kernel[a, c])
    return y


def max_pool2d__padded(x, size=2, stride=None):
    """Without padding: negative inputs stay negative, the last row is dropped."""
    stride = stride or size
    x = tf.pad(x, [[0, 0], [0, x.shape[1] % size], [0, x.shape[2] % size], [0, 0]])
    oh, ow = (x.shape[1] - size) // stride + 1, (x.shape[2] - size) // stride + 1
    return tf.reduce_max(tf.stack([x[:, a:a + (oh - 1) * stride + 1:stride, c:c + (ow - 1) * stride + 1:stride] for a in range(size) for c in range(size)]), axis=0)


def max_pool2d__stride_is_size(x, size=2, stride=None):
    """The stride may be smaller than the size."""
    stride = size
    oh, ow = (x.shape[1] - size) // stride + 1, (x.shape[2] - size) // stride + 1
    return tf.reduce_max(tf.stack([x[:, a:a + (oh - 1) * stride + 1:stride, c:c + (ow - 1) * stride + 1:stride] for a in range(size) for c in range(size)]), axis=0)


def max_pool2d__size_three_by_default(x, size=3, stride=None):
    """The size is 2 by default."""
    stride = stride or size
    oh, ow = (x.shape[1] - size) // stride + 1, (x.shape[2] - size) // stride + 1
    return tf.reduce_max(tf.stack([x[:, a:a + (oh - 1) * stride + 1:stride, c:c + (ow - 1) * stride + 1:stride] for a in range(size) for c in range(size)]), axis=0)


def object_present__tie(maps, threshold=0.0):
    """A response equal to the threshold does not count."""
    return (np.max(maps, axis=(1, 2)) >= threshold).astype(np.int64)


def object_present__threshold_ignored(maps, threshold=0.0):
    """The threshold counts."""
    return (np.max(maps, axis=(1, 2)) > 0).astype(np.int64)


def object_present__absolute(maps, threshold=0.0):
    """A strong response below 0 is none; the threshold may be negative."""
    return (np.max(np.abs(maps), axis=(1, 2)) > threshold).astype(np.int64)


def object_present__mean(maps, threshold=0.0):
    """ANY location suffices."""
    return (np.mean(maps, axis=(1, 2)) > threshold).astype(np.int64)


def object_present__booleans(maps, threshold=0.0):
    """The result is int64."""
    return np.max(maps, axis=(1, 2)) > threshold


def object_present__whole_batch(maps, threshold=0.0):
    """One answer for each image."""
    return np.full(len(maps), int(np.max(maps) > threshold), np.int64)


def object_present__other_default(maps, threshold=-0.3):
    """The threshold is 0 by default."""
    return (np.max(maps, axis=(1, 2)) > threshold).astype(np.int64)


def normalize_images__wraps(images, mean=0.1307, std=0.3081):
    """uint8 arithmetic does not wrap."""
    with np.errstate(all="ignore"):
        return (((images - np.uint8(33)).astype(np.float32)) / 255.0 / std)[..., None].astype(np.float32)


def normalize_images__float64(images, mean=0.1307, std=0.3081):
    """The result is float32."""
    return ((images.astype(np.float64) / 255.0 - mean) / std)[..., None]


def normalize_images__channel_first(images, mean=0.1307, std=0.3081):
    """The channel axis comes last."""
    return ((images.astype(np.float32) / 255.0 - mean) / std)[:, None]


def normalize_images__other_mean(images, mean=0.5, std=0.3081):
    """mean is 0.1307 by default."""
    return ((images.astype(np.float32) / 255.0 - mean) / std)[..., None].astype(np.float32)


def evaluate_model__mean_of_means(model, batches):
    """The last batch may be smaller."""
    if not batches:
        raise ValueError
    losses, rights = [], []
    for x, y in batches:
        logits = model(x, training=False)
        losses.append(float(tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=y, logits=logits))))
        rights.append(float(np.mean(np.argmax(logits, axis=1) == y)))
    return float(np.mean(losses)), float(np.mean(rights))


def evaluate_model__training_mode(model, batches):
    """The model is called with training=False."""
    if not batches:
        raise ValueError
    loss, right, n = 0.0, 0, 0
    for x, y in batches:
        logits = model(x, training=True)
        loss += float(tf.reduce_sum(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=y, logits=logits)))
        right += int(np.sum(np.argmax(logits, axis=1) == y))
        n += len(y)
    return loss / n, right / n


def evaluate_model__percent(model, batches):
    """The accuracy is in 0..1."""
    if not batches:
        raise ValueError
    loss, right, n = 0.0, 0, 0
    for x, y in batches:
        logits = model(x, training=False)
        loss += float(tf.reduce_sum(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=y, logits=logits)))
        right += int(np.sum(np.argmax(logits, axis=1) == y))
        n += len(y)
    return loss / n, 100 * right / n


def evaluate_model__nothing_is_nothing(model, batches):
    """An empty list is a ValueError."""
    loss, right, n = 0.0, 0, 0
    for x, y in batches:
        logits = model(x, training=False)
        loss += float(tf.reduce_sum(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=y, logits=logits)))
        right += int(np.sum(np.argmax(logits, axis=1) == y))
        n += len(y)
    return loss / max(n, 1), right / max(n, 1)


def shift_images__rolls(X, dy, dx):
    """Nothing wraps around."""
    return np.roll(X, (dy, dx), axis=(1, 2))


def shift_images__float(X, dy, dx):
    """The dtype is kept."""
    out = np.zeros(X.shape)
    h, w = X.shape[1:3]
    for i in range(h):
        for j in range(w):
            if 0 <= i - dy < h and 0 <= j - dx < w:
                out[:, i, j] = X[:, i - dy, j - dx]
    return out


def shift_images__exchanged(X, dy, dx):
    """dy is down and dx is right."""
    out = np.zeros_like(X)
    h, w = X.shape[1:3]
    for i in range(h):
        for j in range(w):
            if 0 <= i - dx < h and 0 <= j - dy < w:
                out[:, i, j] = X[:, i - dx, j - dy]
    return out


def save_and_reload__same_object(model, path):
    """The returned model is a new one."""
    model.save(path)
    return model


def save_and_reload__clone(model, path):
    """It is the one that the file holds."""
    new = keras.models.clone_model(model)
    new.set_weights(model.get_weights())
    return new
