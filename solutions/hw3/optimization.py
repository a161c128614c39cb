"""hw3: activations, losses and optimisation (lecture blocks "Activation Functions" to "Vanishing Gradients").

The activations beyond the sigmoid, a softmax that survives large logits, two losses that share the name cross-entropy,
and everything that moves weights: mini-batches, momentum, one training step, and what depth does to the gradient.
The equations are numbered as in the handout, assignments/hw3/README.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import keras
import numpy as np
import tensorflow as tf

RAVINE = np.array([1.0, 25.0])  # curvatures of E = (w1^2 + 25 w2^2) / 2, steep across and flat along the valley


def softmax(z: tf.Tensor) -> tf.Tensor:
    """Softmax over the LAST axis: sigma(z)_j = e^{z_j} / sum_k e^{z_k}.   (eq. 1)

    Args: z (..., K) float32/64. Returns: same shape and dtype, rows sum to 1.
    Constraints: TensorFlow ops; no tf.nn.softmax / keras.activations.softmax.
    Edge cases: logits of +-1000 (shift by the row maximum, eq. 2); K = 1 -> ones; 1-d and 3-d input; N = K square
        batch.
    """
    e = tf.exp(z - tf.reduce_max(z, axis=-1, keepdims=True))  # (..., K): the largest exponent of every row is 0
    return e / tf.reduce_sum(e, axis=-1, keepdims=True)  # (..., K) / (..., 1) -> (..., K)


# Stretch, for bonus points: the labels in another form.
def one_hot(labels: np.ndarray, num_classes: int) -> np.ndarray:
    """One-hot rows (slide: class 3 of 5 -> [0, 0, 0, 1, 0]).   (eq. 3)

    Args: labels (N,) ints in 0..num_classes-1. Returns: (N, num_classes) float32.
    Edge cases: a class absent from labels still has its column; label out of range or negative -> ValueError
        (fancy indexing would accept -1); N = 0 -> (0, num_classes).
    """
    labels = np.asarray(labels, dtype=np.int64)
    if labels.size and not (labels.min() >= 0 and labels.max() < num_classes):
        raise ValueError(f"labels must be in 0..{num_classes - 1}. Received: {labels.min()}..{labels.max()}")
    out = np.zeros((len(labels), num_classes), dtype=np.float32)
    out[np.arange(len(labels)), labels] = 1.0
    return out


# Stretch, for bonus points: a second loss, to compare with the first.
def slide_cross_entropy(d: tf.Tensor, y: tf.Tensor, eps: float = 1e-7) -> tf.Tensor:
    """The slide's loss for softmax outputs, one value per sample.

    Definition: E = - sum_k ( d_k log y_k + (1 - d_k) log(1 - y_k) ), with y clipped to [eps, 1 - eps].   (eq. 4)
        This is the SUM OF K binary cross-entropies; the usual categorical loss keeps only d_k log y_k.
    Args: d (N, K) one-hot, y (N, K) probabilities. Returns: (N,) tensor (sum over classes, no mean over samples).
    Edge cases: y exactly 0 or 1 -> finite loss.
        It equals K * keras.losses.binary_crossentropy(d, y).
    """
    y = tf.clip_by_value(y, eps, 1.0 - eps)
    return -tf.reduce_sum(d * tf.math.log(y) + (1.0 - d) * tf.math.log(1.0 - y), axis=-1)  # (N, K) -> (N,)


def softmax_cross_entropy(logits: tf.Tensor, labels: tf.Tensor) -> tf.Tensor:
    """The standard categorical loss from logits and integer labels, mean over the batch.

    The loss of a sample is -log of the softmax probability of its label. Derive a form of logits alone (eq. 5); for hints:
    dlkit hint hw3 softmax_cross_entropy.

    Derivation: L = (1/N) sum_n ( log sum_k e^{z_nk} - z_{n, label_n} );
        log sum_k e^{z_k} = m + log sum_k e^{z_k - m}, m = max_k z_k.   (eq. 5)
    Args: logits (N, K), labels (N,) int. Returns: scalar tensor of the logits' dtype.
    Constraints: TensorFlow ops; no tf.nn.*cross_entropy*, no keras.losses.
    Edge cases: logits of +-1000 -> exact finite loss (softmax followed by log gives inf); N = 1.
    """
    m = tf.reduce_max(logits, axis=-1, keepdims=True)  # (N, K) -> (N, 1)
    lse = tf.math.log(tf.reduce_sum(tf.exp(logits - m), axis=-1)) + m[:, 0]  # (N,): log sum e^z = log sum e^(z-m) + m
    picked = tf.gather(logits, tf.cast(labels, tf.int32), axis=1, batch_dims=1)  # (N,): the logit of the true class
    return tf.reduce_mean(lse - picked)


def minibatches(X: np.ndarray, y: np.ndarray, batch_size: int, seed: int) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """One epoch of stochastic mini-batches: a generator of (X_batch, y_batch).

    Definition: shuffle the sample order with np.random.default_rng(seed); cut it in pieces of batch_size; the last
        piece may be smaller; every sample appears exactly once ("epochs" on the slide).   (eq. 7)
    Edge cases: N not divisible by batch_size; batch_size > N; X and y stay paired; X, y are not shuffled in place.
    """
    order = np.random.default_rng(seed).permutation(len(X))
    for i in range(0, len(X), batch_size):
        idx = order[i : i + batch_size]  # a slice past the end is just shorter: that is the smaller last piece
        yield X[idx], y[idx]  # one index for both keeps the pairs together


def momentum_step(w: np.ndarray, v: np.ndarray, grad: np.ndarray, lr: float, alpha: float) -> tuple[np.ndarray, np.ndarray]:
    """One momentum update in the slide's form.

    Derive both updates from the text of the handout (eq. 8); for hints: dlkit hint hw3 momentum_step.

    Derivation: v(t+1) = alpha v(t) + lr * grad;  w(t+1) = w(t) - v(t+1).   (eq. 8)
    Returns: (w_new, v_new), new arrays. alpha = 0 is plain gradient descent.
    """
    v_new = alpha * v + lr * grad
    return w - v_new, v_new


def descend(grad_fn: Callable, w0: np.ndarray, lr: float, alpha: float = 0.0, steps: int = 100) -> np.ndarray:
    """Run gradient descent with momentum and record the path.

    Args: grad_fn(w) -> gradient at w; w0 (d,). Returns: path (steps+1, d) with path[0] = w0, velocity starts at 0.
    Constraints: uses momentum_step; w0 is not modified; path rows are copies.
    """
    w, v = np.array(w0, dtype=np.float64), np.zeros(np.shape(w0))  # (d,), (d,)
    path = [w.copy()]
    for _ in range(steps):
        w, v = momentum_step(w, v, grad_fn(w), lr, alpha)
        path.append(w.copy())
    return np.array(path)  # (steps+1, d)


def train_step(model: keras.Model, x: tf.Tensor, y: tf.Tensor, loss_fn: Callable, optimizer: keras.Optimizer) -> float:
    """One supervised training step with tf.GradientTape (zero_grad / backward / step of the PyTorch slide).

    Definition: loss = loss_fn(y, model(x, training=True)); apply d loss / d trainable variables.   (eq. 10)
    Returns: Python float, the loss BEFORE the update.
    Constraints: no model.fit / train_on_batch; exactly one optimizer.apply call; model called with training=True.
    """
    with tf.GradientTape() as tape:  # a fresh tape for each step is what zero_grad() is in PyTorch
        loss = loss_fn(y, model(x, training=True))
    grads = tape.gradient(loss, model.trainable_variables)  # backward(); frozen layers are not in the list
    optimizer.apply_gradients(zip(grads, model.trainable_variables, strict=True))  # step()
    return float(loss)


def layer_gradient_norms(model: keras.Model, x: tf.Tensor, y: tf.Tensor, loss_fn: Callable) -> np.ndarray:
    """How much gradient reaches every layer: L2 norm of dLoss/dkernel, first layer first.   (eq. 11)

    Definition: Loss = loss_fn(y, model(x, training=True)), the loss of a training step: a BatchNormalization shows its
        effect only with the batch's own statistics.
    Returns: float array, one entry per trainable kernel (rank >= 2 variable named "kernel"); trainable weights are
        unchanged.
    """
    kernels = [v for v in model.trainable_variables if v.path.endswith("kernel")]
    with tf.GradientTape() as tape:
        loss = loss_fn(y, model(x, training=True))
    grads = tape.gradient(loss, kernels)
    return np.array([float(tf.norm(g)) for g in grads])  # one number per layer, whatever the kernel's rank


# Stretch, for bonus points: the cures, put together with a tool.
def build_deep_mlp(
    input_dim: int,
    depth: int,
    width: int,
    activation: str,
    num_classes: int = 10,
    batch_norm: bool = False,
    skip: bool = False,
    seed: int = 0,
) -> keras.Model:
    """A deep MLP for the vanishing-gradient experiment, with the slide's cures as options.

    Definition: depth hidden blocks h <- activation(BN?(Dense(width)(h))) (+ h if skip and shapes agree),
        then Dense(num_classes) logits. Kernels GlorotUniform(seed + layer index), counted from 0.   (eq. 12)
    Returns: built functional keras.Model. Dense before BN keeps its bias.
    """
    init = keras.initializers.GlorotUniform
    inputs = keras.Input((input_dim,))
    h = inputs  # (N, input_dim)
    for i in range(depth):
        z = keras.layers.Dense(width, kernel_initializer=init(seed + i))(h)  # (N, width)
        if batch_norm:
            z = keras.layers.BatchNormalization()(z)
        a = keras.layers.Activation(activation)(z)
        h = keras.layers.Add()([h, a]) if skip and h.shape[-1] == width else a  # the first block may change the width
    logits = keras.layers.Dense(num_classes, kernel_initializer=init(seed + depth))(h)  # (N, num_classes)
    return keras.Model(inputs, logits)


# Stretch, for bonus points: one more activation.
def leaky_relu(z: tf.Tensor, alpha: float = 0.01) -> tf.Tensor:
    """Leaky ReLU; alpha = 0 is the ReLU.

    Definition: g(z) = z if z > 0 else alpha * z.   (eq. 14)
    Constraints: TensorFlow ops; no tf.nn.leaky_relu / keras.activations. Any shape, float32/64, dtype kept.
    Edge cases: alpha = 0 (ReLU), alpha > 1 (tf.maximum(z, alpha*z) is then wrong), z = 0 (value only:
        no gradient is asked for at the corner).
    """
    return tf.where(z > 0, z, alpha * z)  # neither branch can overflow, so the unused one does no harm to the gradient


# Stretch, for bonus points: a numerical refinement of the ReLU.
def softplus(z: tf.Tensor) -> tf.Tensor:
    """Softplus zeta(z) = log(1 + e^z), safe for every finite z.   (eq. 15)

    Constraints: TensorFlow ops; no tf.math.softplus / tf.nn.softplus / tf.math.log_sigmoid / keras.activations.
    Edge cases: z = 1000 -> 1000 (log(1+exp(z)) is inf from z = 89 in float32), z = -1000 -> 0; gradient is
        sigmoid(z), never nan.
    """
    return tf.reduce_logsumexp(tf.stack([z, tf.zeros_like(z)]), axis=0)  # 1 = e^0, so this is log(e^z + e^0)


# Stretch, for bonus points: one more activation.
def hard_tanh(z: tf.Tensor) -> tf.Tensor:
    """The slide's "bounded tanh (between -1 and 1)": g(z) = max(-1, min(1, z)).   (eq. 16)

    Edge cases: gradient 1 for |z| < 1, 0 for |z| > 1 (not checked at the corners).
    """
    return tf.clip_by_value(z, -1.0, 1.0)


# Stretch, for bonus points: one more activation, with templates.
def rbf(z: tf.Tensor, w: tf.Tensor, sigma: float) -> tf.Tensor:
    """Radial basis units, "template matching": g_j(z) = exp(-||w_j - z||^2 / sigma^2).   (eq. 17)

    Args: z (N, d), w (H, d) templates, sigma > 0 (the slide has sigma^2, not 2 sigma^2). Returns: (N, H).
    Edge cases: z equal to a template -> exactly 1 with gradient 0; N == H == 1.
    """
    diff = z[:, None, :] - w[None, :, :]  # (N, 1, d) - (1, H, d) -> (N, H, d)
    return tf.exp(-tf.reduce_sum(diff ** 2, axis=-1) / sigma ** 2)  # (N, H, d) -> (N, H)
