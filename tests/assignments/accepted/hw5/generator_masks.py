"""Masks from a tf.random.Generator; multiplication and division in another order."""


def slide_dropout(x, rate, training, mask=None, seed=0):
    if rate < 0 or rate >= 1:
        raise ValueError("rate must be in [0, 1)")
    if training and mask is None:
        mask = tf.random.Generator.from_seed(seed).uniform(x.shape) > rate
    return tf.where(tf.cast(mask, tf.bool), x, tf.zeros_like(x)) if training else (1 - rate) * x


def inverted_dropout(x, rate, training, mask=None, seed=0):
    if training:
        return slide_dropout(x, rate, True, mask, seed) / (1 - rate)
    return slide_dropout(x, rate, False) / (1 - rate)
