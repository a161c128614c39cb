"""conv2d and pooling on tf.image.extract_patches."""


def conv2d(x, kernel, bias, stride=1, padding="valid"):
    kh, kw, cin, cout = kernel.shape
    patches = tf.image.extract_patches(x, [1, kh, kw, 1], [1, stride, stride, 1], [1, 1, 1, 1], padding.upper())
    return tf.tensordot(patches, tf.reshape(kernel, [-1, cout]), 1) + bias


def max_pool2d(x, size=2, stride=None):
    stride = stride or size
    patches = tf.image.extract_patches(x, [1, size, size, 1], [1, stride, stride, 1], [1, 1, 1, 1], "VALID")
    n, oh, ow, _ = patches.shape
    return tf.reduce_max(tf.reshape(patches, [n, oh, ow, size * size, x.shape[-1]]), axis=3)
