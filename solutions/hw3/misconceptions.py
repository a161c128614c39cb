"""hw3: known wrong answers. Each is one change of the reference, with the sentence for whoever made that mistake."""

from autograder import Misconception

misconceptions = [
    # leaky_relu -----------------------------------------------------------------------------------------------------
    Misconception(
        "leaky-max-form",
        "leaky_relu",
        "Right for alpha < 1 only: for alpha = 2 the larger of the two is the wrong branch.",
        ("tf.where(z > 0, z, alpha * z)", "tf.maximum(z, alpha * z)"),
    ),
    Misconception(
        "leaky-alpha-on-positive",
        "leaky_relu",
        "The small slope sits on the wrong side.",
        ("tf.where(z > 0, z, alpha * z)", "tf.where(z > 0, alpha * z, z)"),
    ),
    Misconception(
        "leaky-returns-alpha",
        "leaky_relu",
        "For negative z you return the slope itself instead of slope times z.",
        ("alpha * z)", "tf.ones_like(z) * alpha)"),
    ),
    Misconception(
        "leaky-ignores-alpha",
        "leaky_relu",
        "alpha has no effect.",
        ("alpha * z)", "0.01 * z)"),
    ),
    # softplus -------------------------------------------------------------------------------------------------------
    Misconception(
        "softplus-clipped-exp",
        "softplus",
        "Finite, but the curve goes flat at 50 and its gradient dies there.",
        ("tf.reduce_logsumexp(tf.stack([z, tf.zeros_like(z)]), axis=0)", "tf.math.log(1.0 + tf.exp(tf.minimum(z, 50.0)))"),
    ),
    Misconception(
        "softplus-no-one",
        "softplus",
        "You return z itself: log(e^z). Which constant is added to e^z?",
        ("tf.zeros_like(z)", "tf.fill(tf.shape(z), tf.constant(-1e9, z.dtype))"),
    ),
    Misconception(
        "softplus-log2",
        "softplus",
        "All values are too large by the same factor 1.44: which logarithm?",
        (
            "return tf.reduce_logsumexp(tf.stack([z, tf.zeros_like(z)]), axis=0)",
            "return tf.reduce_logsumexp(tf.stack([z, tf.zeros_like(z)]), axis=0) / tf.cast(np.log(2.0), z.dtype)",
        ),
    ),
    Misconception(
        "softplus-stable-max-abs",
        "softplus",
        "The usual stable form, as good as the reference's.",
        (
            "tf.reduce_logsumexp(tf.stack([z, tf.zeros_like(z)]), axis=0)",
            "tf.maximum(z, 0.0) + tf.math.log1p(tf.exp(-tf.abs(z)))",
        ),
        harmless=True,
    ),
    Misconception(
        "softplus-naive",
        "softplus",
        "Right for small z only: from z = 89 on, e^z is infinite in float32, and from 710 on in float64.",
        ("tf.reduce_logsumexp(tf.stack([z, tf.zeros_like(z)]), axis=0)", "tf.math.log(1.0 + tf.exp(z))"),
    ),
    Misconception(
        "softplus-where-exp",
        "softplus",
        "The values are right, the gradient is not: tf.where differentiates both branches, also the one that overflows.",
        ("tf.reduce_logsumexp(tf.stack([z, tf.zeros_like(z)]), axis=0)", "tf.where(z > 30.0, z, tf.math.log(1.0 + tf.exp(z)))"),
    ),
    # hard_tanh ------------------------------------------------------------------------------------------------------
    Misconception(
        "hard-zero-one",
        "hard_tanh",
        "Negative inputs are cut at 0: the slide says between -1 and 1.",
        ("-1.0, 1.0", "0.0, 1.0"),
    ),
    Misconception(
        "hard-min-max-swapped",
        "hard_tanh",
        "The output is constant: one of min and max is at the wrong place.",
        ("tf.clip_by_value(z, -1.0, 1.0)", "tf.minimum(-1.0, tf.maximum(1.0, z))"),
    ),
    Misconception(
        "hard-sign",
        "hard_tanh",
        "The middle part is missing and every gradient is 0.",
        ("tf.clip_by_value(z, -1.0, 1.0)", "tf.sign(z)"),
    ),
    # rbf ------------------------------------------------------------------------------------------------------------
    Misconception(
        "rbf-two-sigma-squared",
        "rbf",
        "The logarithm of your output is exactly half of the expected one: the slide's denominator has no 2.",
        ("/ sigma ** 2)", "/ (2.0 * sigma ** 2))"),
    ),
    Misconception(
        "rbf-sigma-not-squared",
        "rbf",
        "Right for sigma = 1 only.",
        ("sigma ** 2)", "sigma)"),
    ),
    Misconception(
        "rbf-norm-not-squared",
        "rbf",
        "The distance itself is used instead of its square; at a perfect match its gradient is nan.",
        ("tf.reduce_sum(diff ** 2, axis=-1)", "tf.norm(diff, axis=-1)"),
    ),
    Misconception(
        "rbf-dot-product",
        "rbf",
        "A template equal to the input should give exactly 1.",
        ("tf.exp(-tf.reduce_sum(diff ** 2, axis=-1) / sigma ** 2)", "tf.exp(-tf.matmul(z, w, transpose_b=True) / sigma ** 2)"),
    ),
    Misconception(
        "rbf-transposed",
        "rbf",
        "One row per sample, one column per template: yours is the other way round.",
        ("z[:, None, :] - w[None, :, :]", "z[None, :, :] - w[:, None, :]"),
    ),
    # softmax --------------------------------------------------------------------------------------------------------
    Misconception(
        "softmax-axis-zero",
        "softmax",
        "Your columns sum to 1 instead of your rows.",
        ("tf.reduce_sum(e, axis=-1, keepdims=True)", "tf.reduce_sum(e, axis=0, keepdims=True)"),
    ),
    Misconception(
        "softmax-all-axes",
        "softmax",
        "The whole batch sums to 1; every sample should.",
        ("tf.reduce_sum(e, axis=-1, keepdims=True)", "tf.reduce_sum(e)"),
    ),
    Misconception(
        "softmax-max-over-batch-axis",
        "softmax",
        "The shift differs from class to class, which changes the probabilities: it must be one number per row.",
        ("tf.reduce_max(z, axis=-1, keepdims=True)", "tf.reduce_max(z, axis=0, keepdims=True)"),
    ),
    Misconception(
        "softmax-global-max",
        "softmax",
        "Rows whose largest logit is far below the batch maximum underflow to 0/0.",
        ("tf.reduce_max(z, axis=-1, keepdims=True)", "tf.reduce_max(z)"),
    ),
    Misconception(
        "softmax-abs",
        "softmax",
        "No exponential: probabilities are not monotone in the logits.",
        ("tf.exp(z -", "tf.abs(z -"),
    ),
    Misconception(
        "softmax-not-shifted",
        "softmax",
        "Right for small logits only: e^1000 is infinite, and inf / inf is nan.",
        ("z - tf.reduce_max(z, axis=-1, keepdims=True)", "z"),
    ),
    Misconception(
        "softmax-axis-one",
        "softmax",
        "Right for matrices only: the classes run along the LAST axis, whatever the number of axes.",
        ("tf.reduce_max(z, axis=-1, keepdims=True)", "tf.reduce_max(z, axis=1, keepdims=True)"),
        ("tf.reduce_sum(e, axis=-1, keepdims=True)", "tf.reduce_sum(e, axis=1, keepdims=True)"),
    ),
    Misconception(
        "softmax-no-keepdims",
        "softmax",
        "The sums have shape (N,), and broadcasting takes them for one row: for N = K, column j is divided by the sum of row j.",
        ("tf.reduce_sum(e, axis=-1, keepdims=True)", "tf.reduce_sum(e, axis=-1)"),
    ),
    # one_hot --------------------------------------------------------------------------------------------------------
    Misconception(
        "onehot-width-from-data",
        "one_hot",
        "The number of columns depends on which labels happen to occur.",
        ("(len(labels), num_classes)", "(len(labels), labels.max() + 1)"),
    ),
    Misconception(
        "onehot-int",
        "one_hot",
        "The values are right, the type is not: losses multiply this with floats.",
        ("dtype=np.float32", "dtype=int"),
    ),
    Misconception(
        "onehot-transposed",
        "one_hot",
        "Classes run along the rows.",
        ("return out", "return out.T"),
    ),
    Misconception(
        "onehot-unchecked",
        "one_hot",
        "A label out of range must be refused: fancy indexing takes -1 for the last class.",
        ("if labels.size and not (labels.min() >= 0 and labels.max() < num_classes):", "if False:"),
    ),
    Misconception(
        "onehot-one-based",
        "one_hot",
        "Classes count from 0: your one stands a column too far to the left.",
        ("out[np.arange(len(labels)), labels] = 1.0", "out[np.arange(len(labels)), labels - 1] = 1.0"),
    ),
    # slide_cross_entropy --------------------------------------------------------------------------------------------
    Misconception(
        "sce-standard-only",
        "slide_cross_entropy",
        "That is the usual categorical loss; the slide's sum also charges the wrong classes.",
        (" + (1.0 - d) * tf.math.log(1.0 - y)", ""),
    ),
    Misconception(
        "sce-sign",
        "slide_cross_entropy",
        "The loss is negative.",
        ("return -tf", "return tf"),
    ),
    Misconception(
        "sce-mean-over-classes",
        "slide_cross_entropy",
        "Exactly 1/K of the expected value: the slide sums over k (Keras's binary_crossentropy averages).",
        ("-tf.reduce_sum(d", "-tf.reduce_mean(d"),
    ),
    Misconception(
        "sce-no-clip",
        "slide_cross_entropy",
        "nan for a certain prediction: 0 * log 0.",
        ("tf.clip_by_value(y, eps, 1.0 - eps)", "y"),
    ),
    Misconception(
        "sce-swapped",
        "slide_cross_entropy",
        "The loss is smallest for the worst prediction.",
        ("d * tf.math.log(y) + (1.0 - d) * tf.math.log(1.0 - y)", "d * tf.math.log(1.0 - y) + (1.0 - d) * tf.math.log(y)"),
    ),
    Misconception(
        "sce-mean-over-batch",
        "slide_cross_entropy",
        "One value per sample is asked for.",
        (
            "return -tf.reduce_sum(d * tf.math.log(y) + (1.0 - d) * tf.math.log(1.0 - y), axis=-1)",
            "return tf.reduce_mean(-tf.reduce_sum(d * tf.math.log(y) + (1.0 - d) * tf.math.log(1.0 - y), axis=-1))",
        ),
    ),
    Misconception(
        "sce-log-1p",
        "slide_cross_entropy",
        "Zero loss at y = 0: check the argument of the logarithm.",
        ("tf.math.log(y)", "tf.math.log1p(y)"),
    ),
    Misconception(
        "sce-ignores-eps",
        "slide_cross_entropy",
        "eps has no effect.",
        ("tf.clip_by_value(y, eps, 1.0 - eps)", "tf.clip_by_value(y, 1e-7, 1.0 - 1e-7)"),
    ),
    # softmax_cross_entropy ------------------------------------------------------------------------------------------
    Misconception(
        "ce-sum",
        "softmax_cross_entropy",
        "N times too large: the learning rate would depend on the batch size.",
        ("tf.reduce_mean(lse - picked)", "tf.reduce_sum(lse - picked)"),
    ),
    Misconception(
        "ce-log-of-softmax",
        "softmax_cross_entropy",
        "inf for confident wrong logits: the probability underflows to 0 before the log.",
        (
            "    return tf.reduce_mean(lse - picked)",
            "    p = tf.exp(logits - m) / tf.reduce_sum(tf.exp(logits - m), axis=-1, keepdims=True)\n"
            "    return -tf.reduce_mean(tf.math.log(tf.gather(p, tf.cast(labels, tf.int32), axis=1, batch_dims=1)))",
        ),
    ),
    Misconception(
        "ce-forgets-to-add-max",
        "softmax_cross_entropy",
        "The shift was subtracted but never added back; the loss can even be negative.",
        (" + m[:, 0]", ""),
    ),
    Misconception(
        "ce-wrong-gather",
        "softmax_cross_entropy",
        "Every sample uses the label of the first one.",
        (
            "tf.gather(logits, tf.cast(labels, tf.int32), axis=1, batch_dims=1)",
            "tf.gather(logits, tf.cast(labels, tf.int32), axis=1)[:, 0]",
        ),
    ),
    Misconception(
        "ce-treats-logits-as-probs",
        "softmax_cross_entropy",
        "nan for negative logits: the input is not yet a probability.",
        ("tf.reduce_mean(lse - picked)", "-tf.reduce_mean(tf.math.log(picked))"),
    ),
    Misconception(
        "ce-naive-lse",
        "softmax_cross_entropy",
        "Right for small logits only: shift by the row maximum before the exponential.",
        (
            "tf.math.log(tf.reduce_sum(tf.exp(logits - m), axis=-1)) + m[:, 0]",
            "tf.math.log(tf.reduce_sum(tf.exp(logits), axis=-1))",
        ),
    ),
    Misconception(
        "ce-per-sample",
        "softmax_cross_entropy",
        "One value per sample; the loss is their mean.",
        ("tf.reduce_mean(lse - picked)", "lse - picked"),
    ),
    Misconception(
        "ce-negative",
        "softmax_cross_entropy",
        "The sign is wrong: the loss of a wrong, confident answer must be large and positive.",
        ("lse - picked", "picked - lse"),
    ),
    # minibatches ----------------------------------------------------------------------------------------------------
    Misconception(
        "mini-with-replacement",
        "minibatches",
        "Some samples appear twice and others never.",
        ("permutation(len(X))", "integers(0, len(X), len(X))"),
    ),
    Misconception(
        "mini-shuffles-separately",
        "minibatches",
        "Inputs and labels no longer belong together.",
        ("yield X[idx], y[idx]", "yield X[idx], y[i:i + batch_size]"),
    ),
    Misconception(
        "mini-shuffles-in-place",
        "minibatches",
        "The caller's arrays come back in another order.",
        (
            "    order = np.random.default_rng(seed).permutation(len(X))\n",
            "    np.random.default_rng(seed).shuffle(y)\n"
            "    np.random.default_rng(seed).shuffle(X)\n"
            "    order = np.arange(len(X))\n",
        ),
    ),
    Misconception(
        "mini-ignores-seed",
        "minibatches",
        "Two different seeds give the same order.",
        ("default_rng(seed).perm", "default_rng(0).perm"),
    ),
    Misconception(
        "mini-not-shuffled",
        "minibatches",
        "The samples come in the order of X: one epoch visits them in a random order.",
        ("np.random.default_rng(seed).permutation(len(X))", "np.arange(len(X))"),
    ),
    Misconception(
        "mini-shuffles-inside-batches",
        "minibatches",
        "Each piece is shuffled after it was cut, so the same samples always meet: shuffle all of them first.",
        ("order = np.random.default_rng(seed).permutation(len(X))", "rng = np.random.default_rng(seed)"),
        ("order[i : i + batch_size]", "i + rng.permutation(len(X[i : i + batch_size]))"),
    ),
    Misconception(
        "mini-drops-last",
        "minibatches",
        "The last, smaller piece is missing: its samples would never be trained on in this epoch.",
        ("range(0, len(X), batch_size)", "range(0, len(X) - batch_size + 1, batch_size)"),
    ),
    # momentum_step --------------------------------------------------------------------------------------------------
    Misconception(
        "mom-nesterov",
        "momentum_step",
        "v is right, w is ahead of it: that is Nesterov's look-ahead step.",
        ("return w - v_new, v_new", "return w - (alpha * v_new + lr * grad), v_new"),
    ),
    Misconception(
        "mom-uses-old-v",
        "momentum_step",
        "One step late: w moves with the velocity from before the update.",
        ("return w - v_new", "return w - v"),
    ),
    Misconception(
        "mom-alpha-on-gradient",
        "momentum_step",
        "With alpha = 0 nothing moves at all; it should become plain gradient descent.",
        ("alpha * v + lr * grad", "v + alpha * lr * grad"),
    ),
    Misconception(
        "mom-v-in-place",
        "momentum_step",
        "The caller's velocity array was overwritten.",
        ("v_new = alpha * v + lr * grad", "v *= alpha; v += lr * grad; v_new = v"),
    ),
    Misconception(
        "mom-lr-outside",
        "momentum_step",
        "That is PyTorch's form, with lr outside of the velocity: the same while lr is constant, not when it changes.",
        ("alpha * v + lr * grad", "alpha * v + grad"),
        ("return w - v_new", "return w - lr * v_new"),
    ),
    Misconception(
        "mom-ascent",
        "momentum_step",
        "The weights move with the gradient, uphill.",
        ("return w - v_new", "return w + v_new"),
    ),
    Misconception(
        "mom-averaged",
        "momentum_step",
        "That is an average of gradients, with (1 - alpha) before the new one: with alpha = 0.9 a step is ten times too short.",
        ("alpha * v + lr * grad", "alpha * v + (1 - alpha) * lr * grad"),
    ),
    # descend --------------------------------------------------------------------------------------------------------
    Misconception(
        "desc-gradient-at-start",
        "descend",
        "The gradient never changes: it has to be evaluated where you are now.",
        ("grad_fn(w), lr", "grad_fn(w0), lr"),
    ),
    Misconception(
        "desc-velocity-reset",
        "descend",
        "Momentum has no effect: the velocity is forgotten after every step.",
        ("        w, v = momentum_step(w, v,", "        w, _ = momentum_step(w, v,"),
    ),
    Misconception(
        "desc-one-too-many",
        "descend",
        "One step too many.",
        ("range(steps)", "range(steps + 1)"),
    ),
    Misconception(
        "desc-without-start",
        "descend",
        "path[0] is the start, before any step.",
        ("return np.array(path)", "return np.array(path[1:])"),
    ),
    Misconception(
        "desc-only-the-end",
        "descend",
        "The whole path is asked for, not only where it ends.",
        ("return np.array(path)", "return path[-1]"),
    ),
    # train_step -----------------------------------------------------------------------------------------------------
    Misconception(
        "step-inference-mode",
        "train_step",
        "Dense layers train, but BatchNormalization did not update its statistics: the model ran in inference mode.",
        ("training=True))\n", "training=False))\n"),
    ),
    Misconception(
        "step-swapped-loss-args",
        "train_step",
        "Keras losses take (y_true, y_pred), in this order.",
        ("loss_fn(y, model(x, training=True))\n", "loss_fn(model(x, training=True), y)\n"),
    ),
    Misconception(
        "step-twice",
        "train_step",
        "Two updates in one step: the optimizer's counter advances by 2.",
        (
            "    return float(loss)",
            "    optimizer.apply_gradients(zip(grads, model.trainable_variables))\n    return float(loss)",
        ),
    ),
    Misconception(
        "step-manual-sgd",
        "train_step",
        "The first step is right, later ones are not: the optimizer's momentum is by-passed.",
        (
            "optimizer.apply_gradients(zip(grads, model.trainable_variables, strict=True))",
            "[v.assign_sub(optimizer.learning_rate * g) for v, g in zip(model.trainable_variables, grads)]",
        ),
    ),
    Misconception(
        "step-gradient-sign",
        "train_step",
        "The loss rises: optimizers already subtract.",
        ("zip(grads, model", "zip([-g for g in grads], model"),
    ),
    Misconception(
        "step-loss-after",
        "train_step",
        "The loss is that of the updated weights: the one before the update is asked for.",
        ("return float(loss)", "return float(loss_fn(y, model(x, training=True)))"),
    ),
    Misconception(
        "step-all-weights",
        "train_step",
        "Frozen layers moved as well: take the gradients of the trainable variables only.",
        (
            "tape.gradient(loss, model.trainable_variables)",
            "tape.gradient(loss, [v.value for l in model.layers for v in l._trainable_variables])",
        ),
        (
            "zip(grads, model.trainable_variables, strict=True)",
            "zip(grads, [v for l in model.layers for v in l._trainable_variables], strict=True)",
        ),
    ),
    Misconception(
        "step-no-update",
        "train_step",
        "The weights never move: the gradients have to reach the optimizer.",
        ("    optimizer.apply_gradients(zip(grads, model.trainable_variables, strict=True))  # step()\n", ""),
    ),
    # layer_gradient_norms -------------------------------------------------------------------------------------------
    Misconception(
        "norms-with-biases",
        "layer_gradient_norms",
        "Too many entries: biases and normalisation parameters are not asked for.",
        ('[v for v in model.trainable_variables if v.path.endswith("kernel")]', "model.trainable_variables"),
    ),
    Misconception(
        "norms-squared",
        "layer_gradient_norms",
        "You return the squared norms.",
        ("float(tf.norm(g))", "float(tf.reduce_sum(g ** 2))"),
    ),
    Misconception(
        "norms-mean-abs",
        "layer_gradient_norms",
        "The average size of an entry hides how many entries there are; the L2 norm is asked for.",
        ("float(tf.norm(g))", "float(tf.reduce_mean(tf.abs(g)))"),
    ),
    Misconception(
        "norms-reversed",
        "layer_gradient_norms",
        "Last layer first: the list should start at the input.",
        ("for g in grads])", "for g in grads[::-1]])"),
    ),
    Misconception(
        "norms-of-weights",
        "layer_gradient_norms",
        "These are norms of the weights, not of their gradients.",
        ("float(tf.norm(g)) for g in grads", "float(tf.norm(k)) for k in kernels"),
    ),
    Misconception(
        "norms-update-weights",
        "layer_gradient_norms",
        "The weights changed: measuring the gradient must not apply it.",
        (
            "    return np.array([",
            "    for k, g in zip(kernels, grads, strict=True):\n        k.assign_sub(0.1 * g)\n    return np.array([",
        ),
    ),
    Misconception(
        "norms-inference-mode",
        "layer_gradient_norms",
        "Right without BatchNormalization only: the model was called in inference mode.",
        ("model(x, training=True))\n", "model(x, training=False))\n"),
    ),
    Misconception(
        "norms-frozen-too",
        "layer_gradient_norms",
        "Frozen kernels have no part in training: one entry per TRAINABLE kernel.",
        ("model.trainable_variables if", "model.variables if"),
    ),
    # build_deep_mlp -------------------------------------------------------------------------------------------------
    Misconception(
        "deep-no-activation",
        "build_deep_mlp",
        "Without activations all depth collapses to one linear map.",
        ("keras.layers.Activation(activation)(z)", "z"),
    ),
    Misconception(
        "deep-softmax-output",
        "build_deep_mlp",
        "The last layer returns probabilities; logits are asked for.",
        ("Dense(num_classes, kernel", "Dense(num_classes, activation='softmax', kernel"),
    ),
    Misconception(
        "deep-one-layer-short",
        "build_deep_mlp",
        "One hidden layer is missing.",
        ("range(depth)", "range(depth - 1)"),
    ),
    Misconception(
        "deep-same-seed",
        "build_deep_mlp",
        "All layers start with identical kernels.",
        ("init(seed + i)", "init(seed)"),
    ),
    Misconception(
        "deep-bn-after-activation",
        "build_deep_mlp",
        "BatchNormalization comes after the activation; the definition normalises what goes INTO it.",
        (
            "            z = keras.layers.BatchNormalization()(z)\n        a = keras.layers.Activation(activation)(z)\n",
            "            z = keras.layers.BatchNormalization()(keras.layers.Activation(activation)(z))\n"
            "        a = z if batch_norm else keras.layers.Activation(activation)(z)\n",
        ),
    ),
    Misconception(
        "deep-no-skip",
        "build_deep_mlp",
        "skip has no effect.",
        ("if skip and h.shape[-1] == width else a", "if False else a"),
    ),
    Misconception(
        "deep-skip-before-activation",
        "build_deep_mlp",
        "The skip connection joins before the activation; the definition adds h to the activated block.",
        (
            "        a = keras.layers.Activation(activation)(z)\n"
            "        h = keras.layers.Add()([h, a]) if skip and h.shape[-1] == width else a",
            "        h = keras.layers.Activation(activation)(keras.layers.Add()([h, z]) if skip and h.shape[-1] == width else z)",
        ),
    ),
    Misconception(
        "deep-activation-hardcoded",
        "build_deep_mlp",
        "The activation argument has no effect.",
        ("Activation(activation)", 'Activation("tanh")'),
    ),
    Misconception(
        "deep-bn-without-bias",
        "build_deep_mlp",
        "The Dense layer before BatchNormalization keeps its bias here.",
        (
            "Dense(width, kernel_initializer=init(seed + i))",
            "Dense(width, use_bias=not batch_norm, kernel_initializer=init(seed + i))",
        ),
    ),
    Misconception(
        "deep-ignores-num-classes",
        "build_deep_mlp",
        "num_classes has no effect.",
        ("Dense(num_classes, kernel", "Dense(10, kernel"),
    ),
]
