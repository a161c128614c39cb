"""hw4's reference does what scikit-learn does, function by function."""

from __future__ import annotations

import re
import runpy
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from numpy.polynomial import Polynomial, polynomial

ROOT = Path(__file__).parents[2]
REFERENCE = ROOT / "solutions" / "hw4" / "generalization.py"
HANDOUT = (ROOT / "assignments" / "hw4" / "README.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def hw4():
    """The reference's functions by name."""
    return runpy.run_path(str(REFERENCE))


@pytest.mark.parametrize("degree", [0, 1, 3, 8])
def test_the_design_matrix_is_polynomial_features(hw4, degree):
    """Column i is x**i, with 0**0 = 1, also for whole numbers."""
    from sklearn.preprocessing import PolynomialFeatures

    for x in (np.random.default_rng(0).normal(size=12), np.arange(-2, 3)):
        np.testing.assert_allclose(
            hw4["polynomial_features"](x, degree), PolynomialFeatures(degree).fit_transform(x[:, None]), rtol=1e-12
        )


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize("lam", [1e-4, 0.01, 0.3, 2.0])
def test_the_penalised_fit_is_ridge_with_alpha_n_lam(hw4, lam, seed):
    """The data term is a mean, so scikit-learn's alpha is N times lam; the intercept is free in both."""
    from sklearn.linear_model import Ridge
    from sklearn.preprocessing import PolynomialFeatures

    rng = np.random.default_rng(seed)
    x, y = rng.uniform(-1, 1, 15), rng.normal(size=15) + 3
    ridge = Ridge(alpha=len(x) * lam, solver="svd").fit(PolynomialFeatures(5, include_bias=False).fit_transform(x[:, None]), y)
    coef = hw4["fit_polynomial"](x, y, 5, lam)
    np.testing.assert_allclose(coef, np.r_[ridge.intercept_, ridge.coef_], rtol=1e-8, atol=1e-10)


@pytest.mark.parametrize("seed", range(10))
def test_the_plain_fit_is_numpys(hw4, seed):
    """Near the origin and, where the columns are nearly collinear, far from it."""
    rng = np.random.default_rng(seed)
    for low, high, degree, rtol in ((-1, 1, 5, 1e-9), (2, 4, 8, 1e-6)):
        x = np.linspace(low, high, 25) + rng.uniform(-0.03, 0.03, 25)
        y, grid = 3 + np.sin(3 * x), np.linspace(low, high, 40)
        expected = Polynomial.fit(x, y, degree)(grid)
        np.testing.assert_allclose(hw4["predict_polynomial"](hw4["fit_polynomial"](x, y, degree), grid), expected, rtol=rtol)


def test_more_coefficients_than_points_interpolate_with_the_smallest_norm(hw4):
    """The polynomial goes through every point, and its coefficients are the pseudo-inverse's."""
    rng = np.random.default_rng(3)
    x, y = rng.uniform(-1, 1, 4), rng.normal(size=4)
    coef = hw4["fit_polynomial"](x, y, 7)
    np.testing.assert_allclose(hw4["predict_polynomial"](coef, x), y, rtol=1e-9)
    np.testing.assert_allclose(coef, np.linalg.pinv(polynomial.polyvander(x, 7)) @ y, rtol=1e-8)


def test_the_training_error_never_rises_with_the_degree(hw4):
    """A larger family contains the smaller one."""
    for seed in range(20):
        rng = np.random.default_rng(seed)
        x = rng.uniform(-1, 1, (2, 12))
        y = np.sin(3 * x) + rng.normal(0, 0.2, x.shape)
        train, _ = hw4["capacity_curve"](x[0], y[0], x[1], y[1], range(9))
        assert np.all(np.diff(train) <= 1e-12)


@pytest.mark.parametrize(("n", "k"), [(10, 5), (11, 3), (14, 4), (7, 7), (2, 2)])
def test_folds_without_a_seed_are_kfolds(hw4, n, k):
    """The same training and validation indices in the same order."""
    from sklearn.model_selection import KFold

    pairs = hw4["kfold_indices"](n, k)
    for (train, validation), (their_train, their_validation) in zip(pairs, KFold(k).split(np.zeros(n)), strict=True):
        np.testing.assert_array_equal(train, their_train)
        np.testing.assert_array_equal(validation, their_validation)


def test_folds_with_a_seed_cover_everything_once(hw4):
    """A partition of the samples, another one for another seed."""
    for seed in range(5):
        validation = np.concatenate([fold for _, fold in hw4["kfold_indices"](23, 4, seed)])
        assert sorted(validation) == list(range(23))
        assert validation.tolist() != np.concatenate([fold for _, fold in hw4["kfold_indices"](23, 4, seed + 1)]).tolist()


def test_standardize_is_the_standard_scaler(hw4):
    """Fitted on the training part, applied to all; a constant column is only centred."""
    from sklearn.preprocessing import StandardScaler

    rng = np.random.default_rng(0)
    X, other = rng.normal(5, 3, (20, 3)), rng.normal(size=(7, 3))
    X[:, 1] = 4.5
    scaler = StandardScaler().fit(X)
    for ours, raw in zip(hw4["standardize"](X, other), (X, other), strict=True):
        np.testing.assert_allclose(ours, scaler.transform(raw), rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("degree", [0, 1, 3, 6, 9])
def test_cross_validated_errors_are_scikit_learns(hw4, degree, seed):
    """With KFold and a pipeline of PolynomialFeatures and LinearRegression."""
    from sklearn.linear_model import LinearRegression
    from sklearn.model_selection import KFold, cross_val_score
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import PolynomialFeatures

    rng = np.random.default_rng(seed)
    x = rng.uniform(-1, 1, 43)
    y = np.sin(3 * x) + rng.normal(0, 0.2, 43)
    model = make_pipeline(PolynomialFeatures(degree), LinearRegression())
    theirs = -cross_val_score(model, x[:, None], y, scoring="neg_mean_squared_error", cv=KFold(5))
    np.testing.assert_allclose(hw4["cross_val_mse"](x, y, degree, 5), theirs, rtol=1e-7)


def test_the_selected_degree_has_the_smallest_mean_error(hw4):
    """In whatever order the degrees are given; a tie goes to the smaller one."""
    rng = np.random.default_rng(1)
    x = rng.uniform(-1, 1, 30)
    y = x**3 - x + rng.normal(0, 0.05, 30)
    best, scores = hw4["select_degree"](x, y, [6, 1, 3, 0], 5)
    assert best == [6, 1, 3, 0][int(np.argmin(scores))]
    np.testing.assert_allclose(scores, [hw4["cross_val_mse"](x, y, d, 5).mean() for d in (6, 1, 3, 0)])
    assert hw4["select_degree"](x, np.zeros(30), [4, 2, 3], 5)[0] == 2


@pytest.mark.parametrize("neighbors", [1, 3])
def test_cross_validated_accuracies_are_scikit_learns(hw4, neighbors):
    """Exactly, on the digits, with the scaler inside the pipeline."""
    from sklearn.datasets import load_digits
    from sklearn.model_selection import StratifiedKFold, cross_val_score
    from sklearn.neighbors import KNeighborsClassifier
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    X, y = load_digits(return_X_y=True)
    X, y = X[:600], y[:600]  # some pixels are 0 in every picture: constant columns
    for seed in (0, 4):
        model = make_pipeline(StandardScaler(), KNeighborsClassifier(neighbors))
        theirs = cross_val_score(model, X, y, cv=StratifiedKFold(5, shuffle=True, random_state=seed))
        ours = hw4["cross_val_scores"](lambda: KNeighborsClassifier(neighbors), X, y, 5, seed)
        np.testing.assert_array_equal(ours, theirs)


def test_the_worked_example_shows_the_references_numbers(hw4):
    """Every call in the handout's table gives the numbers beside it."""
    code = next(block for block in re.findall(r"```python\n(.*?)```", HANDOUT, re.DOTALL) if "cross_val_mse" in block)
    names = dict(hw4)
    exec(compile(code.replace("from generalization import", "#"), "handout", "exec"), names)  # noqa: S102
    table = HANDOUT.split("<!-- worked example: begin -->")[1].split("<!-- worked example: end -->")[0]
    rows = re.findall(r"^\| `(.*?)` \| (.*?) \|$", table, re.MULTILINE)
    assert len(rows) == 6
    for call, shown in rows:
        answer = eval(call, names)  # noqa: S307
        whole = [str(answer[0])] if isinstance(answer, tuple) else []
        values = [f"{value:.6f}" for value in (answer[1] if isinstance(answer, tuple) else answer)]
        assert re.findall(r"-?\d+(?:\.\d+)?", shown) == whole + values, call


def test_numpy_functions_never_load_scikit_learn_or_tensorflow():
    """Only cross_val_scores needs scikit-learn."""
    code = (
        "import runpy, sys, numpy as np; hw4 = runpy.run_path(sys.argv[1]); x = np.linspace(-1, 1, 12); "
        "hw4['select_degree'](x, x**2, [0, 1, 2], 3, 5); hw4['standardize'](x[:, None]); "
        "sys.exit(sum(name in sys.modules for name in ('tensorflow', 'keras', 'sklearn')))"
    )
    assert subprocess.run([sys.executable, "-c", code, str(REFERENCE)], check=False).returncode == 0
