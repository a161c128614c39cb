"""Watches Keras: what a model is compiled and fitted with, what becomes of it, and what it is judged by."""

from __future__ import annotations

import contextlib
import inspect
import sys
from collections.abc import Callable
from typing import Any

import numpy as np

from autograder.diagnosing.beside.hooks import home_of, watch
from autograder.diagnosing.beside.one_fit import Fit, Models
from autograder.diagnosing.beside.places import Place
from autograder.diagnosing.beside.record import Record, array_of
from autograder.diagnosing.beside.samples import data_of, rows_around


class Fits:
    """What is known of the models of a program."""

    def __init__(self, record: Record) -> None:
        self.record = record
        self.models = Models()

    def install(self) -> None:
        """Begin to watch; Keras has been imported."""
        import keras
        import tensorflow.python.framework.op_callbacks  # noqa: F401 - `forward` finds it

        model = keras.Model
        for name, around in (
            ("compile", self.compile),
            ("fit", self.fit),
            ("evaluate", self.judged("evaluate")),
            ("predict", self.judged("predict")),
            ("train_on_batch", self.train_on_batch),
        ):
            watch(home_of(model, name), name, around)
        watch(keras.layers.Layer, "__init__", self.make)

    def make(self, original: Any, layer: Any, *arguments: Any, **options: Any) -> Any:
        """A layer is made: at which line."""
        place = self.record.caller()
        result = original(layer, *arguments, **options)
        if place is not None:
            with contextlib.suppress(TypeError):  # it cannot be referred to weakly
                self.models.made[layer] = Place(place.file, place.line)
        return result

    def compile(self, original: Any, model: Any, *arguments: Any, **options: Any) -> Any:
        """A model is compiled."""
        place = self.record.caller()
        if place is not None:
            self.models.compiled[model] = Place(place.file, place.line)
        return original(model, *arguments, **options)

    def fit(self, original: Any, model: Any, *arguments: Any, **options: Any) -> Any:
        """A model is fitted: look at it before and after."""
        place = self.record.caller()
        if place is None:
            return original(model, *arguments, **options)
        given = inspect.signature(original).bind(model, *arguments, **options).arguments
        given.pop("self", None)
        seen = Fit(self.record, model, place, given, self.models)
        with self.record.probing("before the fit"):
            seen.before()
        callbacks = given.get("callbacks") or []
        given["callbacks"] = [*(callbacks if isinstance(callbacks, list | tuple) else [callbacks]), seen.watcher()]
        try:
            with self.record.library():
                return original(model, **given)
        finally:
            with self.record.probing("after the fit"):
                seen.after()

    def judged(self, how: str) -> Callable[..., Any]:
        """A model is asked about rows."""

        def ask(original: Any, model: Any, *arguments: Any, **options: Any) -> Any:
            place = self.record.caller()
            if place is None:
                return original(model, *arguments, **options)
            with self.record.library():
                result = original(model, *arguments, **options)
            with self.record.probing(how):
                given = inspect.signature(original).bind(model, *arguments, **options).arguments
                x, y = data_of(given.get("x"), given.get("y"))
                words = self.record.program.arguments(place, how)
                self.record.add("judged", place, how=how, X=self.record.table(x), y=self.record.table(y), words=words)
            return result

        return ask

    def train_on_batch(self, original: Any, model: Any, *arguments: Any, **options: Any) -> Any:
        """A step of a loop of the program's own."""
        place = self.record.caller()
        with self.record.library():
            result = original(model, *arguments, **options)
        if place is not None:
            with self.record.probing("train_on_batch"):
                given = inspect.signature(original).bind(model, *arguments, **options).arguments
                self._step(model, place, given, result)
        return result

    def _step(self, model: Any, place: Place, given: dict[str, Any], result: Any) -> None:
        entries = self.record.entries.get("steps", [])
        entry = next((one for one in entries if (one["file"], one["line"]) == (place.file, place.line)), None)
        x = array_of(given.get("x"))
        if entry is None:
            entry = self.record.add("steps", place, batches=[], losses=[], rows=0, available=0)
        if x is None or len(entry["losses"]) >= 2000:
            return
        entry["batches"].append(hash(x.tobytes()) & 0x7FFFFFFF)
        entry["losses"].append(float(np.ravel(result)[0]))
        entry["rows"] = len(x)
        if len(entry["batches"]) == 6:
            entry["available"] = rows_around(place, x)


def is_loaded() -> bool:
    """Whether Keras has been imported."""
    return hasattr(sys.modules.get("keras"), "Model")
