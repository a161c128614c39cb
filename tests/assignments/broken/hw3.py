"""hw3: each function breaks one promise of a docstring, which its own docstring names."""


def leaky_relu__by_maximum(z, alpha=0.01):
    """alpha > 1 is allowed."""
    return tf.maximum(z, alpha * z)


def leaky_relu__other_default(z, alpha=0.1):
    """alpha is 0.01 by default."""
    return tf.where(z > 0, z, alpha * z)


def leaky_relu__library(z, alpha=0.01):
    """No tf.nn.leaky_relu."""
    return tf.nn.leaky_relu(z, alpha)


def leaky_relu__single(z, alpha=0.01):
    """The dtype is kept."""
    z = tf.cast(z, tf.float32)
    return tf.where(z > 0, z, alpha * z)


def leaky_relu__relu_at_zero_alpha(z, alpha=0.01):
    """alpha = 0 is the ReLU, not the default."""
    alpha = alpha or 0.01
    return tf.where(z > 0, z, alpha * z)


def softplus__overflows(z):
    """z = 1000 gives 1000."""
    return tf.math.log(1.0 + tf.exp(z))


def softplus__value_only(z):
    """The gradient is never nan."""
    return tf.where(z > 30.0, z, tf.math.log(1.0 + tf.exp(z)))


def softplus__clipped(z):
    """The gradient for large z is 1, not 0."""
    z = tf.clip_by_value(z, -80.0, 80.0)
    return tf.math.log(1.0 + tf.exp(z))


def hard_tanh__no_gradient(z):
    """The gradient is 1 for |z| < 1."""
    return tf.clip_by_value(tf.stop_gradient(z), -1.0, 1.0) + 0.0 * z


def hard_tanh__only_above(z):
    """It is bounded from below, too."""
    return tf.minimum(z, 1.0)


def rbf__two_sigma(z, w, sigma):
    """sigma^2, not 2 sigma^2."""
    d = z[:, None, :] - w[None, :, :]
    return tf.exp(-tf.reduce_sum(d**2, axis=-1) / (2 * sigma**2))


def rbf__by_root(z, w, sigma):
    """A template that is matched has gradient 0, not nan."""
    return tf.exp(-(tf.pow(tf.reduce_sum((z[:, None, :] - w[None, :, :]) ** 2, axis=-1), 0.5) ** 2) / sigma**2)


def rbf__transposed(z, w, sigma):
    """The result is (N, H)."""
    d = z[:, None, :] - w[None, :, :]
    return tf.transpose(tf.exp(-tf.reduce_sum(d**2, axis=-1) / sigma**2))


def softmax__unshifted(z):
    """Logits of +-1000 are safe."""
    return tf.exp(z) / tf.reduce_sum(tf.exp(z), axis=-1, keepdims=True)


def softmax__one_shift_for_all(z):
    """Every row is shifted by its own maximum."""
    e = tf.exp(z - tf.reduce_max(z))
    return e / tf.reduce_sum(e, axis=-1, keepdims=True)


def softmax__axis_one(z):
    """The last axis, of one-dimensional and three-dimensional input, too."""
    e = tf.exp(z - tf.reduce_max(z, axis=min(1, len(z.shape) - 1), keepdims=True))
    return e / tf.reduce_sum(e, axis=min(1, len(z.shape) - 1), keepdims=True)


def one_hot__negative_wraps(labels, num_classes):
    """A negative label is a ValueError."""
    labels = np.asarray(labels)
    if labels.size and labels.max() >= num_classes:
        raise ValueError
    return np.eye(num_classes, dtype=np.float32)[labels.astype(int)]


def one_hot__index_error(labels, num_classes):
    """A label out of range is a ValueError."""
    if np.any(np.asarray(labels).astype(int) < 0):
        raise ValueError
    return np.eye(num_classes, dtype=np.float32)[np.asarray(labels).astype(int)]


def one_hot__by_the_largest_label(labels, num_classes):
    """A class that is absent still has its column."""
    labels = np.asarray(labels).astype(int)
    if labels.size and (labels.min() < 0 or labels.max() >= num_classes):
        raise ValueError
    return np.eye(labels.max(initial=0) + 1, dtype=np.float32)[labels]


def one_hot__float64(labels, num_classes):
    """The result is float32."""
    labels = np.asarray(labels).astype(int)
    if labels.size and (labels.min() < 0 or labels.max() >= num_classes):
        raise ValueError
    return np.eye(num_classes)[labels]


def one_hot__no_columns_for_no_labels(labels, num_classes):
    """N = 0 gives (0, num_classes)."""
    labels = np.asarray(labels).astype(int)
    if labels.size and (labels.min() < 0 or labels.max() >= num_classes):
        raise ValueError
    return np.array([np.eye(num_classes)[k] for k in labels], dtype=np.float32)


def slide_cross_entropy__categorical(d, y, eps=1e-7):
    """Every class is charged."""
    return -tf.reduce_sum(d * tf.math.log(tf.clip_by_value(y, eps, 1.0 - eps)), axis=-1)


def slide_cross_entropy__mean(d, y, eps=1e-7):
    """One value for each sample."""
    y = tf.clip_by_value(y, eps, 1.0 - eps)
    return tf.reduce_mean(-tf.reduce_sum(d * tf.math.log(y) + (1.0 - d) * tf.math.log(1.0 - y), axis=-1))


def slide_cross_entropy__other_eps(d, y, eps=1e-6):
    """eps is 1e-7 by default."""
    y = tf.clip_by_value(y, eps, 1.0 - eps)
    return -tf.reduce_sum(d * tf.math.log(y) + (1.0 - d) * tf.math.log(1.0 - y), axis=-1)


def slide_cross_entropy__clipped_below_only(d, y, eps=1e-7):
    """y is clipped at 1 - eps, too."""
    y = tf.maximum(y, eps)
    return -tf.reduce_sum(d * tf.math.log(y) + (1.0 - d) * tf.math.log(tf.maximum(1.0 - y, 1e-30)), axis=-1)


def softmax_cross_entropy__log_of_softmax(logits, labels):
    """The loss of logits of +-1000 is exact and finite."""
    p = tf.exp(logits - tf.reduce_max(logits, -1, keepdims=True))
    p = p / tf.reduce_sum(p, -1, keepdims=True)
    return -tf.reduce_mean(tf.math.log(tf.gather(p, tf.cast(labels, tf.int32), axis=1, batch_dims=1)))


def softmax_cross_entropy__sum(logits, labels):
    """The mean over the batch."""
    m = tf.reduce_max(logits, axis=-1, keepdims=True)
    lse = tf.math.log(tf.reduce_sum(tf.exp(logits - m), axis=-1)) + m[:, 0]
    return tf.reduce_sum(lse - tf.gather(logits, tf.cast(labels, tf.int32), axis=1, batch_dims=1))


def softmax_cross_entropy__library(logits, labels):
    """No tf.nn.*cross_entropy*."""
    return tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=logits))


def minibatches__drops_the_last(X, y, batch_size, seed):
    """The smaller last piece belongs to the epoch."""
    order = np.random.default_rng(seed).permutation(len(X))
    for i in range(0, max(len(X) - batch_size + 1, 1), batch_size):
        yield X[order[i:i + batch_size]], y[order[i:i + batch_size]]


def minibatches__pairs_lost(X, y, batch_size, seed):
    """X and y stay paired."""
    rng = np.random.default_rng(seed)
    a, b = rng.permutation(len(X)), rng.permutation(len(X))
    for i in range(0, len(X), batch_size):
        yield X[a[i:i + batch_size]], y[b[i:i + batch_size]]


def minibatches__with_replacement(X, y, batch_size, seed):
    """Every sample appears exactly once."""
    order = np.random.default_rng(seed).integers(0, len(X), len(X))
    for i in range(0, len(X), batch_size):
        yield X[order[i:i + batch_size]], y[order[i:i + batch_size]]


def minibatches__seed_ignored(X, y, batch_size, seed):
    """Different seeds differ."""
    order = np.random.default_rng(7).permutation(len(X))
    for i in range(0, len(X), batch_size):
        yield X[order[i:i + batch_size]], y[order[i:i + batch_size]]


def minibatches__global_generator(X, y, batch_size, seed):
    """NumPy's global generator is left alone."""
    np.random.seed(seed)
    order = np.random.permutation(len(X))
    for i in range(0, len(X), batch_size):
        yield X[order[i:i + batch_size]], y[order[i:i + batch_size]]


def momentum_step__lr_outside(w, v, grad, lr, alpha):
    """lr stands inside of the velocity."""
    v_new = alpha * v + grad
    return w - lr * v_new, v_new


def momentum_step__in_place(w, v, grad, lr, alpha):
    """The arrays are new ones."""
    v *= alpha
    v += lr * grad
    w -= v
    return w, v


def momentum_step__old_velocity(w, v, grad, lr, alpha):
    """w moves by the new velocity."""
    return w - v, alpha * v + lr * grad


def descend__without_the_start(grad_fn, w0, lr, alpha=0.0, steps=100):
    """path[0] is w0."""
    w, v, path = np.array(w0, dtype=float), np.zeros(np.shape(w0)), []
    for _ in range(steps):
        w, v = momentum_step(w, v, grad_fn(w), lr, alpha)
        path.append(w.copy())
    return np.array(path)


def descend__inlined(grad_fn, w0, lr, alpha=0.0, steps=100):
    """momentum_step is used."""
    w, v = np.array(w0, dtype=float), np.zeros(np.shape(w0))
    path = [w.copy()]
    for _ in range(steps):
        v = alpha * v + lr * grad_fn(w)
        w = w - v
        path.append(w.copy())
    return np.array(path)


def descend__other_defaults(grad_fn, w0, lr, alpha=0.5, steps=100):
    """There is no momentum by default."""
    w, v = np.array(w0, dtype=float), np.zeros(np.shape(w0))
    path = [w.copy()]
    for _ in range(steps):
        w, v = momentum_step(w, v, grad_fn(w), lr, alpha)
        path.append(w.copy())
    return np.array(path)


def descend__one_array(grad_fn, w0, lr, alpha=0.0, steps=100):
    """Rows of the path are copies."""
    w, v = np.array(w0, dtype=float), np.zeros(np.shape(w0))
    path = [w]
    for _ in range(steps):
        new, v = momentum_step(w, v, grad_fn(w), lr, alpha)
        w[...] = new
        path.append(w)
    return np.array(path)


def train_step__tensor(model, x, y, loss_fn, optimizer):
    """The loss is a float."""
    with tf.GradientTape() as tape:
        loss = loss_fn(y, model(x, training=True))
    grads = tape.gradient(loss, model.trainable_variables)
    optimizer.apply_gradients(zip(grads, model.trainable_variables, strict=True))
    return loss


def train_step__inference_mode(model, x, y, loss_fn, optimizer):
    """The model is called with training=True."""
    with tf.GradientTape() as tape:
        loss = loss_fn(y, model(x, training=False))
    grads = tape.gradient(loss, model.trainable_variables)
    optimizer.apply_gradients(zip(grads, model.trainable_variables, strict=True))
    return float(loss)


def train_step__loss_after(model, x, y, loss_fn, optimizer):
    """The loss is that of before the update."""
    with tf.GradientTape() as tape:
        loss = loss_fn(y, model(x, training=True))
    grads = tape.gradient(loss, model.trainable_variables)
    optimizer.apply_gradients(zip(grads, model.trainable_variables, strict=True))
    return float(loss_fn(y, model(x, training=False)))


def train_step__two_applies(model, x, y, loss_fn, optimizer):
    """The optimizer is applied once."""
    with tf.GradientTape() as tape:
        loss = loss_fn(y, model(x, training=True))
    grads = tape.gradient(loss, model.trainable_variables)
    for pair in zip(grads, model.trainable_variables, strict=True):
        optimizer.apply_gradients([pair])
    return float(loss)


def train_step__frozen_too(model, x, y, loss_fn, optimizer):
    """Frozen layers stay frozen."""
    with tf.GradientTape() as tape:
        loss = loss_fn(y, model(x, training=True))
    grads = tape.gradient(loss, model.trainable_variables)
    optimizer.apply_gradients(zip(grads, model.trainable_variables, strict=True))
    for weight in model.non_trainable_variables:
        if "kernel" in weight.path:
            weight.assign_sub(0.01 * tf.ones_like(weight))
    return float(loss)


def layer_gradient_norms__last_first(model, x, y, loss_fn):
    """The first layer comes first."""
    kernels = [v for v in model.trainable_variables if v.path.endswith("kernel")]
    with tf.GradientTape() as tape:
        loss = loss_fn(y, model(x, training=True))
    return np.array([float(tf.norm(g)) for g in tape.gradient(loss, kernels)])[::-1]


def layer_gradient_norms__biases_too(model, x, y, loss_fn):
    """Kernels only."""
    with tf.GradientTape() as tape:
        loss = loss_fn(y, model(x, training=True))
    return np.array([float(tf.norm(g)) for g in tape.gradient(loss, model.trainable_variables)])


def layer_gradient_norms__updates(model, x, y, loss_fn):
    """Weights are unchanged."""
    kernels = [v for v in model.trainable_variables if v.path.endswith("kernel")]
    with tf.GradientTape() as tape:
        loss = loss_fn(y, model(x, training=True))
    grads = tape.gradient(loss, kernels)
    for kernel, grad in zip(kernels, grads):
        kernel.assign_sub(0.01 * grad)
    return np.array([float(tf.norm(g)) for g in grads])


def build_deep_mlp__nine_classes(input_dim, depth, width, activation, num_classes=9, batch_norm=False, skip=False, seed=0):
    """There are 10 classes by default."""
    init = keras.initializers.GlorotUniform
    inputs = h = keras.Input((input_dim,))
    for i in range(depth):
        z = keras.layers.Dense(width, kernel_initializer=init(seed + i))(h)
        z = keras.layers.BatchNormalization()(z) if batch_norm else z
        a = keras.layers.Activation(activation)(z)
        h = keras.layers.Add()([h, a]) if skip and h.shape[-1] == width else a
    return keras.Model(inputs, keras.layers.Dense(num_classes, kernel_initializer=init(seed + depth))(h))


def build_deep_mlp__one_seed(input_dim, depth, width, activation, num_classes=10, batch_norm=False, skip=False, seed=0):
    """Layer i starts from seed + i."""
    init = keras.initializers.GlorotUniform
    inputs = h = keras.Input((input_dim,))
    for i in range(depth):
        z = keras.layers.Dense(width, kernel_initializer=init(seed))(h)
        z = keras.layers.BatchNormalization()(z) if batch_norm else z
        a = keras.layers.Activation(activation)(z)
        h = keras.layers.Add()([h, a]) if skip and h.shape[-1] == width else a
    return keras.Model(inputs, keras.layers.Dense(num_classes, kernel_initializer=init(seed))(h))


def build_deep_mlp__no_bias_before_norm(input_dim, depth, width, activation, num_classes=10, batch_norm=False, skip=False, seed=0):
    """Dense before BN keeps its bias."""
    init = keras.initializers.GlorotUniform
    inputs = h = keras.Input((input_dim,))
    for i in range(depth):
        z = keras.layers.Dense(width, kernel_initializer=init(seed + i), use_bias=not batch_norm)(h)
        z = keras.layers.BatchNormalization()(z) if batch_norm else z
        a = keras.layers.Activation(activation)(z)
        h = keras.layers.Add()([h, a]) if skip and h.shape[-1] == width else a
    return keras.Model(inputs, keras.layers.Dense(num_classes, kernel_initializer=init(seed + depth))(h))
