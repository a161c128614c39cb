"""CrossValidation: are the scores scikit-learn's, and did every fit see what it may see?

Equal scores are not enough: a model that is used again for each fold, or a scaler that saw the validation rows, can
give the same numbers on easy data. So the function under test is handed an instrumented estimator that records the
rows which each fit and each predict received.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import KW_ONLY, dataclass
from types import ModuleType
from typing import Any

import numpy as np

from autograder.checks.base import Check
from autograder.observation import Array, Observation, Value, as_value
from autograder.observation.closeness import explain_difference, explain_form, is_close


@dataclass(frozen=True)
class CrossValidation(Check):
    """Compare the scores of each fold exactly, and the rows that each call of `fit` and `predict` got.

    The function is called as `function(build_fn, **inputs)`, where `build_fn()` returns a new estimator with
    `fit(X, y)` and `predict(X)`.

    Attributes:
        estimator: makes the real estimator, which dlkit wraps to see its calls. It runs in the worker, so it may import
            scikit-learn.
        argument: the name of the parameter that gets `build_fn`.
        standardized: the training columns of each fold must have mean 0. The validation part must be scaled with the mean and
            deviation of the training part.
    """

    _: KW_ONLY
    estimator: Callable[[], Any]
    argument: str = "build_fn"
    standardized: bool = True
    rtol: float = 1e-9
    imports: tuple[str, ...] = ("sklearn.base",)

    @property
    def title(self) -> str:
        """The sentence that is true when the check passes."""
        return f"{self.function}() gives scikit-learn's score for every fold"

    def observe(self, module: ModuleType, **inputs: Any) -> Observation:
        """The scores, and everything that the instrumented estimators were given."""
        record = Record()
        scores = self.apply(module, {self.argument: lambda: instrument(record, self.estimator), **inputs})
        fits, predicts = record.calls("fit"), record.calls("predict")
        seen: dict[str, Value] = {"scores": as_value(scores)}
        for name, calls in (("models", fits), ("predicting models", predicts)):
            seen[name] = np.asarray([model for model, _ in calls], dtype=np.int64)
        for i, (_, (X, y)) in enumerate(fits):
            seen |= {f"fit {i} X": as_value(X), f"fit {i} y": as_value(y)}
        for i, (_, (X,)) in enumerate(predicts):
            seen[f"predict {i} X"] = as_value(X)
        return seen

    def compare_names(self, actual: Observation, expected: Observation) -> str:
        """How often something was fitted differs between right answers' styles only in what `compare_values` allows."""
        return ""

    def compare_values(self, actual: Observation, expected: Observation, inputs: Mapping[str, Any]) -> str:
        """The first broken promise of honest cross-validation, in the order in which it would mislead."""
        scores, models = actual["scores"], _numbers(actual["models"])
        fold_count = len(_numbers(expected["models"]))
        form = explain_form(scores, expected["scores"])
        if form:
            return f"the scores are not as asked for: {form}" if isinstance(scores, np.ndarray) else form
        if len(models) != fold_count:
            times = "once" if len(models) == 1 else f"{len(models)} times"
            return f"fit was called {times}; expected one call for each of the {fold_count} folds"
        if len(set(models)) < fold_count:
            return "one model was fitted again for several folds; every fold needs a fresh one"
        for fold in range(fold_count):
            sentence = self._compare_fold(fold, actual, expected, inputs)
            if sentence:
                return f"fold {fold}: {sentence}"
        sentence = explain_difference(scores, expected["scores"], rtol=self.rtol)
        if sentence:
            return f"every fit saw what it may see, but the scores differ: {sentence}"
        return super().compare_values(*_effects(actual, expected), inputs)

    def _compare_fold(self, fold: int, actual: Observation, expected: Observation, inputs: Mapping[str, Any]) -> str:
        X, wanted = actual[f"fit {fold} X"], expected[f"fit {fold} X"]
        y, wanted_y = actual[f"fit {fold} y"], expected[f"fit {fold} y"]
        if not isinstance(X, np.ndarray) or not isinstance(wanted, np.ndarray) or X.ndim != 2 or X.shape[1] != wanted.shape[1]:
            return f"fit received an X that cannot be used: {explain_difference(X, wanted)}"
        if np.isnan(X).any():
            columns = int(np.isnan(X).any(axis=0).sum())
            return f"{columns} of the {X.shape[1]} training columns hold nan: is a constant one divided by 0?"
        if len(X) == len(inputs["X"]):
            return f"fit saw all {len(X)} rows, the validation rows among them; expected {len(wanted)}"
        if len(X) + len(wanted) == len(inputs["X"]) and len(X) < len(wanted):
            return f"fit saw the {len(X)} rows of the validation part; expected the other {len(wanted)}: are the two exchanged?"
        if not isinstance(y, np.ndarray) or not isinstance(wanted_y, np.ndarray) or np.size(y) != len(X):
            return f"fit received a y that does not fit its rows: {explain_difference(y, wanted_y)}"
        if not _same_rows(X, wanted):
            if _shares(y) != _shares(wanted_y):
                return "fit saw other class shares than a stratified split gives"
            rows = "" if len(X) == len(wanted) else f" ({len(X)} instead of {len(wanted)})"
            return f"fit saw other rows{rows} than the split asked for: look at its seed and at its shuffling"
        if self.standardized and not is_close(_sorted(X), _sorted(wanted), 1e-6, 1e-7):
            return _explain_scale(X, wanted, inputs["X"])
        if explain_form(y.ravel(), wanted_y) or not _same_pairs(X, y, wanted, wanted_y):
            return "fit received other labels than those of its rows"
        return self._compare_validation(fold, actual, expected, inputs)

    def _compare_validation(self, fold: int, actual: Observation, expected: Observation, inputs: Mapping[str, Any]) -> str:
        wanted = np.asarray(expected[f"predict {fold} X"])
        models, predicting = _numbers(actual["models"]), _numbers(actual["predicting models"])
        given = [(model, np.asarray(actual[f"predict {i} X"])) for i, model in enumerate(predicting)]
        given = [(model, X) for model, X in given if X.shape == wanted.shape and _same_rows(X, wanted)]
        if not given:
            return "predict never saw the validation rows of this fold"
        right = [model for model, X in given if not self.standardized or is_close(_sorted(X), _sorted(wanted), 1e-6, 1e-7)]
        if right:
            mine = models[fold] in right
            return "" if mine else "its validation rows were given to another fold's model"
        X = given[0][1]
        if np.abs(X.mean(axis=0)).max() < 1e-6:
            return "the validation part was standardized with its own statistics instead of the training part's"
        if _is_raw(X, inputs["X"]):
            return "the training part was standardized, but the validation part was not"
        return "the validation part was not standardized with the training part's statistics"


def _explain_scale(X: Array, wanted: Array, raw: Array) -> str:
    """The right rows on a wrong scale: which statistics were used?"""
    if _is_raw(X, raw):
        return "the training part was not standardized"
    means, stds = np.abs(X.mean(axis=0)), X.std(axis=0)
    if means.max() > 1e-6:
        return f"the training columns have means up to {means.max():.2g} instead of 0: was the scaler fitted outside of the fold?"
    worst = stds[np.argmax(np.abs(stds - wanted.std(axis=0)))]
    return f"the training columns have mean 0, but a standard deviation of {worst:.4g} instead of 1"


def _numbers(value: Value) -> list[int]:
    return [int(number) for number in np.asarray(value)]


def _effects(actual: Observation, expected: Observation) -> tuple[Observation, Observation]:
    names = [name for name in expected if name.startswith("effect: ")]
    return {name: actual[name] for name in names}, {name: expected[name] for name in names}


def _sorted(X: Array) -> Array:
    """The rows in an order that does not depend on how a fold lists them."""
    return np.asarray(X[np.lexsort(np.round(X, 9).T[::-1])])


def _same_rows(X: Array, wanted: Array) -> bool:
    """Whether every column of X is a rescaled column of `wanted`, so that both hold the same rows."""
    if X.shape != wanted.shape:
        return False
    for a, b in zip(np.sort(X, axis=0).T, np.sort(wanted, axis=0).T, strict=True):
        if np.ptp(b) and not (np.ptp(a) and np.allclose((a - a[0]) / np.ptp(a), (b - b[0]) / np.ptp(b), atol=1e-6)):
            return False
    return True


def _same_pairs(X: Array, y: Array, wanted: Array, wanted_y: Array) -> bool:
    """Whether every row has its own label, in whatever order the rows come."""
    one, other = (_sorted(np.column_stack([rows, np.ravel(labels)])) for rows, labels in ((X, y), (wanted, wanted_y)))
    return bool(np.array_equal(one[:, -1], other[:, -1]))


def _is_raw(X: Array, raw: Array) -> bool:
    rows = {tuple(row) for row in np.round(raw, 9).tolist()}
    return all(tuple(row) in rows for row in np.round(X, 9).tolist())


def _shares(y: Any) -> list[int]:
    return sorted(np.unique(np.ravel(y), return_counts=True)[1].tolist())


# Runs in a worker -------------------------------------------------------------------------------------------------


class Record:
    """What happened to all estimators of one call, in order; shared by their clones."""

    def __init__(self) -> None:
        self.models = 0
        self.entries: list[tuple[str, int, tuple[Any, ...]]] = []

    def __deepcopy__(self, memo: dict[int, Any]) -> Record:
        return self

    def calls(self, kind: str) -> list[tuple[int, tuple[Any, ...]]]:
        """The model's number and a copy of the arguments of each call of one kind."""
        return [(model, arguments) for name, model, arguments in self.entries if name == kind]


def instrument(record: Record, make: Callable[[], Any]) -> Any:
    """An estimator that works like `make()`'s and writes down what it is given; scikit-learn can clone it."""
    from sklearn.base import BaseEstimator, ClassifierMixin

    class Instrumented(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
        def __init__(self, record: Record, make: Callable[[], Any]) -> None:
            self.record, self.make = record, make
            self.number = record.models
            record.models += 1

        def fit(self, X: Any, y: Any) -> Any:
            self.record.entries.append(("fit", self.number, (np.array(X), np.array(y))))
            self.inner = self.make()
            self.inner.fit(X, y)
            self.classes_ = np.unique(y)
            return self

        def predict(self, X: Any) -> Any:
            if not hasattr(self, "inner"):
                raise RuntimeError("predict was called on a model that was never fitted")
            self.record.entries.append(("predict", self.number, (np.array(X),)))
            return self.inner.predict(X)

    return Instrumented(record, make)
