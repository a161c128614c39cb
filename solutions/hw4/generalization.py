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
    return np.asarray(x, dtype=float)[:, None] ** np.arange(degree + 1)  # (N, 1) ** (n+1,) -> (N, n+1)


def fit_polynomial(x: np.ndarray, y: np.ndarray, degree: int, lam: float = 0.0) -> np.ndarray:
    """Least-squares polynomial, optionally with an L2 penalty on every coefficient except a_0.

    Definition: a = argmin (1/N) sum_i (p(x_i) - y_i)^2 + lam * sum_{i>=1} a_i^2   (eq. 2); minimum norm if not unique.
    Derive the rows of the penalty (eq. 3); for hints: dlkit hint hw4 fit_polynomial.

    Derivation: R = sqrt(N lam) diag(0, 1, ..., 1);  a = lstsq([Phi; R], [y; 0]).   (eq. 3)
    Returns: (degree+1,) coefficients a_0..a_n.
    Constraints: numpy only; stable: lstsq on the (augmented) design matrix (eq. 3) - for x in [2,4] at degree 8 the
        error of inv(X^T X) is 0.2, of solve(X^T X, .) 7e-4, of lstsq 3e-9 (measured).
    Edge cases: degree >= N (interpolates, no error); lam = 0; lam > 0 with N scaled data term.
    """
    phi, y = polynomial_features(x, degree), np.asarray(y, dtype=float)
    if lam > 0:
        # N times eq. 2 is ||phi a - y||^2 + ||reg a - 0||^2: the penalty is n+1 more rows of a least-squares problem.
        reg = np.sqrt(len(y) * lam) * np.eye(degree + 1)
        reg[0, 0] = 0.0
        phi, y = np.vstack([phi, reg]), np.append(y, np.zeros(degree + 1))  # (N + n+1, n+1), (N + n+1,)
    return np.linalg.lstsq(phi, y, rcond=None)[0]


def predict_polynomial(coef: np.ndarray, x: np.ndarray) -> np.ndarray:
    """Evaluate p(x) = sum_i coef[i] x^i   (eq. 4). Args: coef (n+1,), x (N,). Returns: (N,).

    Constraints: numpy only.
    Edge cases: one coefficient (a constant); N = 0.
    """
    return polynomial_features(x, len(coef) - 1) @ coef  # (N, n+1) @ (n+1,) -> (N,)


def capacity_curve(
    x_train: np.ndarray, y_train: np.ndarray, x_test: np.ndarray, y_test: np.ndarray, degrees: Iterable[int]
) -> tuple[np.ndarray, np.ndarray]:
    """Train and test MSE as a function of the degree (slide "Generalization and Capacity").   (eq. 5)

    Returns: (train_mse (D,), test_mse (D,)), one entry for each of the D degrees, in their order.
    Constraints: the model never sees the test points; numpy only.
    """
    train, test = [], []
    for d in degrees:
        c = fit_polynomial(x_train, y_train, d)
        train.append(np.mean((predict_polynomial(c, x_train) - y_train) ** 2))
        test.append(np.mean((predict_polynomial(c, x_test) - y_test) ** 2))
    return np.array(train), np.array(test)


# Stretch, for bonus points: the same errors over another variable.
def train_size_curve(x: np.ndarray, y: np.ndarray, degree: int, sizes: Iterable[int]) -> tuple[np.ndarray, np.ndarray]:
    """The slide's question: with n points, train on the first m and test on the other n - m.

    Args: sizes: iterable of m with 1 <= m < n. Returns: (train_mse, test_mse), one entry per m.
    Constraints: numpy only.
    Edge cases: m < degree + 1 (interpolates: train MSE 0); m >= n or m < 1 -> ValueError (no test point left).
    """
    train, test = [], []
    for m in sizes:
        if not 1 <= m < len(x):
            raise ValueError(f"a size must leave a point to train on and one to test on: 1 <= m < {len(x)}. Received: {m}")
        tr, te = capacity_curve(x[:m], y[:m], x[m:], y[m:], [degree])  # (1,), (1,)
        train.append(tr[0])
        test.append(te[0])
    return np.array(train), np.array(test)


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
    n_val, n_test = int(n * val_fraction), int(n * test_fraction)  # int() cuts off, as floor does for n >= 0
    if n_val + n_test >= n:
        raise ValueError(f"{n_val} of {n} samples for validation and {n_test} for the test leave none to train on")
    order = np.random.default_rng(seed).permutation(n)
    val, test = order[:n_val], order[n_val:n_val + n_test]
    return order[n_val + n_test:], val, test


def kfold_indices(n: int, k: int, seed: int | None = None) -> list[tuple[np.ndarray, np.ndarray]]:
    """Index pairs (train, validation) of k-fold cross-validation.

    Definition: the validation folds are disjoint and cover 0..n-1; the first n % k folds have one sample more;   (eq. 7)
        without a seed the folds are consecutive blocks, as sklearn KFold(k); with a seed the order is shuffled first.
    Returns: list of k pairs of int arrays. k = n is leave-one-out.
    Constraints: own code (no sklearn); np.random.default_rng(seed), not the global generator.
    Edge cases: n % k != 0 (no sample may be lost); k < 2 or k > n -> ValueError.
    """
    if not 2 <= k <= n:
        raise ValueError(f"`k` must be at least 2 and at most n = {n}. Received: {k}")
    order = np.arange(n) if seed is None else np.random.default_rng(seed).permutation(n)
    folds = np.array_split(order, k)  # unequal where n % k != 0, the larger ones first
    return [(np.concatenate(folds[:i] + folds[i + 1:]), folds[i]) for i in range(k)]


def standardize(X_train: np.ndarray, *others: np.ndarray) -> tuple[np.ndarray, ...]:
    """Zero mean, unit variance - with statistics of the training part only.

    Definition: (X - mean_train) / std_train per column, population std (ddof = 0).   (eq. 8)
    Returns: (X_train_s, *others_s), float64, inputs unchanged.
    Constraints: numpy only.
    Edge cases: a column of equal values is only centred (divide by 1): no nan, and no rounding error blown up to 1. Its
        std need not be exactly 0; it is at most N eps |mean_train|, with N rows and eps = np.finfo(float).eps.
        Any other column is scaled, however small its numbers.
    """
    X_train = np.asarray(X_train, dtype=float)
    mean, std = X_train.mean(axis=0), X_train.std(axis=0)  # (d,), (d,)
    rounding = len(X_train) * np.finfo(float).eps * np.abs(mean)  # (d,): three times 0.1 have the std 1.4e-17
    std = np.where(std <= rounding, 1.0, std)
    return tuple((np.asarray(X, dtype=float) - mean) / std for X in (X_train, *others))


def cross_val_mse(x: np.ndarray, y: np.ndarray, degree: int, k: int, seed: int | None = None) -> np.ndarray:
    """Validation MSE of the degree-n polynomial on each of the k folds of kfold_indices(len(x), k, seed).   (eq. 9)

    Returns: (k,) array in fold order (NOT its mean).
    Constraints: numpy only.
    """
    out = []
    for tr, va in kfold_indices(len(x), k, seed):
        c = fit_polynomial(x[tr], y[tr], degree)
        out.append(np.mean((predict_polynomial(c, x[va]) - y[va]) ** 2))
    return np.array(out)


def select_degree(
    x: np.ndarray, y: np.ndarray, degrees: Iterable[int], k: int, seed: int | None = None
) -> tuple[int, np.ndarray]:
    """Choose the hyperparameter n: the degree with the smallest mean cross-validation MSE; ties -> the smaller degree.

    Returns: (best degree as int, mean CV MSE per degree), by the folds of cross_val_mse (eq. 10). The test set plays no part.
    Constraints: numpy only.
    Edge cases: degrees not sorted (return the degree, not its position).
    """
    degrees = list(degrees)
    scores = np.array([cross_val_mse(x, y, d, k, seed).mean() for d in degrees])  # (D,)
    best = min(zip(scores, degrees, strict=True))  # pairs are compared by score, then by degree
    return int(best[1]), scores


# Stretch, for bonus points: cross-validation once more, for any classifier.
def cross_val_scores(build_fn: Callable, X: np.ndarray, y: np.ndarray, k: int = 5, seed: int = 0) -> np.ndarray:
    """Stratified k-fold accuracy of any model, with standardisation INSIDE each fold.

    Definition: for each fold of StratifiedKFold(k, shuffle=True, random_state=seed): model = build_fn() (a fresh
        one), standardise with the training fold, fit on the training fold, accuracy on the validation fold.   (eq. 11)
    Args: build_fn() -> object with fit(X, y) and predict(X). Returns: (k,) accuracies in fold order.
    Advice, not graded: import scikit-learn inside this function; nothing else in this file needs it.
    """
    from sklearn.model_selection import StratifiedKFold

    splitter = StratifiedKFold(k, shuffle=True, random_state=seed)
    scores = []
    for tr, va in splitter.split(X, y):
        X_tr, X_va = standardize(X[tr], X[va])
        model = build_fn()
        model.fit(X_tr, y[tr])
        scores.append(np.mean(model.predict(X_va) == y[va]))
    return np.array(scores)
