"""hw2: each function breaks one promise of a docstring, which its own docstring names."""


def sigmoid__overflows(z):
    """The gradient is never nan."""
    return 1.0 / (1.0 + tf.exp(-z))


def sigmoid__double(z):
    """The dtype is kept."""
    return tf.cast(0.5 * (1.0 + tf.tanh(0.5 * tf.cast(z, tf.float64))), tf.float64)


def sigmoid__numpy(z):
    """Differentiable: TensorFlow operations only."""
    return tf.constant(0.5 * (1.0 + np.tanh(0.5 * z.numpy())))


def sigmoid__library(z):
    """No tf.sigmoid."""
    return tf.sigmoid(z)


def sigmoid__library_logarithm(z):
    """No tf.math.log_sigmoid."""
    return tf.exp(tf.math.log_sigmoid(z))


def sigmoid__library_silu(z):
    """No tf.nn.silu."""
    return tf.where(z == 0, tf.ones_like(z) / 2, tf.nn.silu(z) / tf.where(z == 0, tf.ones_like(z), z))


def sigmoid__clipped(z):
    """The gradient is that of the sigmoid, not of a clipped one."""
    return 1.0 / (1.0 + tf.exp(-tf.clip_by_value(z, -3.0, 3.0)))


def activation_derivative__of_the_output(name, z):
    """z is the input of the activation, not its output."""
    z = np.asarray(z, dtype=np.float64)
    found = {"sigmoid": z * (1 - z), "tanh": 1 - z**2, "relu": (z > 0).astype(float), "linear": np.ones_like(z)}
    if name not in found:
        raise ValueError
    return found[name]


def activation_derivative__relu_at_zero(name, z):
    """relu'(0) = 0."""
    z = np.asarray(z, dtype=np.float64)
    s = 0.5 * (1 + np.tanh(z / 2))
    found = {"sigmoid": s * (1 - s), "tanh": 1 - np.tanh(z) ** 2, "relu": (z >= 0).astype(float), "linear": np.ones_like(z)}
    if name not in found:
        raise ValueError
    return found[name]


def activation_derivative__warns(name, z):
    """|z| = 800 gives 0 without a warning."""
    z = np.asarray(z, dtype=np.float64)
    found = {"sigmoid": lambda: np.exp(-z) / (1 + np.exp(-z)) ** 2, "tanh": lambda: 1 - np.tanh(z) ** 2,
             "relu": lambda: (z > 0).astype(float), "linear": lambda: np.ones_like(z)}
    if name not in found:
        raise ValueError
    return np.nan_to_num(found[name]())


def activation_derivative__key_error(name, z):
    """An unknown name is a ValueError."""
    z = np.asarray(z, dtype=np.float64)
    s = 0.5 * (1 + np.tanh(z / 2))
    return {"sigmoid": s * (1 - s), "tanh": 1 - np.tanh(z) ** 2, "relu": (z > 0).astype(float), "linear": np.ones_like(z)}[name]


def activation_derivative__whole_numbers(name, z):
    """The result is float64, for whole numbers too."""
    z = np.asarray(z)
    s = 0.5 * (1 + np.tanh(z / 2))
    found = {"sigmoid": s * (1 - s), "tanh": 1 - np.tanh(z) ** 2, "relu": (z > 0).astype(float), "linear": np.ones_like(z)}
    if name not in found:
        raise ValueError
    return found[name].astype(z.dtype)


def activation_derivative__linear_is_z(name, z):
    """linear' is 1."""
    z = np.asarray(z, dtype=np.float64)
    s = 0.5 * (1 + np.tanh(z / 2))
    found = {"sigmoid": s * (1 - s), "tanh": 1 - np.tanh(z) ** 2, "relu": (z > 0).astype(float), "linear": z}
    if name not in found:
        raise ValueError
    return found[name]


def half_squared_error__whole(f, y):
    """The half belongs to it."""
    return (f - y) ** 2


def half_squared_error__absolute(f, y):
    """It is squared."""
    return 0.5 * abs(f - y)


def forward_221__tanh_on_the_output(x, p):
    """The output is linear."""
    h1 = x[0] * p["w1"] + x[1] * p["w2"] + p["b1"]
    h2 = x[0] * p["w3"] + x[1] * p["w4"] + p["b2"]
    u1, u2 = np.tanh(h1), np.tanh(h2)
    return {"h1": h1, "h2": h2, "u1": u1, "u2": u2, "f": np.tanh(u1 * p["w5"] + u2 * p["w6"] + p["b3"])}


def forward_221__only_the_output(x, p):
    """Every entry of the cache is returned."""
    h1 = x[0] * p["w1"] + x[1] * p["w2"] + p["b1"]
    h2 = x[0] * p["w3"] + x[1] * p["w4"] + p["b2"]
    return {"f": np.tanh(h1) * p["w5"] + np.tanh(h2) * p["w6"] + p["b3"]}


def backward_221__without_w2(x, y, p, cache):
    """There are nine gradients."""
    d1 = cache["f"] - y
    d4 = d1 * p["w5"] * (1 - np.tanh(cache["h1"]) ** 2)
    d5 = d1 * p["w6"] * (1 - np.tanh(cache["h2"]) ** 2)
    grads = dict(w1=d4 * x[0], w2=0.0, w3=d5 * x[0], w4=d5 * x[1], w5=d1 * cache["u1"], w6=d1 * cache["u2"], b1=d4, b2=d5, b3=d1)
    return grads, {"d1": d1, "d2": d1 * p["w5"], "d3": d1 * p["w6"], "d4": d4, "d5": d5}


def backward_221__writes_into_the_cache(x, y, p, cache):
    """The cache is not modified."""
    cache["d1"] = d1 = cache["f"] - y
    d4 = d1 * p["w5"] * (1 - np.tanh(cache["h1"]) ** 2)
    d5 = d1 * p["w6"] * (1 - np.tanh(cache["h2"]) ** 2)
    grads = dict(w1=d4 * x[0], w2=d4 * x[1], w3=d5 * x[0], w4=d5 * x[1], w5=d1 * cache["u1"], w6=d1 * cache["u2"], b1=d4, b2=d5, b3=d1)
    return grads, {"d1": d1, "d2": d1 * p["w5"], "d3": d1 * p["w6"], "d4": d4, "d5": d5}


def backward_221__by_differences(x, y, p, cache):
    """No finite differences."""
    def error(values):
        return half_squared_error(forward_221(x, dict(zip(NAMES, values)))["f"], y)
    g = dict(zip(NAMES, numerical_gradient(error, np.array([p[name] for name in NAMES]))))
    return g, {"d1": g["b3"], "d2": g["b3"] * p["w5"], "d3": g["b3"] * p["w6"], "d4": g["b1"], "d5": g["b2"]}


def numerical_gradient__one_sided(fn, theta, eps=1e-5):
    """Differences are taken to both sides."""
    theta = np.array(theta, dtype=float)
    grad = np.zeros_like(theta)
    for i in np.ndindex(theta.shape):
        moved = theta.copy()
        moved[i] += eps
        grad[i] = (fn(moved) - fn(theta)) / eps
    return grad


def numerical_gradient__leaves_theta_moved(fn, theta, eps=1e-5):
    """theta is left exactly as it was."""
    grad = np.zeros_like(theta, dtype=float)
    for i in np.ndindex(np.shape(theta)):
        theta[i] += eps
        plus = fn(theta)
        theta[i] -= 2 * eps
        grad[i] = (plus - fn(theta)) / (2 * eps)
        theta[i] += eps * 1.5
    return grad


def numerical_gradient__other_eps(fn, theta, eps=1e-4):
    """eps is 1e-5 by default."""
    theta = np.array(theta, dtype=float)
    grad = np.zeros_like(theta)
    for i in np.ndindex(theta.shape):
        step = np.zeros_like(theta)
        step[i] = eps
        grad[i] = (fn(theta + step) - fn(theta - step)) / (2 * eps)
    return grad


def numerical_gradient__ignores_eps(fn, theta, eps=1e-5):
    """eps is what the coordinates are moved by."""
    theta = np.array(theta, dtype=float)
    grad = np.zeros_like(theta)
    for i in np.ndindex(theta.shape):
        step = np.zeros_like(theta)
        step[i] = 1e-5
        grad[i] = (fn(theta + step) - fn(theta - step)) / 2e-5
    return grad


def numerical_gradient__vectors_only(fn, theta, eps=1e-5):
    """theta may be 0-d or 2-d."""
    theta = np.array(theta, dtype=float)
    return np.array([(fn(theta + eps * e) - fn(theta - eps * e)) / (2 * eps) for e in np.eye(len(theta))])


def tape_gradients_221__tensors(X, Y, p):
    """The gradients are floats."""
    v = {k: tf.Variable(p[k], dtype=tf.float64) for k in NAMES}
    with tf.GradientTape() as tape:
        u1 = tf.tanh(X[:, 0] * v["w1"] + X[:, 1] * v["w2"] + v["b1"])
        u2 = tf.tanh(X[:, 0] * v["w3"] + X[:, 1] * v["w4"] + v["b2"])
        loss = tf.reduce_sum(0.5 * (u1 * v["w5"] + u2 * v["w6"] + v["b3"] - Y) ** 2)
    return tape.gradient(loss, v)


def tape_gradients_221__single_precision(X, Y, p):
    """They are computed in float64."""
    X, Y = tf.cast(X, tf.float32), tf.cast(Y, tf.float32)
    v = {k: tf.Variable(p[k], dtype=tf.float32) for k in NAMES}
    with tf.GradientTape() as tape:
        u1 = tf.tanh(X[:, 0] * v["w1"] + X[:, 1] * v["w2"] + v["b1"])
        u2 = tf.tanh(X[:, 0] * v["w3"] + X[:, 1] * v["w4"] + v["b2"])
        loss = tf.reduce_sum(0.5 * (u1 * v["w5"] + u2 * v["w6"] + v["b3"] - Y) ** 2)
    return {k: float(g) for k, g in tape.gradient(loss, v).items()}


def tape_gradients_221__mean(X, Y, p):
    """They are summed over the batch."""
    v = {k: tf.Variable(p[k], dtype=tf.float64) for k in NAMES}
    with tf.GradientTape() as tape:
        u1 = tf.tanh(X[:, 0] * v["w1"] + X[:, 1] * v["w2"] + v["b1"])
        u2 = tf.tanh(X[:, 0] * v["w3"] + X[:, 1] * v["w4"] + v["b2"])
        loss = tf.reduce_mean(0.5 * (u1 * v["w5"] + u2 * v["w6"] + v["b3"] - Y) ** 2)
    return {k: float(g) for k, g in tape.gradient(loss, v).items()}


def tape_gradients_221__by_hand(X, Y, p):
    """tf.GradientTape is used."""
    total = dict.fromkeys(NAMES, 0.0)
    for x, y in zip(X, Y):
        for k, g in backward_221(x, y, p, forward_221(x, p))[0].items():
            total[k] += float(g)
    return total


def gd_step__same_dict(params, grads, lr):
    """The dict is a new one."""
    for k in params:
        params[k] -= lr * grads[k]
    return params


def gd_step__weights_only(params, grads, lr):
    """Biases move as weights do."""
    return {k: params[k] - lr * grads[k] if k.startswith("w") else params[k] for k in params}


def gd_step__nine_names(params, grads, lr):
    """Whatever the parameters are called."""
    return {k: params[k] - lr * grads[k] for k in NAMES}


def gd_step__by_position(params, grads, lr):
    """A parameter meets the gradient of its own name."""
    return {k: params[k] - lr * g for k, g in zip(params, grads.values())}


def train_xor__one_call_before_the_loop(params, lr=0.1, epochs=1000):
    """Each epoch uses forward_221, backward_221 and gd_step."""
    cache = forward_221(XOR_X[0], params)
    gd_step(params, backward_221(XOR_X[0], XOR_Y[0], params, cache)[0], lr)
    w = np.array([params[name] for name in NAMES], dtype=float)
    history = []
    for _ in range(epochs):
        u = np.tanh(XOR_X @ w[:4].reshape(2, 2).T + w[6:8])
        d = u @ w[4:6] + w[8] - XOR_Y
        dh = np.outer(d, w[4:6]) * (1 - u**2)
        history.append(float(0.5 * d @ d))
        w = w - lr * np.concatenate([(dh.T @ XOR_X).ravel(), d @ u, dh.sum(axis=0), [d.sum()]])
    return dict(zip(NAMES, w.tolist())), history


def train_xor__uses_none_of_its_functions(params, lr=0.1, epochs=1000):
    """forward_221, backward_221 and gd_step are used."""
    p, history = dict(params), []
    for _ in range(epochs):
        error, total = 0.0, dict.fromkeys(p, 0.0)
        for x, y in zip(XOR_X, XOR_Y):
            h1, h2 = x[0] * p["w1"] + x[1] * p["w2"] + p["b1"], x[0] * p["w3"] + x[1] * p["w4"] + p["b2"]
            u1, u2 = np.tanh(h1), np.tanh(h2)
            d1 = u1 * p["w5"] + u2 * p["w6"] + p["b3"] - y
            error += 0.5 * d1**2
            d4, d5 = d1 * p["w5"] * (1 - u1**2), d1 * p["w6"] * (1 - u2**2)
            for k, g in dict(w1=d4 * x[0], w2=d4 * x[1], w3=d5 * x[0], w4=d5 * x[1], w5=d1 * u1, w6=d1 * u2, b1=d4, b2=d5, b3=d1).items():
                total[k] += g
        history.append(float(error))
        p = {k: p[k] - lr * total[k] for k in p}
    return p, history


def train_xor__five_hundred_by_default(params, lr=0.1, epochs=500):
    """epochs is 1000 by default."""
    p, history = dict(params), []
    for _ in range(epochs):
        caches = [forward_221(x, p) for x in XOR_X]
        history.append(sum(half_squared_error(c["f"], y) for c, y in zip(caches, XOR_Y)))
        each = [backward_221(x, y, p, c)[0] for x, y, c in zip(XOR_X, XOR_Y, caches)]
        p = gd_step(p, {k: sum(g[k] for g in each) for k in p}, lr)
    return p, history


def train_xor__error_after_the_update(params, lr=0.1, epochs=1000):
    """history[t] is the error before update t."""
    p, history = dict(params), []
    for _ in range(epochs):
        each = [backward_221(x, y, p, forward_221(x, p))[0] for x, y in zip(XOR_X, XOR_Y)]
        p = gd_step(p, {k: sum(g[k] for g in each) for k in p}, lr)
        history.append(sum(half_squared_error(forward_221(x, p)["f"], y) for x, y in zip(XOR_X, XOR_Y)))
    return p, history


def mlp_forward__output_bias(X, w, v):
    """There is no output bias, and every sample has x_0 = 1."""
    X = tf.concat([tf.ones([tf.shape(X)[0], 1], X.dtype), X], axis=1)
    return tf.tanh(X @ tf.transpose(w)) @ tf.transpose(v) + w[0, 0]


def mlp_forward__bias_last(X, w, v):
    """Column 0 of w is the bias."""
    X = tf.concat([X, tf.ones([tf.shape(X)[0], 1], X.dtype)], axis=1)
    return tf.tanh(X @ tf.transpose(w)) @ tf.transpose(v)


def mlp_forward__no_gradient_to_X(X, w, v):
    """It is differentiable with respect to X."""
    X = tf.stop_gradient(tf.concat([tf.ones([tf.shape(X)[0], 1], X.dtype), X], axis=1))
    return tf.tanh(X @ tf.transpose(w)) @ tf.transpose(v)


def fit_output_weights__not_the_shortest(x, y, w, b):
    """Where many weights are best, the shortest are asked for."""
    phi = np.tanh(np.outer(x, w) + b)
    v = np.linalg.lstsq(phi, y, rcond=None)[0]
    if len(w) > len(x):
        v = v + np.linalg.svd(phi)[2][-1]
    return v


def fit_output_weights__normal_equations(x, y, w, b):
    """More units than points are allowed."""
    phi = np.tanh(np.outer(x, w) + b)
    return np.linalg.inv(phi.T @ phi) @ phi.T @ y


def build_xor_mlp__always_two(hidden=2, activation="tanh", seed=0):
    """hidden is the number of hidden units."""
    layers, init = keras.layers, keras.initializers.GlorotUniform
    return keras.Sequential([keras.Input((2,)), layers.Dense(2, activation, kernel_initializer=init(seed)), layers.Dense(1, "sigmoid", kernel_initializer=init(seed + 1))])


def build_xor_mlp__unseeded_output(hidden=2, activation="tanh", seed=0):
    """The same seed gives the same weights, in the output layer too."""
    layers, init = keras.layers, keras.initializers.GlorotUniform
    return keras.Sequential([keras.Input((2,)), layers.Dense(hidden, activation, kernel_initializer=init(seed)), layers.Dense(1, "sigmoid")])


def build_xor_mlp__one_seed_for_all(hidden=2, activation="tanh", seed=0):
    """Different seeds give different weights."""
    layers, init = keras.layers, keras.initializers.GlorotUniform
    return keras.Sequential([keras.Input((2,)), layers.Dense(hidden, activation, kernel_initializer=init(0)), layers.Dense(1, "sigmoid", kernel_initializer=init(1))])


def build_xor_mlp__relu_by_default(hidden=2, activation="relu", seed=0):
    """The activation is tanh by default."""
    layers, init = keras.layers, keras.initializers.GlorotUniform
    return keras.Sequential([keras.Input((2,)), layers.Dense(hidden, activation, kernel_initializer=init(seed)), layers.Dense(1, "sigmoid", kernel_initializer=init(seed + 1))])


def mlp_forward__loops_over_samples(X, w, v):
    """No loop over samples."""
    if X.shape[0] == 0:
        return tf.zeros((0, v.shape[0]), X.dtype)
    one = tf.ones([1], X.dtype)
    return tf.stack([tf.linalg.matvec(v, tf.tanh(tf.linalg.matvec(w, tf.concat([one, x], 0)))) for x in tf.unstack(X)])
