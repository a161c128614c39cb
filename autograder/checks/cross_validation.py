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
from autograder.closeness import explain_difference, explain_form, is_close
from autograder.observation import Array, Observation, as_value


@dataclass(frozen=True)
class CrossValidation(Check):
    """Compare the scores of each fold exactly, and the rows that every fit and predict saw.

    The function is called as `function(build_fn, **inputs)`, where `build_fn()` gives a fresh estimator with
    `fit(X, y)` and `predict(X)`.

    Attributes:
        estimator: makes the estimator inside the instrument; runs in the worker, so it may import scikit-learn.
        argument: the parameter that takes the maker of estimators.
        standardized: whether the training columns of each fold must have mean 0 and the validation part must be
            scaled with the training part's statistics.
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
        models = [model for model, _ in fits]
        seen = {"scores": as_value(scores), "models": np.asarray(models, dtype=np.int64)}
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
        scores, models = actual["scores"], actual["models"]
        fold_count = len(np.asarray(expected["models"]))
        form = explain_form(scores, expected["scores"])
        if form:
            return f"`scores`: {form}"
        if len(np.asarray(models)) != fold_count:
            return f"fit was called {len(np.asarray(models))} times; expected once for each of the {fold_count} folds"
        if len(set(np.asarray(models).tolist())) < fold_count:
            return "one model was fitted again for several folds; every fold needs a fresh one"
        for fold in range(fold_count):
            sentence = self._compare_fold(fold, actual, expected, inputs)
            if sentence:
                return f"fold {fold}: {sentence}"
        sentence = explain_difference(scores, expected["scores"], rtol=self.rtol)
        return f"`scores`: {sentence}" if sentence else super().compare_values(*_effects(actual, expected), inputs)

    def _compare_fold(self, fold: int, actual: Observation, expected: Observation, inputs: Mapping[str, Any]) -> str:
        X, wanted = actual[f"fit {fold} X"], expected[f"fit {fold} X"]
        if not isinstance(X, np.ndarray) or not isinstance(wanted, np.ndarray) or X.ndim != 2:
            return f"fit received an X that cannot be used: {explain_difference(X, wanted)}"
        if len(X) != len(wanted):
            leak = ", the validation rows among them" if len(X) == len(inputs["X"]) else ""
            return f"fit saw {len(X)} rows{leak}; expected {len(wanted)}"
        if not _same_rows(X, wanted):
            folds = range(len(np.asarray(expected["models"])))
            a, b = ([_shares(observed[f"fit {i} y"]) for i in folds] for observed in (actual, expected))
            return "fit saw other class shares than a stratified split gives" if a != b else "fit saw other rows than the reference's split gives"
        if self.standardized and not is_close(_sorted(X), _sorted(wanted), 1e-6, 1e-7):
            mean = float(np.abs(X.mean(axis=0)).max())
            if _is_raw(X, inputs["X"]):
                return "the training part was not standardized"
            return f"the training columns have means up to {mean:.2g} instead of 0: the scaler was fitted outside of the fold"
        y, wanted_y = actual[f"fit {fold} y"], expected[f"fit {fold} y"]
        if explain_form(y, wanted_y) or sorted(np.ravel(y).tolist()) != sorted(np.ravel(wanted_y).tolist()):  # type: ignore[arg-type]
            return "fit received other labels than those of its rows"
        return self._compare_validation(fold, actual, expected)

    def _compare_validation(self, fold: int, actual: Observation, expected: Observation) -> str:
        wanted = np.asarray(expected[f"predict {fold} X"])
        given = [np.asarray(value) for name, value in actual.items() if name.startswith("predict ")]
        if any(X.shape == wanted.shape and is_close(_sorted(X), _sorted(wanted), 1e-6, 1e-7) for X in given):
            return ""
        same = next((X for X in given if X.shape == wanted.shape and _same_rows(X, wanted)), None)
        if same is None:
            return "predict never saw the validation rows of this fold"
        if np.abs(same.mean(axis=0)).max() < 1e-6:
            return "the validation part was standardized with its own statistics instead of the training part's"
        return "the validation part was not scaled with the training part's statistics"


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
            self.inner = self.make().fit(X, y)
            self.classes_ = np.unique(y)
            return self

        def predict(self, X: Any) -> Any:
            self.record.entries.append(("predict", self.number, (np.array(X),)))
            return self.inner.predict(X)

    return Instrumented(record, make)
