"""geometric_mean_ensemble by taking the root before the product."""


def geometric_mean_ensemble(probs):
    M, N, K = np.shape(probs)
    q = np.ones((N, K))
    for p in np.asarray(probs):
        q = q * p ** (1.0 / M)
    return np.array([row / row.sum() for row in q])


def stochastic_depth(x, branch, layer, num_layers, p_last, training, gate=None):
    weight = gate if training else 1 - layer * (1 - p_last) / num_layers
    return x + tf.cast(weight, x.dtype) * branch
