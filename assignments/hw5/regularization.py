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
    raise NotImplementedError


def l1_penalty(weights: list) -> tf.Tensor:
    """R(W) = sum |W_kl|. Gradient sign(W), 0 at W = 0. Empty list -> 0.0.   (eq. 3)

    """
    raise NotImplementedError


# Stretch, for bonus points: the two penalties mixed.
def elastic_net_penalty(weights: list, ratio: float) -> tf.Tensor:
    """R(W) = ratio * sum|W| + (1 - ratio) * sum W^2, 0 <= ratio <= 1 (1 = L1, 0 = L2).   (eq. 4)

    """
    raise NotImplementedError


# Stretch, for bonus points: a third penalty.
def huber_penalty(weights: list, delta: float = 1.0) -> tf.Tensor:
    """R(W) = sum h(W_kl), h(w) = w^2/2 if |w| <= delta else delta (|w| - delta/2).   (eq. 5)

    Edge cases: continuous and with continuous gradient at |w| = delta (gradient clip(w, -delta, delta)).
    """
    raise NotImplementedError


def regularized_loss(model: keras.Model, x: tf.Tensor, y: tf.Tensor, lam: float, kind: str = "l2") -> tf.Tensor:
    """L(W) = (1/N) sum_i L_i(f(x_i, W), y_i) + lam * R(W): data term plus regularisation.   (eq. 1)

    Definition: L_i = categorical cross-entropy of the model's LOGITS and the integer label; R over the kernels only
        (no biases, no BatchNormalization gamma/beta); kind "l2" or "l1".
    Args: y (N,) ints. Returns: scalar tensor. The model is called with training=True.
    Constraints: does not also add model.losses (no double counting).
    Edge cases: lam = 0 gives the data term exactly; doubling the batch (same rows twice) changes nothing.
    """
    raise NotImplementedError


# Stretch, for bonus points: dropout in another form.
def slide_dropout(
    x: tf.Tensor, rate: float, training: bool, mask: tf.Tensor | None = None, seed: int = 0
) -> tf.Tensor:
    """Dropout as on the slide: drop while training, scale at test time.

    Definition: training: x * mask, mask in {0,1}, P(mask = 1) = 1 - rate; test: (1 - rate) * x.   (eq. 6)
    Args: mask (shape of x) or None -> draw one from seed (independent per entry: per sample AND per unit).
    Edge cases: rate = 0 is the identity in both modes; rate in [0, 1), otherwise ValueError.
    """
    raise NotImplementedError


def inverted_dropout(
    x: tf.Tensor, rate: float, training: bool, mask: tf.Tensor | None = None, seed: int = 0
) -> tf.Tensor:
    """Dropout as in Keras: drop AND scale up while training, nothing at test time.

    The mask is that of slide_dropout; at test time, x is unchanged. Derive the scale that keeps the mean of x (eq. 7); for
    hints: dlkit hint hw5 inverted_dropout.

    Edge cases and arguments: as slide_dropout.
    """
    raise NotImplementedError


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

    Args: gamma, beta, state["mean"], state["var"] all (D,).
    Returns: (y (N, D), new state dict); the given state is not modified.
    Constraints: no keras.layers, no tf.nn.batch_normalization. Gradients flow through mu and var (no stop_gradient).
    Edge cases: N = 1 -> y = beta, finite; constant column -> y = beta.
    """
    raise NotImplementedError


# Stretch, for bonus points: dropout for whole blocks.
def stochastic_depth(
    x: tf.Tensor, branch: tf.Tensor, layer: int, num_layers: int, p_last: float, training: bool, gate: float | None = None
) -> tf.Tensor:
    """Residual block with stochastic depth (Huang et al. 2016), linear decay of the survival probability.

    Definition: p_l = 1 - (l / L) (1 - p_last), l = layer in 1..L; training: x + gate * branch with gate in {0, 1};
        test: x + p_l * branch.   (eq. 10)
    Args: gate given for training (0.0 or 1.0). Returns: tensor of x's shape.
    """
    raise NotImplementedError


# Stretch, for bonus points: a numerical refinement: products without underflow.
def geometric_mean_ensemble(probs: np.ndarray) -> np.ndarray:
    """Combine the class probabilities of M models by their normalised geometric mean.

    Definition: q_k proportional to (prod_m p_mk)^(1/M), rows normalised to sum 1.   (eq. 11)
    Args: probs (M, N, K). Returns: (N, K).
        For each sample at least one class must have no probability 0 in any model: the others cannot be normalised.
    Edge cases: M = 500 models with p ~ 1e-3 (a direct product underflows); a probability 0 -> that class gets 0.
    """
    raise NotImplementedError


# Stretch, for bonus points: the penalties again, with a tool.
def build_regularized_mlp(
    input_dim: int, num_classes: int, hidden: tuple = (64,), l1: float = 0.0, l2: float = 1e-3, seed: int = 0
) -> keras.Model:
    """MLP with an L1L2 kernel regulariser on EVERY Dense kernel (output layer included), none on biases.

    Definition: Input, Dense(h, relu, kernel_regularizer=L1L2(l1, l2)) for h in hidden, Dense(num_classes) logits.
        Kernels start from an initializer with the given seed.   (eq. 12)
    Returns: a built Sequential, which need not be compiled; sum(model.losses) = l1 * sum|W| + l2 * sum W^2.
    """
    raise NotImplementedError


def build_dropout_mlp(
    input_dim: int, num_classes: int, hidden: tuple = (64,), rate: float = 0.5, seed: int = 0
) -> keras.Model:
    """MLP with Dropout(rate) after every hidden activation, never after the output layer.

    Definition: Input, [Dense(h, relu), Dropout(rate)] for h in hidden, Dense(num_classes) logits.
        Kernels start from an initializer with the given seed.   (eq. 13)
    """
    raise NotImplementedError


# Stretch, for bonus points: an experiment with finished models.
def experiment_regularizers(path: str | None = None) -> dict:
    """Overfit 300 digits of which 30 % have random labels, with plain / L2 / L1 / dropout MLPs; plot into `path`.

    Set-up: sklearn.datasets.load_digits, pixels scaled to [0, 1], 300 for training, the rest (right labels) for
        testing; hidden (128,), L2 1e-2, L1 3e-3, dropout 0.5; SGD lr 0.1 momentum 0.9, batch 32, 40 epochs.
    Returns: {name: {"train_acc", "test_acc", "kernel_l2", "near_zero"}} for "plain", "l2", "l1", "dropout";
        train_acc on the labels trained on, kernel_l2 = sum W^2 and near_zero = fraction of |W| < 1e-3 over all kernels.
    """
    raise NotImplementedError
