"""hw5: regularisation (lecture blocks "Ensuring Good Generalization", "Regularization" and "Dropout").

The penalties of the slide and the loss that carries one, dropout as on the slide and as in Keras, batch normalisation,
stochastic depth, an ensemble, and two Keras models that are then made to overfit on purpose.
The equations are numbered as in the handout, assignments/hw5/README.md.
"""

from __future__ import annotations

import keras
import numpy as np
import tensorflow as tf


def l2_penalty(weights: list) -> tf.Tensor:
    """R(W) = sum over all matrices and entries of W_kl^2 (no square root, no factor 1/2, as on the slide).   (eq. 2)

    Args: list of tensors/variables. Returns: scalar tensor; empty list -> 0.0.
    """
    return tf.add_n([tf.reduce_sum(w ** 2) for w in weights]) if weights else tf.constant(0.0)


def l1_penalty(weights: list) -> tf.Tensor:
    """R(W) = sum |W_kl|. Gradient sign(W), 0 at W = 0. Empty list -> 0.0.   (eq. 3)

    """
    return tf.add_n([tf.reduce_sum(tf.abs(w)) for w in weights]) if weights else tf.constant(0.0)


# Stretch, for bonus points: the two penalties mixed.
def elastic_net_penalty(weights: list, ratio: float) -> tf.Tensor:
    """R(W) = ratio * sum|W| + (1 - ratio) * sum W^2, 0 <= ratio <= 1 (1 = L1, 0 = L2).   (eq. 4)

    """
    return ratio * l1_penalty(weights) + (1.0 - ratio) * l2_penalty(weights)


# Stretch, for bonus points: a third penalty.
def huber_penalty(weights: list, delta: float = 1.0) -> tf.Tensor:
    """R(W) = sum h(W_kl), h(w) = w^2/2 if |w| <= delta else delta (|w| - delta/2).   (eq. 5)

    Edge cases: continuous and with continuous gradient at |w| = delta (gradient clip(w, -delta, delta)).
    """
    terms = []
    for w in weights:
        a = tf.abs(w)
        h = tf.where(a <= delta, 0.5 * w ** 2, delta * (a - 0.5 * delta))  # both pieces are finite everywhere
        terms.append(tf.reduce_sum(h))
    return tf.add_n(terms) if terms else tf.constant(0.0)


def regularized_loss(model: keras.Model, x: tf.Tensor, y: tf.Tensor, lam: float, kind: str = "l2") -> tf.Tensor:
    """L(W) = (1/N) sum_i L_i(f(x_i, W), y_i) + lam * R(W): data term plus regularisation.   (eq. 1)

    Definition: L_i = categorical cross-entropy of the model's LOGITS and the integer label; R over the kernels only
        (no biases, no BatchNormalization gamma/beta); kind "l2" or "l1".
    Args: y (N,) ints. Returns: scalar tensor. The model is called with training=True.
    Constraints: does not also add model.losses (no double counting).
    Edge cases: lam = 0 gives the data term exactly; doubling the batch (same rows twice) changes nothing.
    """
    kernels = [v.value for v in model.trainable_variables if v.path.endswith("kernel")]
    logits = model(x, training=True)  # (N, d) -> (N, K)
    data = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=y, logits=logits))  # (N,) -> ()
    penalty = l2_penalty(kernels) if kind == "l2" else l1_penalty(kernels)
    return data + lam * penalty


# Stretch, for bonus points: dropout in another form.
def slide_dropout(
    x: tf.Tensor, rate: float, training: bool, mask: tf.Tensor | None = None, seed: int = 0
) -> tf.Tensor:
    """Dropout as on the slide: drop while training, scale at test time.

    Definition: training: x * mask, mask in {0,1}, P(mask = 1) = 1 - rate; test: (1 - rate) * x.   (eq. 6)
    Args: mask (shape of x) or None -> draw one from seed (independent per entry: per sample AND per unit).
    Edge cases: rate = 0 is the identity in both modes; rate in [0, 1), otherwise ValueError.
    """
    if not 0.0 <= rate < 1.0:
        raise ValueError(f"`rate` is the fraction to drop, in [0, 1). Received: {rate}")
    if not training:
        return x * (1.0 - rate)
    if mask is None:
        mask = tf.random.stateless_uniform(tf.shape(x), seed=(seed, 0), dtype=x.dtype) >= rate  # P(uniform < rate) = rate
    return x * tf.cast(mask, x.dtype)


def inverted_dropout(
    x: tf.Tensor, rate: float, training: bool, mask: tf.Tensor | None = None, seed: int = 0
) -> tf.Tensor:
    """Dropout as in Keras: drop AND scale up while training, nothing at test time.

    The mask is that of slide_dropout; at test time, x is unchanged. Derive the scale that keeps the mean of x (eq. 7); for
    hints: dlkit hint hw5 inverted_dropout.

    Derivation: training: x * mask / (1 - rate); test: x.   (eq. 7; keras.layers.Dropout(rate))
    Edge cases and arguments: as slide_dropout.
    """
    if not 0.0 <= rate < 1.0:
        raise ValueError(f"`rate` is the fraction to drop, in [0, 1). Received: {rate}")
    if not training:
        return x
    if mask is None:
        mask = tf.random.stateless_uniform(tf.shape(x), seed=(seed, 0), dtype=x.dtype) >= rate
    return x * tf.cast(mask, x.dtype) / (1.0 - rate)  # E[mask] = 1 - rate, so the mean of the output is x


def batch_norm(
    x: tf.Tensor,
    gamma: tf.Tensor,
    beta: tf.Tensor,
    state: dict,
    training: bool,
    momentum: float = 0.99,
    eps: float = 1e-3,
) -> tuple[tf.Tensor, dict]:
    """Batch normalisation of a (N, D) batch, with Keras's conventions.

    Training: by the mean and the population variance over the batch axis, which also move the state. Test: by state["mean"]
    and state["var"], and the state stays. Derive both lines (eq. 8, 9); for hints: dlkit hint hw5 batch_norm.

    Derivation: with mu, var of the batch:
        y = gamma (x - mu)/sqrt(var + eps) + beta; new state = momentum*state + (1-momentum)*(mu, var).   (eq. 8, 9)
    Args: gamma, beta, state["mean"], state["var"] all (D,).
    Returns: (y (N, D), new state dict); the given state is not modified.
    Constraints: no keras.layers, no tf.nn.batch_normalization. Gradients flow through mu and var (no stop_gradient).
    Edge cases: N = 1 -> y = beta, finite; constant column -> y = beta.
    """
    if training:
        mu = tf.reduce_mean(x, axis=0)  # (N, D) -> (D,)
        var = tf.reduce_mean((x - mu) ** 2, axis=0)  # (N, D) -> (D,)
        new = {
            "mean": momentum * state["mean"] + (1 - momentum) * mu,
            "var": momentum * state["var"] + (1 - momentum) * var}  # fmt: skip
    else:
        mu, var = state["mean"], state["var"]
        new = dict(state)
    y = gamma * (x - mu) / tf.sqrt(var + eps) + beta  # eps keeps the slope finite where a column is constant
    return y, new


# Stretch, for bonus points: dropout for whole blocks.
def stochastic_depth(
    x: tf.Tensor, branch: tf.Tensor, layer: int, num_layers: int, p_last: float, training: bool, gate: float | None = None
) -> tf.Tensor:
    """Residual block with stochastic depth (Huang et al. 2016), linear decay of the survival probability.

    Definition: p_l = 1 - (l / L) (1 - p_last), l = layer in 1..L; training: x + gate * branch with gate in {0, 1};
        test: x + p_l * branch.   (eq. 10)
    Args: gate given for training (0.0 or 1.0). Returns: tensor of x's shape.
    """
    p = 1.0 - (layer / num_layers) * (1.0 - p_last)  # early layers survive more often than late ones
    return x + (gate if training else p) * branch


# Stretch, for bonus points: a numerical refinement: products without underflow.
def geometric_mean_ensemble(probs: np.ndarray) -> np.ndarray:
    """Combine the class probabilities of M models by their normalised geometric mean.

    Definition: q_k proportional to (prod_m p_mk)^(1/M), rows normalised to sum 1.   (eq. 11)
    Args: probs (M, N, K). Returns: (N, K).
        For each sample at least one class must have no probability 0 in any model: the others cannot be normalised.
    Edge cases: M = 500 models with p ~ 1e-3 (a direct product underflows); a probability 0 -> that class gets 0.
    """
    with np.errstate(divide="ignore"):  # log 0 = -inf is meant: exp(-inf) = 0 is the veto of a single model
        logs = np.log(np.asarray(probs, dtype=np.float64)).mean(axis=0)  # (M, N, K) -> (N, K)
    q = np.exp(logs - logs.max(axis=-1, keepdims=True))  # (N, K): the shift cancels below and avoids underflow
    return q / q.sum(axis=-1, keepdims=True)


# Stretch, for bonus points: the penalties again, with a tool.
def build_regularized_mlp(
    input_dim: int, num_classes: int, hidden: tuple = (64,), l1: float = 0.0, l2: float = 1e-3, seed: int = 0
) -> keras.Model:
    """MLP with an L1L2 kernel regulariser on EVERY Dense kernel (output layer included), none on biases.

    Definition: Input, Dense(h, relu, kernel_regularizer=L1L2(l1, l2)) for h in hidden, Dense(num_classes) logits.
        Kernels start from an initializer with the given seed.   (eq. 12)
    Returns: a built Sequential, which need not be compiled; sum(model.losses) = l1 * sum|W| + l2 * sum W^2.
    """
    init = keras.initializers.GlorotUniform

    def reg() -> keras.Regularizer:
        return keras.regularizers.L1L2(l1=l1, l2=l2)

    layers = [keras.Input((input_dim,))]
    for i, h in enumerate(hidden):
        layers.append(keras.layers.Dense(h, activation="relu", kernel_regularizer=reg(), kernel_initializer=init(seed + i)))
    layers.append(keras.layers.Dense(num_classes, kernel_regularizer=reg(), kernel_initializer=init(seed + len(hidden))))
    return keras.Sequential(layers)


def build_dropout_mlp(
    input_dim: int, num_classes: int, hidden: tuple = (64,), rate: float = 0.5, seed: int = 0
) -> keras.Model:
    """MLP with Dropout(rate) after every hidden activation, never after the output layer.

    Definition: Input, [Dense(h, relu), Dropout(rate)] for h in hidden, Dense(num_classes) logits.
        Kernels start from an initializer with the given seed.   (eq. 13)
    """
    init = keras.initializers.GlorotUniform
    layers = [keras.Input((input_dim,))]
    for i, h in enumerate(hidden):
        layers.append(keras.layers.Dense(h, activation="relu", kernel_initializer=init(seed + i)))
        layers.append(keras.layers.Dropout(rate, seed=seed + i))
    layers.append(keras.layers.Dense(num_classes, kernel_initializer=init(seed + len(hidden))))
    return keras.Sequential(layers)


# Stretch, for bonus points: an experiment with finished models.
def experiment_regularizers(path: str | None = None) -> dict:
    """Overfit 300 digits of which 30 % have random labels, with plain / L2 / L1 / dropout MLPs; plot into `path`.

    Set-up: sklearn.datasets.load_digits, pixels scaled to [0, 1], 300 for training, the rest (right labels) for
        testing; hidden (128,), L2 1e-2, L1 3e-3, dropout 0.5; SGD lr 0.1 momentum 0.9, batch 32, 40 epochs.
    Returns: {name: {"train_acc", "test_acc", "kernel_l2", "near_zero"}} for "plain", "l2", "l1", "dropout";
        train_acc on the labels trained on, kernel_l2 = sum W^2 and near_zero = fraction of |W| < 1e-3 over all kernels.
    """
    from sklearn.datasets import load_digits

    images, labels = load_digits(return_X_y=True)
    rng = np.random.default_rng(0)
    order = rng.permutation(len(images))
    X, y = (images[order] / 16).astype(np.float32), labels[order]  # (1797, 64), (1797,)
    X_train, X_test, y_train, y_test = X[:300], X[300:], y[:300].copy(), y[300:]
    noisy = rng.choice(300, 90, replace=False)
    y_train[noisy] = rng.integers(0, 10, 90)  # labels that can only be learnt by heart

    keras.utils.set_random_seed(0)  # for the dropout layers
    epoch = tf.data.Dataset.from_tensor_slices((X_train, y_train)).shuffle(300, seed=0).batch(32)
    epochs = epoch.repeat(40)  # one long pass in 40 random orders: `fit` starts once and not 40 times
    models = {
        "plain": build_regularized_mlp(64, 10, (128,), l1=0.0, l2=0.0),
        "l2": build_regularized_mlp(64, 10, (128,), l1=0.0, l2=1e-2),
        "l1": build_regularized_mlp(64, 10, (128,), l1=3e-3, l2=0.0),
        "dropout": build_dropout_mlp(64, 10, (128,), rate=0.5),
    }
    results, kernels = {}, {}
    for name, model in models.items():
        model.compile(
            optimizer=keras.optimizers.SGD(0.1, momentum=0.9),  # one each: an optimizer keeps a velocity per weight
            loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
            steps_per_execution=20,
        )
        model.fit(epochs, verbose=0)
        W = np.concatenate([v.numpy().ravel() for v in model.trainable_variables if v.path.endswith("kernel")])
        kernels[name] = W
        results[name] = {
            "train_acc": _accuracy(model, X_train, y_train),
            "test_acc": _accuracy(model, X_test, y_test),
            "kernel_l2": float(np.sum(W ** 2)),
            "near_zero": float(np.mean(np.abs(W) < 1e-3)),
        }
    if path is not None:
        _plot(results, kernels, path)
    return results


def _accuracy(model: keras.Model, X: np.ndarray, y: np.ndarray) -> float:
    """Share of right predictions, with dropout off."""
    logits = np.asarray(model(X, training=False))  # (N, K)
    return float(np.mean(logits.argmax(axis=1) == y))


def _plot(results: dict, kernels: dict, path: str) -> None:
    """Accuracies as bars, and what each regulariser does to the weights."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(10, 4), layout="constrained")
    bars, weights = figure.subplots(1, 2)
    for shift, key in ((-0.2, "train_acc"), (0.2, "test_acc")):
        bars.bar(np.arange(len(results)) + shift, [result[key] for result in results.values()], width=0.4, label=key)
    bars.set_xticks(np.arange(len(results)), list(results))
    bars.set(ylabel="accuracy", title="300 digits, 30 % random labels")
    bars.legend()
    for name, W in kernels.items():
        weights.hist(W, bins=np.linspace(-0.5, 0.5, 81), histtype="step", log=True, label=name)
    weights.set(xlabel="weight", ylabel="count", title="kernel entries")
    weights.legend()
    figure.savefig(path)
