"""hw2: known wrong answers. Each is one change of the reference, with the sentence for whoever made that mistake."""

from autograder import Misconception

misconceptions = [
    # sigmoid -------------------------------------------------------------------------------------------------------
    Misconception(
        "sigmoid-numpy",
        "sigmoid",
        "The gradient is None: a numpy call leaves the tape.",
        ("0.5 * (1.0 + tf.tanh(0.5 * z))", "tf.constant(1.0 / (1.0 + np.exp(-z)))"),
    ),
    Misconception(
        "sigmoid-is-tanh",
        "sigmoid",
        "Your values run from -1 to 1; which interval does the logistic function map to?",
        ("0.5 * (1.0 + tf.tanh(0.5 * z))", "tf.tanh(z)"),
    ),
    Misconception(
        "sigmoid-missing-half",
        "sigmoid",
        "Right at 0 and at both ends, but too steep in between: compare your slope at 0 with 1/4.",
        ("tf.tanh(0.5 * z)", "tf.tanh(z)"),
    ),
    Misconception(
        "sigmoid-naive-exp",
        "sigmoid",
        "The values are right, but for large negative z the gradient is nan: e^-z overflows on the way to a value of 0.",
        ("0.5 * (1.0 + tf.tanh(0.5 * z))", "1.0 / (1.0 + tf.exp(-z))"),
    ),
    Misconception(
        "sigmoid-where-nan-gradient",
        "sigmoid",
        "tf.where differentiates both branches, the unused one too, and 0 times infinity is nan: make both branches safe.",
        ("0.5 * (1.0 + tf.tanh(0.5 * z))", "tf.where(z >= 0, 1.0 / (1.0 + tf.exp(-z)), tf.exp(z) / (1.0 + tf.exp(z)))"),
    ),
    Misconception(
        "sigmoid-clips-z",
        "sigmoid",
        "Allowed in practice: values differ by at most 2e-9.",
        ("0.5 * (1.0 + tf.tanh(0.5 * z))", "1.0 / (1.0 + tf.exp(-tf.clip_by_value(z, -20.0, 20.0)))"),
        harmless=True,
    ),
    # activation_derivative -----------------------------------------------------------------------------------------
    Misconception(
        "actd-of-output",
        "activation_derivative",
        "That formula wants the OUTPUT u = tanh(z); the argument here is the pre-activation z.",
        ("1.0 - np.tanh(z) ** 2", "1.0 - z ** 2"),
    ),
    Misconception(
        "actd-sigmoid-value",
        "activation_derivative",
        "You return the activation, not its slope.",
        ("return s * (1.0 - s)", "return s"),
    ),
    Misconception(
        "actd-tanh-unsquared",
        "activation_derivative",
        "Your derivative of tanh is larger than 1 for negative z, which contradicts the slide's bound.",
        ("np.tanh(z) ** 2", "np.tanh(z)"),
    ),
    Misconception(
        "actd-relu-ge",
        "activation_derivative",
        "Only z = 0 differs; the convention here gives slope 0 there.",
        ("(z > 0)", "(z >= 0)"),
    ),
    Misconception(
        "actd-relu-returns-z",
        "activation_derivative",
        "For positive z the slope of ReLU is a constant; yours grows with z.",
        ("(z > 0).astype(float)", "np.maximum(z, 0)"),
    ),
    Misconception(
        "actd-linear-scalar",
        "activation_derivative",
        "Return an array of z's shape, also when the derivative is the same everywhere.",
        ("np.ones_like(z)", "1.0"),
    ),
    # half_squared_error --------------------------------------------------------------------------------------------
    Misconception(
        "hse-abs",
        "half_squared_error",
        "E must grow with the square of the error.",
        ("0.5 * (f - y) ** 2", "abs(f - y)"),
    ),
    # forward_221 ---------------------------------------------------------------------------------------------------
    Misconception(
        "fwd-w2-w3-swapped",
        "forward_221",
        "h1 and h2 are both off while the rest follows from them: check which weight leaves which input (w1, w2 belong to h1).",
        ('x[1] * p["w2"]', 'x[1] * p["w3"]'),
        ('x[0] * p["w3"]', 'x[0] * p["w2"]'),
    ),
    Misconception(
        "fwd-tanh-on-output",
        "forward_221",
        "Everything up to u2 is right; the output unit of the slide has no activation.",
        ('f = u1 * p["w5"] + u2 * p["w6"] + p["b3"]', 'f = np.tanh(u1 * p["w5"] + u2 * p["w6"] + p["b3"])'),
    ),
    Misconception(
        "fwd-output-uses-h",
        "forward_221",
        "The output is a weighted sum of the activations u, not of the pre-activations h; without the nonlinearity the network is linear.",
        ('u1 * p["w5"] + u2', 'h1 * p["w5"] + h2'),
    ),
    Misconception(
        "fwd-no-output-bias",
        "forward_221",
        "f is too small by the same number for every input.",
        (' + u2 * p["w6"] + p["b3"]', ' + u2 * p["w6"]'),
    ),
    Misconception(
        "fwd-sigmoid",
        "forward_221",
        "h1, h2 are right; the slide's hidden activation is tanh.",
        ("np.tanh(h1), np.tanh(h2)", "1 / (1 + np.exp(-h1)), 1 / (1 + np.exp(-h2))"),
    ),
    # backward_221 --------------------------------------------------------------------------------------------------
    Misconception(
        "bwd-d1-sign",
        "backward_221",
        "delta1 has the wrong sign, and with it every gradient: dE/df of 1/2 (f - y)^2.",
        ('d1 = cache["f"] - y', 'd1 = y - cache["f"]'),
    ),
    Misconception(
        "bwd-forgets-tanh-derivative",
        "backward_221",
        "delta1 to delta3 are right; on the way from u1 to h1 the chain rule has one more factor.",
        ('d4 = d2 * (1 - np.tanh(cache["h1"]) ** 2)', "d4 = d2"),
    ),
    Misconception(
        "bwd-derivative-of-activation-twice",
        "backward_221",
        "delta4 is slightly off: the derivative is evaluated at the wrong cached value (u1 is already the tanh).",
        ('np.tanh(cache["h1"]) ** 2', 'np.tanh(cache["u1"]) ** 2'),
    ),
    Misconception(
        "bwd-one-minus-tanh",
        "backward_221",
        "delta5 is wrong but delta3 is right: check the derivative of tanh.",
        ('(1 - np.tanh(cache["h2"]) ** 2)', '(1 - np.tanh(cache["h2"]))'),
    ),
    Misconception(
        "bwd-d2-uses-w6",
        "backward_221",
        "delta2 and delta3 carry each other's weight: follow the edge from f back to u1.",
        ('d2 = d1 * p["w5"]', 'd2 = d1 * p["w6"]'),
        ('d3 = d1 * p["w6"]', 'd3 = d1 * p["w5"]'),
    ),
    Misconception(
        "bwd-d2-uses-u",
        "backward_221",
        "delta2 is dE/du1: which factor multiplies u1 in f?",
        ('d2 = d1 * p["w5"]', 'd2 = d1 * cache["u1"]'),
    ),
    Misconception(
        "bwd-w2-copied-from-w1",
        "backward_221",
        "All deltas are right; w2 is the weight of x2 (the slide leaves its line out).",
        ("w2=d4 * x[1]", "w2=d4 * x[0]"),
    ),
    Misconception(
        "bwd-w-deltas-swapped",
        "backward_221",
        "All deltas are right; w3 and w4 lead into the second hidden unit.",
        ("w3=d5 * x[0], w4=d5 * x[1]", "w3=d4 * x[0], w4=d4 * x[1]"),
    ),
    Misconception(
        "bwd-bias-zero",
        "backward_221",
        "Biases have gradients too: the derivative of h1 with respect to b1 is not 0.",
        ("b1=d4, b2=d5, b3=d1", "b1=0.0, b2=0.0, b3=0.0"),
    ),
    Misconception(
        "bwd-bias-times-input",
        "backward_221",
        "b1 behaves as if it had an input x1; what does x_0 equal for a bias?",
        ("b1=d4", "b1=d4 * x[0]"),
    ),
    # numerical_gradient --------------------------------------------------------------------------------------------
    Misconception(
        "num-one-sided",
        "numerical_gradient",
        "About right but with an error of order eps: look at both sides of theta.",
        ("minus = fn(theta.copy())", "pass"),
        ("        theta[i] = old - eps\n", "        theta[i] = old\n        minus = fn(theta.copy())\n"),
        ("(2 * eps)", "eps"),
    ),
    Misconception(
        "num-not-restored",
        "numerical_gradient",
        "The first coordinate is right, later ones are not: earlier coordinates were left moved.",
        ("        theta[i] = old\n        grad[i]", "        grad[i]"),
    ),
    Misconception(
        "num-flat-only",
        "numerical_gradient",
        "Works for vectors only; a weight matrix has two indices.",
        ("for i in np.ndindex(theta.shape):", "for i in range(len(theta)):"),
    ),
    Misconception(
        "num-int-eps-too-small",
        "numerical_gradient",
        "The digits cancel: eps is so small that the difference is rounding noise.",
        ("eps: float = 1e-5", "eps: float = 1e-12"),
    ),
    # tape_gradients_221 --------------------------------------------------------------------------------------------
    Misconception(
        "tape-mean",
        "tape_gradients_221",
        "Every gradient is 1/N of the expected one: E_total on the slide is a sum over samples.",
        ("tf.reduce_sum(0.5", "tf.reduce_mean(0.5"),
    ),
    Misconception(
        "tape-loss-outside",
        "tape_gradients_221",
        "The gradients are None: the loss was computed after the tape had stopped recording.",
        ("        loss = tf.reduce_sum", "    loss = tf.reduce_sum"),
    ),
    Misconception(
        "tape-no-half",
        "tape_gradients_221",
        "Every gradient is doubled.",
        ("0.5 * (f", "(f"),
    ),
    Misconception(
        "tape-constants",
        "tape_gradients_221",
        "The gradients are None: the tape watches tf.Variable by itself, constants only on request.",
        ("tf.Variable(p[k], dtype=tf.float64)", "tf.constant(p[k], dtype=tf.float64)"),
    ),
    Misconception(
        "tape-float32",
        "tape_gradients_221",
        "Right to 7 digits only: use float64 for gradient checks.",
        ("tf.float64) for k", "tf.float32) for k"),
        ("tf.constant(X[:, 0], tf.float64), tf.constant(X[:, 1], tf.float64)", "tf.constant(X[:, 0], tf.float32), tf.constant(X[:, 1], tf.float32)"),
        ("tf.constant(Y, tf.float64)", "tf.constant(Y, tf.float32)"),
    ),
    Misconception(
        "tape-abs-error",
        "tape_gradients_221",
        "The gradients depend only on the sign of the error: that is another loss.",
        ("0.5 * (f - tf.constant(Y, tf.float64)) ** 2", "tf.abs(f - tf.constant(Y, tf.float64))"),
    ),
    # gd_step -------------------------------------------------------------------------------------------------------
    Misconception(
        "gd-ascent",
        "gd_step",
        "The error grows: which direction does the gradient point to?",
        ("params[k] - lr", "params[k] + lr"),
    ),
    Misconception(
        "gd-skips-biases",
        "gd_step",
        "The biases never move.",
        ("{k: params[k] - lr * grads[k] for k in params}", "{k: params[k] - lr * grads[k] if k[0] == 'w' else params[k] for k in params}"),
    ),
    # train_xor -----------------------------------------------------------------------------------------------------
    Misconception(
        "train-mean-gradient",
        "train_xor",
        "history[0] is right, history[1] fell by only a quarter as much: the slide sums the sample gradients.",
        ("p = gd_step(p, total, lr)", "p = gd_step(p, {k: g / 4 for k, g in total.items()}, lr)"),
    ),
    Misconception(
        "train-per-sample",
        "train_xor",
        "Already history[0] differs: the parameters moved between the samples of one epoch (that is SGD, not full-batch).",
        ("                total[k] += grads[k]\n", "                total[k] += grads[k]\n            p = gd_step(p, grads, lr)\n"),
        ("        p = gd_step(p, total, lr)\n", ""),
    ),
    Misconception(
        "train-only-last-gradient",
        "train_xor",
        "history[0] is right, history[1] is not: only the last sample moved the weights.",
        ("total[k] += grads[k]", "total[k] = grads[k]"),
    ),
    Misconception(
        "train-history-mean",
        "train_xor",
        "history is a quarter of the expected one: E_total is the sum over the four rows.",
        ("history.append(float(error))", "history.append(float(error) / 4)"),
    ),
    Misconception(
        "train-mutates-init",
        "train_xor",
        "The caller's initial parameters were overwritten.",
        ("    p = dict(params)\n", "    p = params\n"),
        ("        p = gd_step(p, total, lr)\n", "        for k in p:\n            p[k] -= lr * total[k]\n"),
    ),
    Misconception(
        "train-ignores-lr",
        "train_xor",
        "Another learning rate gives the same history.",
        ("gd_step(p, total, lr)", "gd_step(p, total, 0.1)"),
    ),
    # mlp_forward ---------------------------------------------------------------------------------------------------
    Misconception(
        "mlp-bias-appended",
        "mlp_forward",
        "The bias column of w is column 0; your ones meet the last one.",
        ("[ones, X]", "[X, ones]"),
    ),
    Misconception(
        "mlp-missing-transpose-w",
        "mlp_forward",
        "For non-square weights the shapes clash; for square ones you silently use w transposed.",
        ("Xf @ tf.transpose(w)", "Xf @ w"),
    ),
    Misconception(
        "mlp-returns-transposed",
        "mlp_forward",
        "The numbers are right but samples run along columns.",
        ("return u @ tf.transpose(v)", "return v @ tf.transpose(u)"),
    ),
    Misconception(
        "mlp-activates-twice",
        "mlp_forward",
        "The input itself should not pass through the activation.",
        ("tf.tanh(Xf @ tf.transpose(w))", "tf.tanh(tf.concat([ones, tf.tanh(X)], axis=1) @ tf.transpose(w))"),
    ),
    # fit_output_weights --------------------------------------------------------------------------------------------
    Misconception(
        "fit-sigmoid-features",
        "fit_output_weights",
        "The approximation is good, but the features are not tanh.",
        ("np.tanh(np.outer(x, w) + b)", "1 / (1 + np.exp(-(np.outer(x, w) + b)))"),
    ),
    Misconception(
        "fit-outer-swapped",
        "fit_output_weights",
        "The design matrix has units in rows and samples in columns.",
        ("np.outer(x, w) + b", "(np.outer(w, x) + b[:, None])"),
    ),
    Misconception(
        "fit-linear-features",
        "fit_output_weights",
        "A sum of straight lines is a straight line: where is sigma?",
        ("np.tanh(np.outer(x, w) + b)", "np.outer(x, w) + b"),
    ),
    # build_xor_mlp -------------------------------------------------------------------------------------------------
    Misconception(
        "xor-keras-linear-hidden",
        "build_xor_mlp",
        "Without a hidden activation two Dense layers collapse into one line; the loss will stop near 0.693.",
        ("Dense(hidden, activation=activation,", "Dense(hidden,"),
    ),
    Misconception(
        "xor-keras-no-output-sigmoid",
        "build_xor_mlp",
        "Outputs are not probabilities; the loss of the grader expects values in (0,1).",
        ('Dense(1, activation="sigmoid",', "Dense(1,"),
    ),
    Misconception(
        "xor-keras-extra-layer",
        "build_xor_mlp",
        "One layer too many: 9 parameters are expected for hidden = 2.",
        ("keras.layers.Dense(1, activation", "keras.layers.Dense(hidden, activation=activation), keras.layers.Dense(1, activation"),
    ),
    Misconception(
        "xor-keras-activation-hardcoded",
        "build_xor_mlp",
        "The activation argument has no effect.",
        ("activation=activation", 'activation="tanh"'),
    ),
    Misconception(
        "xor-keras-zero-init",
        "build_xor_mlp",
        "All hidden units start equal and stay equal: symmetry must be broken.",
        ("kernel_initializer=init(seed))", "kernel_initializer='zeros')"),
    ),
    Misconception(
        "xor-keras-no-input",
        "build_xor_mlp",
        "The model is not built: it does not know its input size yet.",
        ("keras.Input((2,)),", ""),
    ),
]
