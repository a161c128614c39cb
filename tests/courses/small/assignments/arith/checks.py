"""A small assignment that needs NumPy only: every kind of ending can be tried on it in a fraction of a second."""

import sys

import numpy as np

from autograder import Assignment, Case, Check, Forbid, Outputs


def rows(rng):
    return {name: {"x": np.round(rng.normal(size=shape), 2)} for name, shape in (("vector", 5), ("matrix", (3, 3)), ("empty", 0))}


def scaled(rng):
    x = np.round(rng.uniform(1, 9, 4), 2)
    return {
        "factor 3": {"x": x, "factor": 3.0},
        "factor -2": {"x": x, "factor": -2.0},
        "no factor": Case({"x": x, "factor": "three"}, raises="TypeError"),
    }


def stores(rng):
    return {"two shelves": {"stock": {"pears": 3.0, "figs": 4.0}, "sold": {"pears": 1.0, "figs": 0.5}}}


class LoadsNoTensorFlow(Check):
    """Passes if the worker that answers has not loaded TensorFlow."""

    def observe(self, module, **inputs):
        self.apply(module, inputs)
        return {"tensorflow is loaded": np.array("tensorflow" in sys.modules)}


assignment = Assignment(
    title="Small sums",
    files=["arith.py"],
    points=20,
    timeout=2.0,
    checks=[
        Outputs("total", on=rows, points=6, hint="Add every entry up."),
        Outputs(
            "scale", on=scaled, points=6, hint="Every entry times the factor.", rules=(Forbid("np.multiply", "numpy.multiply"),)
        ),
        Outputs("sell", on=stores, points=4, depends=("total",), returns=("stock", "count")),
        LoadsNoTensorFlow("total", name="light", on=lambda rng: {"one": {"x": np.ones(2)}}, points=4),
    ],
)
