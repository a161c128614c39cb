"""batch_norm by centring first, with the variance as mean of squares and kept dimensions."""


def batch_norm(x, gamma, beta, state, training, momentum=0.99, eps=1e-3):
    new_state = {key: tf.identity(value) for key, value in state.items()}
    if training:
        mean = tf.reduce_mean(x, axis=0, keepdims=True)
        centred = x - mean
        var = tf.reduce_mean(tf.square(centred), axis=0, keepdims=True)
        for key, value in (("mean", mean), ("var", var)):
            new_state[key] = momentum * state[key] + (1.0 - momentum) * tf.squeeze(value, axis=0)
    else:
        centred, var = x - state["mean"], state["var"]
    return gamma * centred / (var + eps) ** 0.5 + beta, new_state


def geometric_mean_ensemble(probs):
    from scipy.special import softmax

    with np.errstate(divide="ignore"):
        return softmax(np.mean(np.log(probs), axis=0), axis=-1)
