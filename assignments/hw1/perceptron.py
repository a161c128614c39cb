"""hw1: perceptrons, linear models and what they cannot do (lecture blocks "The Perceptron" to "Linear Regression").

One linear unit in four roles: a classifier with a threshold, a logic gate, a line through points, and a Keras model.
The equations are numbered as in the handout, assignments/hw1/README.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import keras  # for the type hint alone: only build_perceptron needs Keras, and imports it itself

AND_X = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])  # the four rows of {0, 1}^2


def perceptron_predict(X: np.ndarray, w: np.ndarray, b: float) -> np.ndarray:
    """Label every row of X with the perceptron rule.

    Definition: f(x) = 1 if w.x + b > 0 else 0   (eq. 1; slide "The Perceptron": strict inequality).
    Args: X (N, d) float; w (d,) float; b scalar.
    Returns: (N,) int64 array of 0/1.
    Constraints: numpy only, no Python loop over rows.
    Edge cases: a point exactly on the boundary (w.x + b == 0) is class 0; N = 0 gives shape (0,).
    """
    raise NotImplementedError


def fold_bias(X: np.ndarray) -> np.ndarray:
    """Prepend x_0 = 1 to every row so that the bias becomes weight number 0.

    Definition: [x_1..x_d] -> [1, x_1..x_d]; then w.x + b = [b, w].[1, x]   (eq. 2; slide "More Layers").
    Args: X (N, d) any real dtype, or a single sample (d,).
    Returns: float64 (N, d+1), or (d+1,) for a single sample. X itself is not modified.
    Edge cases: N = 0 -> (0, d+1); integer input must come back as float64.
    """
    raise NotImplementedError


def gate_weights(gate: str) -> tuple[np.ndarray, float]:
    """Weights and bias of one perceptron that computes a Boolean gate on inputs in {0,1}^2   (eq. 3).

    Args: gate one of "and", "or", "nand", "nor".
    Returns: (w, b): w array (2,), b number; any correct choice is accepted.
    Edge cases: unknown gate -> ValueError (for "xor" too: no such weights exist).
    """
    raise NotImplementedError


def xor_from_gates(X: np.ndarray) -> np.ndarray:
    """Compute XOR with two layers of perceptrons (first idea of a hidden layer).

    Definition: xor = and(or(x1,x2), nand(x1,x2))   (eq. 4); any two-layer composition of perceptrons is accepted.
    Args: X (N, 2) of 0/1. Returns: (N,) int64 of 0/1.
    Constraints: built only from gate_weights and perceptron_predict (at least 3 calls of perceptron_predict, whose
        answers make the output; no ^, !=, np.logical_xor, %, abs).
    """
    raise NotImplementedError


def perceptron_step(w: np.ndarray, x: np.ndarray, y: int, lr: float = 1.0) -> np.ndarray:
    """One update of the perceptron learning rule on one folded sample.

    Derive the update (eq. 5); for hints: dlkit hint hw1 perceptron_step.

    Args: w (d+1,), x (d+1,) with x[0] = 1, y in {0, 1}, lr > 0.
    Returns: new array (d+1,); w must not be modified in place; a correctly classified sample changes nothing.
    """
    raise NotImplementedError


def train_perceptron(X: np.ndarray, y: np.ndarray, lr: float = 1.0, max_epochs: int = 100) -> tuple[np.ndarray, list[int]]:
    """Train a perceptron sample by sample, in the given order, starting from w = 0.

    Definition: repeat epochs; in an epoch apply perceptron_step to rows 0..N-1 of fold_bias(X), each with the
        current w; count the rows that were misclassified when they were visited; stop after the first epoch
        with 0 mistakes or after max_epochs.   (eq. 6)
    Returns: (w (d+1,) float64, mistakes: list[int], one number per epoch run, the final 0 included).
    Edge cases: N = 0 -> (zeros, [0]); non-separable data -> exactly max_epochs entries, never 0.
    """
    raise NotImplementedError


def linear_regression_fit(X: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, float]:
    """Least-squares line/plane y ~ X w + b (slide "Linear Regression").

    Definition: (b, w) = argmin sum_i (w.x_i + b - y_i)^2   (eq. 8); the minimum-norm solution of the folded system
        when it is not unique.
    Args: X (N, d), y (N,). Returns: (w (d,), b float).
    Constraints: numpy; np.linalg.lstsq or pinv allowed; no scikit-learn.
    Edge cases: N < d+1, a duplicated column (X^T X is singular).
    """
    raise NotImplementedError


# Stretch, for bonus points: a definition; hw4 measures with it again.
def mean_squared_error(y_true: np.ndarray, y_pred: np.ndarray) -> float:
    """Mean squared error (slide "Fitting, Models, Generalization").

    Definition: MSE = (1/n) * sum (y_true - y_pred)^2 over all n elements, one number.   (eq. 7)
    Edge cases: different shapes -> ValueError (so that (N,) against (N,1) cannot broadcast); empty -> ValueError.
    """
    raise NotImplementedError


# Stretch, for bonus points: the same unit once more, with a tool.
def build_perceptron(input_dim: int, weights: np.ndarray | None = None) -> keras.Model:
    """A single Keras unit; optionally loaded with a trained folded weight vector.

    Definition: y = sigmoid(w.x + b): keras.Sequential([Input((input_dim,)), Dense(1, sigmoid)]).   (eq. 9)
    Args: weights: None or folded vector (d+1,) = [b, w_1..w_d]; if given, kernel[:,0] = w, bias = [b].
    Returns: a built model, which need not be compiled. model(X) > 0.5 must agree with perceptron_predict(X, w, b).
    Advice, not graded: import keras inside this function; nothing else in this file needs it.
    """
    raise NotImplementedError


# Stretch, for bonus points: an experiment with finished functions.
def experiment_linear_vs_xor(path: str | None = None, max_epochs: int = 50) -> dict:
    """Train the perceptron on AND, OR and XOR; draw the three decision boundaries into `path` (PNG).

    Returns: {gate: {"epochs": int, "accuracy": float, "converged": bool}} for "and", "or", "xor";
        accuracy on the 4 rows after training, converged = the last epoch had no mistakes.
    Edge cases: path = None -> the numbers only, nothing is drawn.
    """
    raise NotImplementedError
