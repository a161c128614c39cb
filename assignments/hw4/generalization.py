"""hw4: generalisation, capacity, splits and cross-validation (lecture blocks "Fitting" to "Training-Validation-Testing").

One family of models, the polynomials, and honest ways to say how well they will do on points that they have not seen.
The equations are numbered as in the handout, assignments/hw4/README.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np


def polynomial_features(x: np.ndarray, degree: int) -> np.ndarray:
    """Design matrix of the polynomial y = sum_{i=0}^{n} a_i x^i.   (eq. 1)

    Args: x (N,), degree n >= 0. Returns: (N, n+1) float64, column i = x**i (column 0 all ones, 0**0 = 1).
    Constraints: numpy only.
    Edge cases: degree 0; integer x; N = 0.
    """
    raise NotImplementedError


def fit_polynomial(x: np.ndarray, y: np.ndarray, degree: int, lam: float = 0.0) -> np.ndarray:
    """Least-squares polynomial, optionally with an L2 penalty on every coefficient except a_0.

    Definition: a = argmin (1/N) sum_i (p(x_i) - y_i)^2 + lam * sum_{i>=1} a_i^2   (eq. 2); minimum norm if not unique.
    Derive the rows of the penalty (eq. 3); for hints: dlkit hint hw4 fit_polynomial.

    Returns: (degree+1,) coefficients a_0..a_n.
    Constraints: numpy only; stable: lstsq on the (augmented) design matrix (eq. 3) - for x in [2,4] at degree 8 the
        error of inv(X^T X) is 0.2, of solve(X^T X, .) 7e-4, of lstsq 3e-9 (measured).
    Edge cases: degree >= N (interpolates, no error); lam = 0; lam > 0 with N scaled data term.
    """
    raise NotImplementedError


def predict_polynomial(coef: np.ndarray, x: np.ndarray) -> np.ndarray:
    """Evaluate p(x) = sum_i coef[i] x^i   (eq. 4). Args: coef (n+1,), x (N,). Returns: (N,).

    Constraints: numpy only.
    Edge cases: one coefficient (a constant); N = 0.
    """
    raise NotImplementedError


def capacity_curve(
    x_train: np.ndarray, y_train: np.ndarray, x_test: np.ndarray, y_test: np.ndarray, degrees: Iterable[int]
) -> tuple[np.ndarray, np.ndarray]:
    """Train and test MSE as a function of the degree (slide "Generalization and Capacity").   (eq. 5)

    Returns: (train_mse (D,), test_mse (D,)), one entry for each of the D degrees, in their order.
    Constraints: the model never sees the test points; numpy only.
    """
    raise NotImplementedError


# Stretch, for bonus points: the same errors over another variable.
def train_size_curve(x: np.ndarray, y: np.ndarray, degree: int, sizes: Iterable[int]) -> tuple[np.ndarray, np.ndarray]:
    """The slide's question: with n points, train on the first m and test on the other n - m.

    Args: sizes: iterable of m with 1 <= m < n. Returns: (train_mse, test_mse), one entry per m.
    Constraints: numpy only.
    Edge cases: m < degree + 1 (interpolates: train MSE 0); m >= n or m < 1 -> ValueError (no test point left).
    """
    raise NotImplementedError


# Stretch, for bonus points: a simpler split than the folds.
def train_val_test_split(
    n: int, val_fraction: float = 0.2, test_fraction: float = 0.2, seed: int = 0
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Shuffled, disjoint index sets for training, validation and test.

    Definition: n_val = floor(n * val_fraction), n_test = floor(n * test_fraction), training gets the rest.   (eq. 6)
    Returns: (train, val, test) int arrays; together a permutation of 0..n-1; same seed -> same split.
    Constraints: own code (no sklearn); np.random.default_rng(seed), not the global generator.
    Edge cases: n * fraction not an integer; val_fraction = 0 -> empty array; train empty -> ValueError.
    """
    raise NotImplementedError


def kfold_indices(n: int, k: int, seed: int | None = None) -> list[tuple[np.ndarray, np.ndarray]]:
    """Index pairs (train, validation) of k-fold cross-validation.

    Definition: the validation folds are disjoint and cover 0..n-1; the first n % k folds have one sample more;   (eq. 7)
        without a seed the folds are consecutive blocks, as sklearn KFold(k); with a seed the order is shuffled first.
    Returns: list of k pairs of int arrays. k = n is leave-one-out.
    Constraints: own code (no sklearn); np.random.default_rng(seed), not the global generator.
    Edge cases: n % k != 0 (no sample may be lost); k < 2 or k > n -> ValueError.
    """
    raise NotImplementedError


def standardize(X_train: np.ndarray, *others: np.ndarray) -> tuple[np.ndarray, ...]:
    """Zero mean, unit variance - with statistics of the training part only.

    Definition: (X - mean_train) / std_train per column, population std (ddof = 0).   (eq. 8)
    Returns: (X_train_s, *others_s), float64, inputs unchanged.
    Constraints: numpy only.
    Edge cases: a column of equal values is only centred (divide by 1): no nan, and no rounding error blown up to 1. Its
        std need not be exactly 0; it is at most N eps |mean_train|, with N rows and eps = np.finfo(float).eps.
        Any other column is scaled, however small its numbers.
    """
    raise NotImplementedError


def cross_val_mse(x: np.ndarray, y: np.ndarray, degree: int, k: int, seed: int | None = None) -> np.ndarray:
    """Validation MSE of the degree-n polynomial on each of the k folds of kfold_indices(len(x), k, seed).   (eq. 9)

    Returns: (k,) array in fold order (NOT its mean).
    Constraints: numpy only.
    """
    raise NotImplementedError


def select_degree(
    x: np.ndarray, y: np.ndarray, degrees: Iterable[int], k: int, seed: int | None = None
) -> tuple[int, np.ndarray]:
    """Choose the hyperparameter n: the degree with the smallest mean cross-validation MSE; ties -> the smaller degree.

    Returns: (best degree as int, mean CV MSE per degree), by the folds of cross_val_mse (eq. 10). The test set plays no part.
    Constraints: numpy only.
    Edge cases: degrees not sorted (return the degree, not its position).
    """
    raise NotImplementedError


# Stretch, for bonus points: cross-validation once more, for any classifier.
def cross_val_scores(build_fn: Callable, X: np.ndarray, y: np.ndarray, k: int = 5, seed: int = 0) -> np.ndarray:
    """Stratified k-fold accuracy of any model, with standardisation INSIDE each fold.

    Definition: for each fold of StratifiedKFold(k, shuffle=True, random_state=seed): model = build_fn() (a fresh
        one), standardise with the training fold, fit on the training fold, accuracy on the validation fold.   (eq. 11)
    Args: build_fn() -> object with fit(X, y) and predict(X). Returns: (k,) accuracies in fold order.
    Advice, not graded: import scikit-learn inside this function; nothing else in this file needs it.
    """
    raise NotImplementedError
