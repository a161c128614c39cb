"""hw1's reference does what the libraries do: scikit-learn's least squares and NumPy's pseudo-inverse."""

from __future__ import annotations

import re
import runpy
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).parents[2]
REFERENCE = ROOT / "solutions" / "hw1" / "perceptron.py"
HANDOUT = (ROOT / "assignments" / "hw1" / "README.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def hw1():
    """The reference's functions by name."""
    return runpy.run_path(str(REFERENCE))


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize(("n", "d"), [(8, 1), (10, 3), (40, 6), (4, 3)])
def test_least_squares_is_scikit_learns_where_it_is_unique(hw1, n, d, seed):
    """With full rank, w and b are LinearRegression's."""
    from sklearn.linear_model import LinearRegression

    rng = np.random.default_rng(seed)
    X, y = rng.normal(size=(n, d)), rng.normal(size=n)
    w, b = hw1["linear_regression_fit"](X, y)
    theirs = LinearRegression().fit(X, y)
    np.testing.assert_allclose(w, theirs.coef_, rtol=1e-7, atol=1e-9)
    np.testing.assert_allclose(b, theirs.intercept_, rtol=1e-7, atol=1e-9)


@pytest.mark.parametrize("seed", range(20))
def test_least_squares_has_the_smallest_norm_where_it_is_not_unique(hw1, seed):
    """With fewer rows than unknowns, or a column twice, [b, w] is the pseudo-inverse's, and the residual scikit-learn's."""
    from sklearn.linear_model import LinearRegression

    rng = np.random.default_rng(seed)
    doubled = rng.normal(size=(7, 2))[:, [0, 1, 0]]
    for X in (rng.normal(size=(3, 4)), doubled):
        y = rng.normal(size=len(X))
        w, b = hw1["linear_regression_fit"](X, y)
        folded = np.column_stack([np.ones(len(X)), X])
        np.testing.assert_allclose(np.r_[b, w], np.linalg.pinv(folded, rcond=1e-12) @ y, rtol=1e-9, atol=1e-11)
        np.testing.assert_allclose(X @ w + b, LinearRegression().fit(X, y).predict(X), rtol=1e-8, atol=1e-10)


def test_the_mean_squared_error_is_scikit_learns(hw1):
    """Over vectors and matrices, the mean is over all elements."""
    from sklearn.metrics import mean_squared_error

    rng = np.random.default_rng(0)
    for shape in ((6,), (4, 3)):
        y, p = rng.normal(size=shape), rng.normal(size=shape)
        assert hw1["mean_squared_error"](y, p) == pytest.approx(mean_squared_error(y, p), rel=1e-12)


def test_training_takes_as_many_epochs_as_the_handout_says(hw1):
    """AND takes 6 epochs, OR 4, and XOR never gets below 2 mistakes."""
    X = hw1["AND_X"]
    w, mistakes = hw1["train_perceptron"](X, np.array([0, 0, 0, 1]))
    assert (w.tolist(), mistakes) == ([-2.0, 2.0, 1.0], [1, 3, 3, 2, 1, 0])
    w, mistakes = hw1["train_perceptron"](X, np.array([0, 1, 1, 1]))
    assert (w.tolist(), mistakes) == ([0.0, 1.0, 1.0], [1, 2, 1, 0])
    _, mistakes = hw1["train_perceptron"](X, np.array([0, 1, 1, 0]), max_epochs=100)
    assert mistakes == [2, 3] + [4] * 98


def test_every_gate_but_xor_is_one_perceptron(hw1):
    """The truth tables, and that two layers of the same gates give XOR."""
    X = hw1["AND_X"]
    tables = {"and": [0, 0, 0, 1], "or": [0, 1, 1, 1], "nand": [1, 1, 1, 0], "nor": [1, 0, 0, 0]}
    for gate, table in tables.items():
        assert hw1["perceptron_predict"](X, *hw1["gate_weights"](gate)).tolist() == table
    assert hw1["xor_from_gates"](X).tolist() == [0, 1, 1, 0]
    with pytest.raises(ValueError, match="xor"):
        hw1["gate_weights"]("xor")


def test_no_single_perceptron_gets_more_than_three_rows_of_xor_right(hw1):
    """Of 200,000 random lines none labels all four rows."""
    rng = np.random.default_rng(0)
    w, b = rng.normal(size=(200_000, 2)), rng.normal(size=(200_000, 1))
    right = ((w @ hw1["AND_X"].T + b > 0) == np.array([0, 1, 1, 0])).sum(axis=1)
    assert right.max() == 3


def test_the_handout_shows_the_run_on_and_row_by_row(hw1):
    """The table has the weights after every row of every epoch, and the mistakes of each epoch."""
    table = HANDOUT.split("<!-- run: begin -->")[1].split("<!-- run: end -->")[0]
    shown = [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines() if re.match(r"\| \d", line)]
    w, expected = np.zeros(3), []
    for epoch in range(1, 7):
        after, mistakes = [], 0
        for x, y in zip(hw1["fold_bias"](hw1["AND_X"]), (0, 0, 0, 1), strict=True):
            mistakes += int(w @ x > 0) != y
            w = hw1["perceptron_step"](w, x, y)
            after.append(", ".join(f"{value:.0f}" for value in w + 0.0))
        expected.append([str(epoch), *after, str(mistakes)])
    assert shown == expected


def test_the_handouts_truth_tables_are_those_of_the_gates(hw1):
    """Every column of the table of gates is what the gate's perceptron, or the two layers, answer."""
    rows = [
        [int(cell) for cell in re.findall(r"\d", line)]
        for line in HANDOUT.splitlines()
        if re.match(r"\| [01] \| [01] \| [01] ", line)
    ]
    table = np.array(rows)
    assert table.shape == (4, 7)
    for column, gate in enumerate(("and", "or", "nand", "nor"), 2):
        np.testing.assert_array_equal(table[:, column], hw1["perceptron_predict"](table[:, :2], *hw1["gate_weights"](gate)))
    np.testing.assert_array_equal(table[:, 6], hw1["xor_from_gates"](table[:, :2]))


def test_numpy_functions_never_load_tensorflow():
    """Only build_perceptron needs Keras: the file and every other function work without it."""
    code = (
        "import runpy, sys; hw1 = runpy.run_path(sys.argv[1]); X = hw1['AND_X']; hw1['train_perceptron'](X, [0, 1, 1, 1]); "
        "hw1['linear_regression_fit'](X, X[:, 0]); hw1['experiment_linear_vs_xor'](); "
        "sys.exit(sum(name in sys.modules for name in ('tensorflow', 'keras', 'matplotlib')))"
    )
    assert subprocess.run([sys.executable, "-c", code, str(REFERENCE)], check=False).returncode == 0
