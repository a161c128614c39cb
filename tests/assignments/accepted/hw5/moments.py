"""batch_norm with tf.nn.moments and rsqrt, states written as old plus a part of the difference."""


def batch_norm(x, gamma, beta, state, training, momentum=0.99, eps=1e-3):
    mean, var = tf.nn.moments(x, axes=[0]) if training else (state["mean"], state["var"])
    scale = gamma * tf.math.rsqrt(var + eps)
    y = x * scale + (beta - mean * scale)
    if not training:
        return y, state
    moved = {"mean": state["mean"] + (1 - momentum) * (mean - state["mean"]), "var": state["var"] + (1 - momentum) * (var - state["var"])}
    return y, moved


def stochastic_depth(x, branch, layer, num_layers, p_last, training, gate=None):
    if training:
        return x + branch if gate == 1 else x
    survival = (num_layers - layer * (1 - p_last)) / num_layers
    return tf.add(x, survival * branch)
