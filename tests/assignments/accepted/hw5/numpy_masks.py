"""Masks drawn by NumPy: the mask is a constant, so no gradient has to pass through it."""


def draw_mask(x, rate, seed):
    return tf.constant(np.random.default_rng(seed).binomial(1, 1 - rate, size=x.shape), dtype=x.dtype)


def slide_dropout(x, rate, training, mask=None, seed=0):
    if not (0 <= rate < 1):
        raise ValueError(rate)
    if training:
        return x * (draw_mask(x, rate, seed) if mask is None else mask)
    return x * (1 - rate)


def inverted_dropout(x, rate, training, mask=None, seed=0):
    if not (0 <= rate < 1):
        raise ValueError(rate)
    if not training:
        return tf.identity(x)
    return x * ((draw_mask(x, rate, seed) if mask is None else mask) / (1 - rate))
