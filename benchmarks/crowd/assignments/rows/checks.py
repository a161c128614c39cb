"""A light assignment for large classes: three functions that need NumPy only."""

import numpy as np

from autograder import Assignment, Outputs


def tables(rng):
    """Features on different scales, one of them constant."""
    wide = rng.normal(size=(6, 4)) * [1.0, 20.0, 0.3, 5.0] + [0.0, 7.0, -2.0, 1.0]
    return {
        "four features": {"X": wide},
        "a constant feature": {"X": np.column_stack([rng.normal(3, 2, 5), np.full(5, 2.5)])},
        "one row": {"X": rng.normal(size=(1, 3))},
    }


def logits(rng):
    """Rows of logits: ordinary ones, and so large that exp overflows."""
    return {"ordinary": {"z": rng.normal(size=(5, 3)) * 2}, "large": {"z": rng.normal(size=(2, 4)) * 1000}}


def predicted(rng):
    """Probabilities of three classes, and labels."""
    return {
        "ten rows": {"p": rng.dirichlet(np.ones(3), 10), "y": rng.integers(0, 3, 10)},
        "one row": {"p": rng.dirichlet(np.ones(3), 1), "y": np.array([1])},
    }


assignment = Assignment(
    title="Rows",
    files=["rows.py"],
    points=12,
    timeout=1.0,
    checks=[
        Outputs("standardize", on=tables, points=4, hint="Means and deviations are taken along axis 0."),
        Outputs("softmax", on=logits, points=4, hint="Subtract each row's maximum first."),
        Outputs("accuracy", on=predicted, points=4, hint="Compare the largest entry of each row with the label."),
    ],
)
