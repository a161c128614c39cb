"""Where a computation left the tape: the line with NumPy, `.numpy()` or `float()` in it."""

from __future__ import annotations

import ast

from autograder.checks.rules import uses_of

# Of NumPy, what makes or names something that does not hang on a tensor: its gradient is not lost there.
HARMLESS = {
    "arange", "array_equal", "dtype", "e", "empty", "euler_gamma", "eye", "float16", "float32", "float64", "full", "identity",
    "inf", "int32", "int64", "isscalar", "linspace", "nan", "ndarray", "ndim", "newaxis", "number", "ones", "pi", "prod",
    "random", "result_type", "shape", "size", "zeros",
}  # fmt: skip


def line_of_numpy(tree: ast.Module, function: str) -> int | None:
    """The first line of a function, or of what it uses, that makes numbers of a tensor; None where none can be told."""
    lines = [
        use.line
        for use in uses_of(tree, function)
        if use.name == "float"
        or use.text.endswith(".numpy")
        or (use.name.startswith("numpy.") and use.name.split(".")[1] not in HARMLESS)
    ]
    return min(lines, default=None)
