"""hw5: each function breaks one promise of a docstring, which its own docstring names."""


def l2_penalty__half(weights):
    """There is no factor 1/2."""
    return tf.add_n([0.5 * tf.reduce_sum(w**2) for w in weights]) if weights else tf.constant(0.0)


def l2_penalty__root(weights):
    """There is no square root."""
    return tf.add_n([tf.norm(w) for w in weights]) if weights else tf.constant(0.0)


def l2_penalty__no_weights(weights):
    """An empty list gives 0.0."""
    return tf.add_n([tf.reduce_sum(w**2) for w in weights])


def l2_penalty__first_matrix(weights):
    """All matrices count."""
    return tf.reduce_sum(weights[0] ** 2) if weights else tf.constant(0.0)


def l1_penalty__signed(weights):
    """The sign does not count."""
    return tf.add_n([tf.reduce_sum(w) for w in weights]) if weights else tf.constant(0.0)


def l1_penalty__root_at_zero(weights):
    """The gradient at 0 is 0, not nan."""
    return tf.add_n([tf.reduce_sum(tf.sqrt(w**2)) for w in weights]) if weights else tf.constant(0.0)


def l1_penalty__slope_at_zero(weights):
    """The gradient at 0 is 0, not 1."""
    return tf.add_n([tf.reduce_sum(tf.where(w >= 0, w, -w)) for w in weights]) if weights else tf.constant(0.0)


def elastic_net_penalty__exchanged(weights, ratio):
    """ratio = 1 is L1."""
    return ratio * l2_penalty(weights) + (1.0 - ratio) * l1_penalty(weights)


def elastic_net_penalty__default_at_zero(weights, ratio):
    """ratio = 0 is L2."""
    ratio = ratio or 0.5
    return ratio * l1_penalty(weights) + (1.0 - ratio) * l2_penalty(weights)


def huber_penalty__ignores_delta(weights, delta=1.0):
    """delta is where the pieces meet."""
    return tf.add_n([tf.reduce_sum(tf.where(tf.abs(w) <= 1, 0.5 * w**2, tf.abs(w) - 0.5)) for w in weights]) if weights else tf.constant(0.0)


def huber_penalty__jumps(weights, delta=1.0):
    """It is continuous."""
    return tf.add_n([tf.reduce_sum(tf.where(tf.abs(w) <= delta, 0.5 * w**2, delta * tf.abs(w))) for w in weights]) if weights else tf.constant(0.0)


def huber_penalty__other_default(weights, delta=1.1):
    """delta is 1 by default."""
    return tf.add_n([tf.reduce_sum(tf.where(tf.abs(w) <= delta, 0.5 * w**2, delta * (tf.abs(w) - 0.5 * delta))) for w in weights]) if weights else tf.constant(0.0)


def regularized_loss__biases_too(model, x, y, lam, kind="l2"):
    """Kernels only."""
    data = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=y, logits=model(x, training=True)))
    weights = [v.value for v in model.trainable_variables]
    return data + lam * (l2_penalty(weights) if kind == "l2" else l1_penalty(weights))


def regularized_loss__l1_by_default(model, x, y, lam, kind="l1"):
    """The penalty is L2 by default."""
    data = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=y, logits=model(x, training=True)))
    weights = [v.value for v in model.trainable_variables if v.path.endswith("kernel")]
    return data + lam * (l2_penalty(weights) if kind == "l2" else l1_penalty(weights))


def regularized_loss__model_losses(model, x, y, lam, kind="l2"):
    """model.losses are not added."""
    data = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=y, logits=model(x, training=True)))
    weights = [v.value for v in model.trainable_variables if v.path.endswith("kernel")]
    return data + lam * (l2_penalty(weights) if kind == "l2" else l1_penalty(weights)) + sum(model.losses)


def regularized_loss__sum(model, x, y, lam, kind="l2"):
    """The same rows twice change nothing."""
    data = tf.reduce_sum(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=y, logits=model(x, training=True)))
    weights = [v.value for v in model.trainable_variables if v.path.endswith("kernel")]
    return data + lam * (l2_penalty(weights) if kind == "l2" else l1_penalty(weights))


def regularized_loss__inference(model, x, y, lam, kind="l2"):
    """The model is called with training=True."""
    data = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=y, logits=model(x, training=False)))
    weights = [v.value for v in model.trainable_variables if v.path.endswith("kernel")]
    return data + lam * (l2_penalty(weights) if kind == "l2" else l1_penalty(weights))


def slide_dropout__rate_one(x, rate, training, mask=None, seed=0):
    """rate = 1 is a ValueError."""
    if not 0 <= rate <= 1:
        raise ValueError
    if not training:
        return x * (1 - rate)
    mask = tf.random.stateless_uniform(tf.shape(x), seed=(seed, 0), dtype=x.dtype) >= rate if mask is None else mask
    return x * tf.cast(mask, x.dtype)


def slide_dropout__negative_rate(x, rate, training, mask=None, seed=0):
    """A negative rate is a ValueError."""
    if rate >= 1:
        raise ValueError
    if not training:
        return x * (1 - rate)
    mask = tf.random.stateless_uniform(tf.shape(x), seed=(seed, 0), dtype=x.dtype) >= rate if mask is None else mask
    return x * tf.cast(mask, x.dtype)


def slide_dropout__one_mask_for_all_rows(x, rate, training, mask=None, seed=0):
    """Each sample has a mask of its own."""
    if not 0 <= rate < 1:
        raise ValueError
    if not training:
        return x * (1 - rate)
    mask = tf.random.stateless_uniform(tf.shape(x)[-1:], seed=(seed, 0), dtype=x.dtype) >= rate if mask is None else mask
    return x * tf.cast(mask, x.dtype)


def slide_dropout__half(x, rate, training, mask=None, seed=0):
    """At test time the outputs are multiplied by 1 - rate, not by 1/2."""
    if not 0 <= rate < 1:
        raise ValueError
    if not training:
        return x * 0.5
    mask = tf.random.stateless_uniform(tf.shape(x), seed=(seed, 0), dtype=x.dtype) >= rate if mask is None else mask
    return x * tf.cast(mask, x.dtype)


def slide_dropout__keeps_rate(x, rate, training, mask=None, seed=0):
    """rate is the probability to drop."""
    if not 0 <= rate < 1:
        raise ValueError
    if not training:
        return x * (1 - rate)
    mask = tf.random.stateless_uniform(tf.shape(x), seed=(seed, 0), dtype=x.dtype) < rate if mask is None else mask
    return x * tf.cast(mask, x.dtype)


def inverted_dropout__not_scaled(x, rate, training, mask=None, seed=0):
    """Training scales up."""
    if not 0 <= rate < 1:
        raise ValueError
    if not training:
        return x
    mask = tf.random.stateless_uniform(tf.shape(x), seed=(seed, 0), dtype=x.dtype) >= rate if mask is None else mask
    return x * tf.cast(mask, x.dtype)


def inverted_dropout__unseeded(x, rate, training, mask=None, seed=0):
    """The mask is drawn from the seed."""
    if not 0 <= rate < 1:
        raise ValueError
    if not training:
        return x
    mask = tf.random.uniform(tf.shape(x), dtype=x.dtype) >= rate if mask is None else mask
    return x * tf.cast(mask, x.dtype) / (1 - rate)


def batch_norm__sample_variance(x, gamma, beta, state, training, momentum=0.99, eps=1e-3):
    """The variance is the population's; one row is finite."""
    if not training:
        return gamma * (x - state["mean"]) / tf.sqrt(state["var"] + eps) + beta, dict(state)
    mu = tf.reduce_mean(x, axis=0)
    var = tf.reduce_sum((x - mu) ** 2, axis=0) / max(x.shape[0] - 1, 1)
    new = {"mean": momentum * state["mean"] + (1 - momentum) * mu, "var": momentum * state["var"] + (1 - momentum) * var}
    return gamma * (x - mu) / tf.sqrt(var + eps) + beta, new


def batch_norm__momentum_exchanged(x, gamma, beta, state, training, momentum=0.99, eps=1e-3):
    """momentum weighs the old state."""
    if not training:
        return gamma * (x - state["mean"]) / tf.sqrt(state["var"] + eps) + beta, dict(state)
    mu = tf.reduce_mean(x, axis=0)
    var = tf.reduce_mean((x - mu) ** 2, axis=0)
    new = {"mean": (1 - momentum) * state["mean"] + momentum * mu, "var": (1 - momentum) * state["var"] + momentum * var}
    return gamma * (x - mu) / tf.sqrt(var + eps) + beta, new


def batch_norm__other_eps(x, gamma, beta, state, training, momentum=0.99, eps=1e-5):
    """eps is 1e-3 by default."""
    if not training:
        return gamma * (x - state["mean"]) / tf.sqrt(state["var"] + eps) + beta, dict(state)
    mu = tf.reduce_mean(x, axis=0)
    var = tf.reduce_mean((x - mu) ** 2, axis=0)
    new = {"mean": momentum * state["mean"] + (1 - momentum) * mu, "var": momentum * state["var"] + (1 - momentum) * var}
    return gamma * (x - mu) / tf.sqrt(var + eps) + beta, new


def batch_norm__other_momentum(x, gamma, beta, state, training, momentum=0.9, eps=1e-3):
    """momentum is 0.99 by default."""
    if not training:
        return gamma * (x - state["mean"]) / tf.sqrt(state["var"] + eps) + beta, dict(state)
    mu = tf.reduce_mean(x, axis=0)
    var = tf.reduce_mean((x - mu) ** 2, axis=0)
    new = {"mean": momentum * state["mean"] + (1 - momentum) * mu, "var": momentum * state["var"] + (1 - momentum) * var}
    return gamma * (x - mu) / tf.sqrt(var + eps) + beta, new


def batch_norm__constants(x, gamma, beta, state, training, momentum=0.99, eps=1e-3):
    """Gradients flow through the statistics."""
    if not training:
        return gamma * (x - state["mean"]) / tf.sqrt(state["var"] + eps) + beta, dict(state)
    mu = tf.stop_gradient(tf.reduce_mean(x, axis=0))
    var = tf.stop_gradient(tf.reduce_mean((x - mu) ** 2, axis=0))
    new = {"mean": momentum * state["mean"] + (1 - momentum) * mu, "var": momentum * state["var"] + (1 - momentum) * var}
    return gamma * (x - mu) / tf.sqrt(var + eps) + beta, new


def batch_norm__given_state_changed(x, gamma, beta, state, training, momentum=0.99, eps=1e-3):
    """The given state is not modified."""
    if training:
        mu = tf.reduce_mean(x, axis=0)
        var = tf.reduce_mean((x - mu) ** 2, axis=0)
        state["mean"] = momentum * state["mean"] + (1 - momentum) * mu
        state["var"] = momentum * state["var"] + (1 - momentum) * var
    else:
        mu, var = state["mean"], state["var"]
    return gamma * (x - mu) / tf.sqrt(var + eps) + beta, state


def stochastic_depth__gate_at_test(x, branch, layer, num_layers, p_last, training, gate=None):
    """At test time the branch is weighed by p_l."""
    return x + (gate if gate is not None else 1.0) * branch


def stochastic_depth__one_p(x, branch, layer, num_layers, p_last, training, gate=None):
    """p_l falls with the layer."""
    return x + (gate if training else p_last) * branch


def stochastic_depth__layers_from_zero(x, branch, layer, num_layers, p_last, training, gate=None):
    """Layers are counted from 1 to L."""
    return x + (gate if training else 1 - (layer - 1) / num_layers * (1 - p_last)) * branch


def stochastic_depth__weighed_while_training(x, branch, layer, num_layers, p_last, training, gate=None):
    """While training the branch is gated and not weighed."""
    p = 1 - layer / num_layers * (1 - p_last)
    return x + (gate * p if training else p) * branch


def geometric_mean_ensemble__product(probs):
    """500 models do not underflow."""
    q = np.prod(np.asarray(probs), axis=0) ** (1 / len(probs))
    return q / q.sum(axis=-1, keepdims=True)


def geometric_mean_ensemble__not_normalised(probs):
    """Rows sum to 1."""
    with np.errstate(divide="ignore"):
        return np.exp(np.log(np.asarray(probs)).mean(axis=0))


def geometric_mean_ensemble__arithmetic(probs):
    """The mean is geometric."""
    return np.asarray(probs).mean(axis=0)


def geometric_mean_ensemble__clipped(probs):
    """A probability 0 gives 0 exactly."""
    logs = np.log(np.clip(probs, 1e-7, 1)).mean(axis=0)
    q = np.exp(logs - logs.max(axis=-1, keepdims=True))
    return q / q.sum(axis=-1, keepdims=True)


def build_regularized_mlp__output_free(input_dim, num_classes, hidden=(64,), l1=0.0, l2=1e-3, seed=0):
    """The output layer is regularised, too."""
    init, layers = keras.initializers.GlorotUniform, [keras.Input((input_dim,))]
    for i, h in enumerate(hidden):
        layers.append(keras.layers.Dense(h, activation="relu", kernel_regularizer=keras.regularizers.L1L2(l1=l1, l2=l2), kernel_initializer=init(seed + i)))
    return keras.Sequential([*layers, keras.layers.Dense(num_classes, kernel_initializer=init(seed + len(hidden)))])


def build_regularized_mlp__other_default(input_dim, num_classes, hidden=(64,), l1=0.0, l2=1e-2, seed=0):
    """l2 is 1e-3 by default."""
    init, layers = keras.initializers.GlorotUniform, [keras.Input((input_dim,))]
    for i, h in enumerate(hidden):
        layers.append(keras.layers.Dense(h, activation="relu", kernel_regularizer=keras.regularizers.L1L2(l1=l1, l2=l2), kernel_initializer=init(seed + i)))
    return keras.Sequential([*layers, keras.layers.Dense(num_classes, kernel_regularizer=keras.regularizers.L1L2(l1=l1, l2=l2), kernel_initializer=init(seed + len(hidden)))])


def build_dropout_mlp__after_the_output(input_dim, num_classes, hidden=(64,), rate=0.5, seed=0):
    """There is no dropout after the output."""
    init, layers = keras.initializers.GlorotUniform, [keras.Input((input_dim,))]
    for i, h in enumerate(hidden):
        layers += [keras.layers.Dense(h, activation="relu", kernel_initializer=init(seed + i)), keras.layers.Dropout(rate)]
    return keras.Sequential([*layers, keras.layers.Dense(num_classes, kernel_initializer=init(seed + len(hidden))), keras.layers.Dropout(rate)])


def build_dropout_mlp__other_default(input_dim, num_classes, hidden=(64,), rate=0.4, seed=0):
    """rate is 0.5 by default."""
    init, layers = keras.initializers.GlorotUniform, [keras.Input((input_dim,))]
    for i, h in enumerate(hidden):
        layers += [keras.layers.Dense(h, activation="relu", kernel_initializer=init(seed + i)), keras.layers.Dropout(rate)]
    return keras.Sequential([*layers, keras.layers.Dense(num_classes, kernel_initializer=init(seed + len(hidden)))])
