"""Watches loops under `tf.GradientTape`: the gradients, what is applied, and how the models in them are called."""

from __future__ import annotations

import weakref
from typing import Any

import numpy as np

from autograder.diagnosing.beside.eager import Eager, is_eager
from autograder.diagnosing.beside.forward import RANDOM, Listener, listening
from autograder.diagnosing.beside.hooks import watch
from autograder.diagnosing.beside.places import Place
from autograder.diagnosing.beside.record import Entry, Record, array_of, is_sampled
from autograder.diagnosing.beside.samples import rows_around
from autograder.observation import Array

STEPS = 300  # of a loop, that are kept
DIRECTIONS = 4
RANDOM_MOST = 5  # predictions in training mode that are asked for again


class Tapes:
    """What is known of the tapes of a program."""

    def __init__(self, record: Record) -> None:
        self.record = record
        self.open: weakref.WeakKeyDictionary[Any, Any] = weakref.WeakKeyDictionary()
        self.lines: dict[tuple[str, int], Entry] = {}
        self.variables: dict[int, list[Any]] = {}
        self.batches: dict[int, Entry] = {}
        self.models: dict[int, tuple[Any, Entry, list[Array]]] = {}
        self.random: dict[bytes, int] = {}
        self.applied: Entry | None = None
        self.entered = 0

    def install(self) -> None:
        """Begin to watch; TensorFlow and Keras have been imported."""
        import keras
        import tensorflow as tf

        watch(tf.GradientTape, "__enter__", self.enter)
        watch(tf.GradientTape, "__exit__", self.leave)
        watch(tf.GradientTape, "gradient", self.gradient)
        watch(keras.optimizers.Optimizer, "apply_gradients", self.apply)
        watch(keras.optimizers.Optimizer, "apply", self.apply)
        watch(keras.Model, "__call__", self.call)
        watch(tf, "function", self.function)

    def enter(self, original: Any, tape: Any) -> Any:
        """A tape begins; at some of them we listen."""
        place = self.record.caller()
        returned = original(tape)
        if place is None or not is_eager():
            return returned
        self.record.tapes += 1
        listener = None
        if is_sampled(self.entered):
            listener = listening(Listener(self._here), layers=True)
            heard = listener.__enter__()
            self.open[tape] = listener, heard, place
        else:
            self.open[tape] = None, None, place
        self.entered += 1
        return returned

    def _here(self) -> tuple[str, int]:
        place = self.record.program.place(2)
        return (place.file, place.line) if place else ("", 0)

    def leave(self, original: Any, tape: Any, *arguments: Any) -> Any:
        """A tape ends."""
        listener, heard, _ = self.open.get(tape, (None, None, None))
        if tape in self.open:
            self.record.tapes -= 1
        if listener is not None:
            listener.__exit__(None, None, None)
            self.open[tape] = None, heard, None
        return original(tape, *arguments)

    def gradient(self, original: Any, tape: Any, target: Any, sources: Any, *arguments: Any, **options: Any) -> Any:
        """A gradient is taken."""
        place = self.record.caller()
        returned = original(tape, target, sources, *arguments, **options)
        if place is not None and is_eager():
            with self.record.probing("gradient"):
                self._keep(tape, place, target, sources, returned)
        return returned

    def _keep(self, tape: Any, place: Place, target: Any, sources: Any, gradients: Any) -> None:
        flat = list(sources) if isinstance(sources, list | tuple) else [sources]
        found = gradients if isinstance(gradients, list | tuple) else [gradients]
        if any(isinstance(one, list | tuple | dict) for one in flat) or not all(hasattr(one, "assign") for one in flat):
            return  # of inputs, or of a structure: no training step
        key = place.file, place.line
        if key not in self.lines:
            names = [str(getattr(one, "path", None) or getattr(one, "name", "a variable")) for one in flat]
            empty: Entry = {
                "names": names,
                "none": [],
                "norms": [],
                "sizes": [],
                "losses": [],
                "seen": {},
                "batches": [],
                "rows": 0,
            }
            more: Entry = {"own": [], "used": [], "updates": [], "weights": [], "available": 0, "calls": []}
            self.lines[key] = self.record.add("tape", place, **empty, **more)
        entry = self.lines[key]
        if len(flat) != len(entry["names"]) or len(entry["losses"]) >= STEPS:
            return
        self.variables.setdefault(id(entry), list(flat))
        arrays = [None if one is None else _dense(one) for one in found]
        entry["none"].append([one is None for one in arrays])
        entry["norms"].append([np.nan if one is None else float(np.linalg.norm(one)) for one in arrays])
        entry["losses"].append(float(np.mean(np.asarray(target))))
        self._follow(entry, flat, arrays)
        _, heard, _ = self.open.get(tape, (None, None, None))
        if heard is not None:
            self._heard(entry, place, heard)
        self.applied = entry

    def _follow(self, entry: Entry, variables: list[Any], gradients: list[Array | None]) -> None:
        """The weights at each step, along a few directions, and how far they have gone."""
        entry["own"].append(_along(gradients))
        now = [np.array(one, dtype=np.float64) for one in variables]
        before = entry.get("_before")
        if before is not None:
            entry["updates"].append(float(np.sqrt(sum(((a - b) ** 2).sum() for a, b in zip(now, before, strict=True)))))
            entry["weights"].append(float(np.sqrt(sum((a**2).sum() for a in before))))
            entry["used"].append(_along([b - a for a, b in zip(now, before, strict=True)]))
        entry["_before"] = now

    def _heard(self, entry: Entry, place: Place, heard: Listener) -> None:
        operations = heard.operations
        entry["seen"] = {"first": entry["seen"].get("first", operations), "last": operations}
        first = next((one["input"] for one in operations if one["op"] in ("MatMul", "Conv2D")), None)
        if first is not None:
            entry["batches"].append(hash(first.tobytes()) & 0x7FFFFFFF)
            entry["rows"] = len(first)
            if len(entry["batches"]) == 6:
                entry["available"] = rows_around(place, first)

    def apply(self, original: Any, optimizer: Any, gradients: Any, *arguments: Any, **options: Any) -> Any:
        """Gradients are applied."""
        place = self.record.caller()
        pairs = list(gradients) if place is not None else gradients
        with self.record.library():
            returned = original(optimizer, pairs, *arguments, **options)
        if place is not None and is_eager():
            with self.record.probing("apply"):
                found = [one[0] if isinstance(one, tuple) else one for one in pairs]
                self._applied(place, [None if one is None else _dense(one) for one in found])
        return returned

    def _applied(self, place: Place, gradients: list[Array | None]) -> None:
        entry = self.applied
        if entry is not None and len(entry.setdefault("given", [])) < STEPS:
            entry["given"].append(_along(gradients))
            entry["given at"] = len(entry["own"])
            entry["applied"] = {"file": place.file, "line": place.line}

    def call(self, original: Any, model: Any, *arguments: Any, **options: Any) -> Any:
        """A model is called by the program itself."""
        place = self.record.caller()
        if place is None or not arguments or not is_eager():
            return original(model, *arguments, **options)
        with self.record.library():
            returned = original(model, *arguments, **options)
        with self.record.probing("a call of a model"):
            if self.record.tapes:
                self._in_training(model, place, arguments[0], returned, options)
            else:
                self._in_prediction(original, model, place, arguments, options, returned)
        return returned

    def _in_training(self, model: Any, place: Place, x: Any, returned: Any, options: Any) -> None:
        if id(model) in self.models:
            return
        modes = [one for one in model._flatten_layers() if is_two_faced(one)]
        entry = self.record.add("model", place, modes=[type(one).__name__ for one in modes], training="", inference="")
        variables = list(model.trainable_variables)
        entry["names"] = [one.path for one in variables]
        self.models[id(model)] = model, entry, [np.array(one) for one in variables]
        if modes and array_of(returned) is not None:
            entry["training"], entry["inference"] = array_of(returned), array_of(model(x, training=False))

    def _in_prediction(self, original: Any, model: Any, place: Place, given: Any, options: Any, returned: Any) -> None:
        x = array_of(given[0])
        if x is None or not x.ndim or len(x) < 8:
            return
        words = self.record.program.arguments(place, "")
        self.record.add("judged", place, how="call", X=self.record.table(x), y=-1, words=words)
        random = [one for one in model._flatten_layers() if type(one).__name__ in RANDOM and one.rate]
        if not random or not (options.get("training") or (len(given) > 1 and given[1] is True)):
            return
        weights = b"".join(np.array(one).tobytes()[:256] for one in model.trainable_variables)
        key = x.tobytes()[:4096] + str(place.line).encode() + weights  # a mean over dropout is of one state of the model
        entries = self.record.entries.get("random", [])
        found = next((one for one in entries if one["key"] == hash(key) & 0x7FFFFFFF), None)
        if found is not None:
            found["times"] += 1
            return
        if len(entries) >= RANDOM_MOST:
            return
        state = [np.array(one) for one in model.non_trainable_variables]
        again = original(model, *given, **options)
        for variable, value in zip(model.non_trainable_variables, state, strict=True):
            variable.assign(value)
        first, second = array_of(returned), array_of(again)
        self.record.add("random", place, first=first, second=second, key=hash(key) & 0x7FFFFFFF, times=1)

    def function(self, original: Any, *arguments: Any, **options: Any) -> Any:
        """A function of the program's is made a graph: its first calls run as Python."""
        made = original(*arguments, **options)
        if not arguments or not callable(arguments[0]):  # @tf.function(...)
            return lambda python: self._seen(python, made(python))
        return self._seen(arguments[0], made)

    def _seen(self, python: Any, graph: Any) -> Any:
        code = getattr(python, "__code__", None)
        if code is None or not self.record.program.is_own(code.co_filename):
            return graph
        return Eager(python, graph, self.record)

    def finish(self) -> None:
        """What can be told only at the end: which variables have never changed."""
        for entry in self.record.entries.get("tape", []):
            entry.pop("_before", None)
            variables = self.variables.get(id(entry), [])
            entry["own"], entry["used"] = np.array(entry["own"]), np.array(entry["used"])
            entry["given"] = np.array(entry.get("given", []))
            entry["norms"], entry["none"] = np.array(entry["norms"]), np.array(entry["none"])
            entry["kernels"] = [
                {"name": name, "kernel": np.array(one)}
                for name, one in zip(entry["names"], variables, strict=False)
                if len(one.shape) >= 2 and np.prod(one.shape) <= 200_000
            ]
        for model, entry, start in self.models.values():
            now = [np.array(one) for one in model.trainable_variables]
            if len(now) == len(start):
                entry["changes"] = np.array([np.linalg.norm(b - a) for a, b in zip(start, now, strict=True)])


def is_two_faced(layer: Any) -> bool:
    """Whether a layer does in training what it does not do afterwards."""
    name = type(layer).__name__
    return (name in RANDOM and bool(getattr(layer, "rate", 1))) or (name == "BatchNormalization" and layer.trainable)


def _dense(gradient: Any) -> Array:
    import tensorflow as tf

    return np.asarray(tf.convert_to_tensor(gradient), dtype=np.float64)


def _along(arrays: list[Array | None]) -> list[float]:
    """Some arrays as a few numbers: their parts along fixed random directions, so that sums of arrays are sums of numbers."""
    generator = np.random.default_rng(1)
    total = np.zeros(DIRECTIONS)
    for array in arrays:
        if array is not None:
            total += generator.standard_normal((DIRECTIONS, array.size)) @ array.reshape(-1)
    return [float(one) for one in total]
