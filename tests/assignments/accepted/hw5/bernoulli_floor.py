"""Masks as floor(keep + uniform) after tf.random.set_seed."""


def inverted_dropout(x, rate, training, mask=None, seed=0):
    if rate < 0.0 or not rate < 1.0:
        raise ValueError("the rate is a probability below 1")
    if not training or rate == 0:
        return x
    if mask is None:
        tf.random.set_seed(seed)
        mask = tf.floor((1 - rate) + tf.random.uniform(tf.shape(x), dtype=x.dtype, seed=seed))
    return tf.math.divide(tf.multiply(x, mask), 1 - rate)
