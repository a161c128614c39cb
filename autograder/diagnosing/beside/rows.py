"""Watches scikit-learn: which rows a scaler or an estimator is fitted on, transforms, is scored on; how rows are split."""

from __future__ import annotations

import inspect
import sys
from typing import Any

import numpy as np

from autograder.diagnosing.beside.hooks import watch
from autograder.diagnosing.beside.record import Entry, Record, array_of

ESTIMATORS_MOST = 400
LEARNERS = ("ClassifierMixin", "RegressorMixin", "OutlierMixin", "ClusterMixin")
SEARCHES = ("GridSearchCV", "RandomizedSearchCV", "HalvingGridSearchCV", "HalvingRandomSearchCV")


class Rows:
    """What is known of the rows of a program."""

    def __init__(self, record: Record) -> None:
        self.record = record
        self.fitted: dict[int, int] = {}  # which entry an estimator belongs to
        self.kept: list[Any] = []  # so that no number is used twice

    def install(self) -> None:
        """Begin to watch what has been imported of scikit-learn."""
        base = sys.modules.get("sklearn.base")
        if base is None:
            return
        waiting: list[Any] = [base.BaseEstimator]
        seen: set[Any] = set()
        while waiting and len(seen) < ESTIMATORS_MOST:
            kind = waiting.pop()
            waiting += [one for one in kind.__subclasses__() if one not in seen]
            seen.add(kind)
        for kind in seen:
            if kind.__module__.startswith("sklearn."):
                self._watch(kind)
        for mixin in (base.ClassifierMixin, base.RegressorMixin):
            watch(mixin, "score", self.score)
        watch(base.TransformerMixin, "fit_transform", self.fit_transform)
        selection = sys.modules.get("sklearn.model_selection")
        for name in ("cross_val_score", "cross_validate", "cross_val_predict"):
            watch(selection, name, self.cross_validate)
        watch(selection, "train_test_split", self.split)

    def _watch(self, kind: type) -> None:
        for name, around in (
            ("fit", self.fit), ("transform", self.transform), ("fit_transform", self.fit_transform),
            ("score", self.score), ("predict", self.predict),
        ):  # fmt: skip
            if inspect.isfunction(kind.__dict__.get(name)):
                watch(kind, name, around)

    def fit(self, original: Any, estimator: Any, X: Any, *arguments: Any, **options: Any) -> Any:
        """An estimator is fitted."""
        place = self.record.caller()
        with self.record.library():
            result = original(estimator, X, *arguments, **options)
        if place is not None:
            with self.record.probing("fit"):
                y = arguments[0] if arguments else options.get("y")
                self._keep_fit(place, estimator, X, y)
        return result

    def _keep_fit(self, place: Any, estimator: Any, X: Any, y: Any) -> Entry | None:
        name = type(estimator).__name__
        learner = any(one.__name__ in LEARNERS for one in type(estimator).__mro__) or hasattr(estimator, "predict")
        kind = "searched" if name in SEARCHES else "learnt" if learner else "fitted"
        entry = self.record.add(kind, place, name=name, X=self.record.table(X), y=self.record.table(y))
        if kind == "learnt":
            entry["losses"] = np.asarray(getattr(estimator, "loss_curve_", []), dtype=float)
            entry["network"] = name.startswith("MLP")
        self.fitted[id(estimator)] = len(self.record.entries[kind]) - 1
        self.kept.append(estimator)
        return entry

    def transform(self, original: Any, estimator: Any, X: Any, *arguments: Any, **options: Any) -> Any:
        """Rows are transformed."""
        place = self.record.caller()
        with self.record.library():
            result = original(estimator, X, *arguments, **options)
        if place is not None:
            with self.record.probing("transform"):
                self._keep_transform(place, estimator, X, result)
        return result

    def _keep_transform(self, place: Any, estimator: Any, X: Any, result: Any) -> None:
        by = self.fitted.get(id(estimator), -1)
        self.record.add("transformed", place, by=by, before=self.record.table(X), after=self.record.table(array_of(result)))

    def fit_transform(self, original: Any, estimator: Any, X: Any, *arguments: Any, **options: Any) -> Any:
        """An estimator is fitted on rows, which are transformed at once."""
        place = self.record.caller()
        with self.record.library():
            result = original(estimator, X, *arguments, **options)
        if place is not None:
            with self.record.probing("fit_transform"):
                self._keep_fit(place, estimator, X, arguments[0] if arguments else options.get("y"))
                self._keep_transform(place, estimator, X, result)
        return result

    def score(self, original: Any, estimator: Any, X: Any, *arguments: Any, **options: Any) -> Any:
        """An estimator is judged by rows."""
        return self._judged("score", original, estimator, X, *arguments, **options)

    def predict(self, original: Any, estimator: Any, X: Any, *arguments: Any, **options: Any) -> Any:
        """An estimator is asked about rows."""
        return self._judged("predict", original, estimator, X, *arguments, **options)

    def _judged(self, how: str, original: Any, estimator: Any, X: Any, *arguments: Any, **options: Any) -> Any:
        place = self.record.caller()
        with self.record.library():
            result = original(estimator, X, *arguments, **options)
        if place is not None:
            with self.record.probing(how):
                words = self.record.program.arguments(place, how)
                self.record.add("judged", place, how=how, X=self.record.table(X), y=-1, words=words)
        return result

    def cross_validate(self, original: Any, *arguments: Any, **options: Any) -> Any:
        """Rows are cross-validated: each is held out once."""
        place = self.record.caller()
        with self.record.library():
            result = original(*arguments, **options)
        if place is not None:
            with self.record.probing("cross-validation"):
                X = arguments[1] if len(arguments) > 1 else options.get("X")
                y = arguments[2] if len(arguments) > 2 else options.get("y")
                name = original.__name__
                self.record.add("searched", place, name=name, X=self.record.table(X), y=self.record.table(y))
        return result

    def split(self, original: Any, *arrays: Any, **options: Any) -> Any:
        """Rows are split."""
        place = self.record.caller()
        with self.record.library():
            result = original(*arrays, **options)
        if place is not None:
            with self.record.probing("a split"):
                self.record.add("split", place, X=self.record.table(arrays[0]))
        return result
