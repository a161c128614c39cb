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
    X, w = np.asarray(X, dtype=np.float64), np.asarray(w, dtype=np.float64)
    return (X @ w + b > 0).astype(np.int64)  # (N, d) @ (d,) -> (N,)


def fold_bias(X: np.ndarray) -> np.ndarray:
    """Prepend x_0 = 1 to every row so that the bias becomes weight number 0.

    Definition: [x_1..x_d] -> [1, x_1..x_d]; then w.x + b = [b, w].[1, x]   (eq. 2; slide "More Layers").
    Args: X (N, d) any real dtype, or a single sample (d,).
    Returns: float64 (N, d+1), or (d+1,) for a single sample. X itself is not modified.
    Edge cases: N = 0 -> (0, d+1); integer input must come back as float64.
    """
    X = np.asarray(X, dtype=np.float64)
    ones = np.ones(X.shape[:-1] + (1,))  # noqa: RUF005 - (N, 1) for a batch, (1,) for a single sample
    return np.concatenate([ones, X], axis=-1)  # (N, 1), (N, d) -> (N, d+1)


def gate_weights(gate: str) -> tuple[np.ndarray, float]:
    """Weights and bias of one perceptron that computes a Boolean gate on inputs in {0,1}^2   (eq. 3).

    Args: gate one of "and", "or", "nand", "nor".
    Returns: (w, b): w array (2,), b number; any correct choice is accepted.
    Edge cases: unknown gate -> ValueError (for "xor" too: no such weights exist).
    """
    # Each border runs halfway between the rows that it separates, x_1 + x_2 = 1/2 or 3/2.
    table = {
        "and": ((1.0, 1.0), -1.5),
        "or": ((1.0, 1.0), -0.5),
        "nand": ((-1.0, -1.0), 1.5),
        "nor": ((-1.0, -1.0), 0.5),
    }
    if gate not in table:
        raise ValueError(f"`gate` must be one of {', '.join(table)}. Received: {gate!r}")
    w, b = table[gate]
    return np.array(w), b


def xor_from_gates(X: np.ndarray) -> np.ndarray:
    """Compute XOR with two layers of perceptrons (first idea of a hidden layer).

    Definition: xor = and(or(x1,x2), nand(x1,x2))   (eq. 4); any two-layer composition of perceptrons is accepted.
    Args: X (N, 2) of 0/1. Returns: (N,) int64 of 0/1.
    Constraints: built only from gate_weights and perceptron_predict (at least 3 calls of perceptron_predict, whose
        answers make the output; no ^, !=, np.logical_xor, %, abs).
    """
    hidden = np.stack([  # two units that look at the same X: (N,), (N,) -> (N, 2)
        perceptron_predict(X, *gate_weights("or")),
        perceptron_predict(X, *gate_weights("nand")),
    ], axis=1)  # fmt: skip
    return perceptron_predict(hidden, *gate_weights("and"))  # (N, 2) -> (N,)


def perceptron_step(w: np.ndarray, x: np.ndarray, y: int, lr: float = 1.0) -> np.ndarray:
    """One update of the perceptron learning rule on one folded sample.

    Derive the update (eq. 5); for hints: dlkit hint hw1 perceptron_step.

    Derivation: yhat = 1 if w.x > 0 else 0;  w_new = w + lr * (y - yhat) * x.   (eq. 5)
    Args: w (d+1,), x (d+1,) with x[0] = 1, y in {0, 1}, lr > 0.
    Returns: new array (d+1,); w must not be modified in place; a correctly classified sample changes nothing.
    """
    yhat = 1 if w @ x > 0 else 0
    return w + lr * (y - yhat) * x  # y - yhat is 1, 0 or -1: towards x, nowhere, or away from it


def train_perceptron(X: np.ndarray, y: np.ndarray, lr: float = 1.0, max_epochs: int = 100) -> tuple[np.ndarray, list[int]]:
    """Train a perceptron sample by sample, in the given order, starting from w = 0.

    Definition: repeat epochs; in an epoch apply perceptron_step to rows 0..N-1 of fold_bias(X), each with the
        current w; count the rows that were misclassified when they were visited; stop after the first epoch
        with 0 mistakes or after max_epochs.   (eq. 6)
    Returns: (w (d+1,) float64, mistakes: list[int], one number per epoch run, the final 0 included).
    Edge cases: N = 0 -> (zeros, [0]); non-separable data -> exactly max_epochs entries, never 0.
    """
    Xf = fold_bias(X)  # (N, d) -> (N, d+1)
    w = np.zeros(Xf.shape[1])
    mistakes = []
    for _ in range(max_epochs):
        wrong = 0
        for xi, yi in zip(Xf, y, strict=True):
            w_new = perceptron_step(w, xi, yi, lr)
            wrong += int(yi != (w @ xi > 0))  # judged with the weights of before the update
            w = w_new
        mistakes.append(wrong)
        if wrong == 0:
            break
    return w, mistakes


def linear_regression_fit(X: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, float]:
    """Least-squares line/plane y ~ X w + b (slide "Linear Regression").

    Definition: (b, w) = argmin sum_i (w.x_i + b - y_i)^2   (eq. 8); the minimum-norm solution of the folded system
        when it is not unique.
    Args: X (N, d), y (N,). Returns: (w (d,), b float).
    Constraints: numpy; np.linalg.lstsq or pinv allowed; no scikit-learn.
    Edge cases: N < d+1, a duplicated column (X^T X is singular).
    """
    Xf = fold_bias(X)  # (N, d) -> (N, d+1)
    coef = np.linalg.lstsq(Xf, y, rcond=None)[0]  # (d+1,); by singular values: X^T X need not have an inverse
    return coef[1:], float(coef[0])


# Stretch, for bonus points: a definition; hw4 measures with it again.
def mean_squared_error(y_true: np.ndarray, y_pred: np.ndarray) -> float:
    """Mean squared error (slide "Fitting, Models, Generalization").

    Definition: MSE = (1/n) * sum (y_true - y_pred)^2 over all n elements, one number.   (eq. 7)
    Edge cases: different shapes -> ValueError (so that (N,) against (N,1) cannot broadcast); empty -> ValueError.
    """
    y_true, y_pred = np.asarray(y_true, dtype=np.float64), np.asarray(y_pred, dtype=np.float64)
    if y_true.shape != y_pred.shape:  # (N,) - (N, 1) would broadcast to (N, N)
        raise ValueError(f"`y_true` and `y_pred` must have one shape. Received: {y_true.shape} and {y_pred.shape}")
    if y_true.size == 0:
        raise ValueError("the mean of no errors is not defined. Received: empty arrays")
    return float(np.mean((y_true - y_pred) ** 2))


# Stretch, for bonus points: the same unit once more, with a tool.
def build_perceptron(input_dim: int, weights: np.ndarray | None = None) -> keras.Model:
    """A single Keras unit; optionally loaded with a trained folded weight vector.

    Definition: y = sigmoid(w.x + b): keras.Sequential([Input((input_dim,)), Dense(1, sigmoid)]).   (eq. 9)
    Args: weights: None or folded vector (d+1,) = [b, w_1..w_d]; if given, kernel[:,0] = w, bias = [b].
    Returns: a built model, which need not be compiled. model(X) > 0.5 must agree with perceptron_predict(X, w, b).
    Advice, not graded: import keras inside this function; nothing else in this file needs it.
    """
    import keras

    model = keras.Sequential([
        keras.Input((input_dim,)),
        keras.layers.Dense(1, activation="sigmoid"),  # (N, d) -> (N, 1)
    ])  # fmt: skip
    if weights is not None:
        kernel = np.asarray(weights[1:]).reshape(-1, 1)  # (d,) -> (d, 1)
        model.layers[0].set_weights([kernel, np.asarray(weights[:1])])
    return model


# Stretch, for bonus points: an experiment with finished functions.
def experiment_linear_vs_xor(path: str | None = None, max_epochs: int = 50) -> dict:
    """Train the perceptron on AND, OR and XOR; draw the three decision boundaries into `path` (PNG).

    Returns: {gate: {"epochs": int, "accuracy": float, "converged": bool}} for "and", "or", "xor";
        accuracy on the 4 rows after training, converged = the last epoch had no mistakes.
    Edge cases: path = None -> the numbers only, nothing is drawn.
    """
    targets = {"and": [0, 0, 0, 1], "or": [0, 1, 1, 1], "xor": [0, 1, 1, 0]}
    found, lines = {}, {}
    for gate, labels in targets.items():
        y = np.array(labels)
        w, mistakes = train_perceptron(AND_X, y, max_epochs=max_epochs)
        right = perceptron_predict(AND_X, w[1:], w[0]) == y
        found[gate] = {"epochs": len(mistakes), "accuracy": float(right.mean()), "converged": mistakes[-1] == 0}
        lines[gate] = (y, w, mistakes)
    if path is not None:
        _draw_boundaries(path, lines)
    return found


def _draw_boundaries(path: str, lines: dict) -> None:
    """One panel for each gate: its four rows, and the half-plane that the perceptron calls 1."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(9, 3.2), layout="constrained")
    FigureCanvasAgg(figure)  # no window, and nothing left behind in pyplot
    side = np.linspace(-0.5, 1.5, 201)
    grid = np.stack(np.meshgrid(side, side), axis=-1).reshape(-1, 2)  # (201 * 201, 2)
    for axes, (gate, (y, w, mistakes)) in zip(figure.subplots(1, 3), lines.items(), strict=True):
        half_plane = perceptron_predict(grid, w[1:], w[0]).reshape(side.size, side.size)
        axes.contourf(side, side, half_plane, levels=[-0.5, 0.5, 1.5], colors=["#f2f2f2", "#bcd7ee"])
        for label, marker in ((0, "o"), (1, "s")):
            axes.plot(*AND_X[y == label].T, marker, color="black", markerfacecolor="black" if label else "white", label=f"{label}")
        axes.set(title=f"{gate.upper()}: epoch {len(mistakes)}, {mistakes[-1]} mistakes", xlabel="$x_1$", ylabel="$x_2$", aspect="equal")
    figure.legend(*axes.get_legend_handles_labels(), loc="outside right center", title="target")
    figure.savefig(path, format="png", dpi=100)
