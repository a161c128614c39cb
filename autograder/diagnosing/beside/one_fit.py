"""One call of Keras's `fit`: what the model is before it, and what has become of it."""

from __future__ import annotations

import weakref
from typing import Any

import numpy as np

from autograder.diagnosing.beside.forward import Listener, listening
from autograder.diagnosing.beside.places import Place
from autograder.diagnosing.beside.record import Entry, Record, array_of, some_rows
from autograder.diagnosing.beside.replay import replayed
from autograder.diagnosing.beside.samples import data_of, names_of_loss
from autograder.observation import Array
from autograder.sandbox.frames import tell

KERNEL_MOST = 200_000  # numbers of a kernel that travel
LAYERS_MOST = 40
LOOKS_MOST, LOOKS_IN_ALL = 3, 24  # fits of one model, and of all, that are looked into: a loop may call it for each epoch
CHOOSING = ("EarlyStopping", "ModelCheckpoint")


class Models:
    """What is known of models: where they and their layers were made and compiled, and how often they were looked into."""

    def __init__(self) -> None:
        self.compiled: weakref.WeakKeyDictionary[Any, Place] = weakref.WeakKeyDictionary()
        self.looks: weakref.WeakKeyDictionary[Any, int] = weakref.WeakKeyDictionary()
        self.made: weakref.WeakKeyDictionary[Any, Place] = weakref.WeakKeyDictionary()


class Fit:
    """One call of `fit`.

    Args:
        record: where it is kept.
        model: that is fitted.
        place: the line of the call.
        given: its arguments.
        models: what is known of models.
    """

    def __init__(self, record: Record, model: Any, place: Place, given: dict[str, Any], models: Models) -> None:
        self.record, self.models, self.model, self.given = record, models, model, given
        compiled = models.compiled.get(model)
        at = {"file": compiled.file, "line": compiled.line} if compiled else {"file": place.file, "line": place.line}
        self.entry: Entry = self.record.add("fit", place, compiled=at, steps=0, logs={}, finished=False)
        self.variables: list[Any] = []
        self.start: list[Array] = []
        self.x: Array | None = None
        self.y: Array | None = None

    def before(self) -> None:
        """The data, the weights, and one pass before the first step."""
        x, y = data_of(self.given.get("x"), self.given.get("y"))
        held, held_y = self._validation(x, y)
        split = float(self.given.get("validation_split") or 0)
        if split and x is not None:
            x, y = x[: int(len(x) * (1 - split))], None if y is None else y[: int(len(y) * (1 - split))]
        words = self.record.program.arguments(Place(self.entry["file"], self.entry["line"]), "fit")
        table = self.record.table
        self.entry |= {
            "split": bool(split),
            "X": table(x),
            "y": table(y),
            "held": table(held),
            "held y": table(held_y),
            "words": words,
        }
        self._describe()
        looks = self.models.looks[self.model] = self.models.looks.get(self.model, 0) + 1
        if x is None or looks > LOOKS_MOST or sum(self.models.looks.values()) > LOOKS_IN_ALL:
            return
        places = some_rows(len(x))
        self.x, self.y = x[places], None if y is None else y[places]
        if not self.model.built:
            if type(self.model).__name__ == "Sequential":
                self.model.build((None, *x.shape[1:]))  # as `fit` would, for batches of any size
            else:
                self.model(self.x[:2])
        self.variables = list(self.model.trainable_variables)
        frozen = [one for layer in self.model._flatten_layers() if not layer.trainable for one in layer._trainable_variables]
        self.frozen = list({id(one): one for one in frozen}.values())
        self.start = [np.array(one) for one in self.variables]
        self.frozen_start = [np.array(one) for one in self.frozen]
        self.entry["at start"] = self._look()

    def _validation(self, x: Array | None, y: Array | None) -> tuple[Array | None, Array | None]:
        given = self.given.get("validation_data")
        split = float(self.given.get("validation_split") or 0)
        if given is not None:
            return data_of(*given[:2]) if isinstance(given, tuple | list) else data_of(given)
        if split and x is not None:
            return x[int(len(x) * (1 - split)) :], None if y is None else y[int(len(x) * (1 - split)) :]
        return None, None

    def _describe(self) -> None:
        callbacks = self.given.get("callbacks") or []
        callbacks = callbacks if isinstance(callbacks, list | tuple) else [callbacks]
        choosing = [
            type(one).__name__
            for one in callbacks
            if type(one).__name__ in CHOOSING
            and str(getattr(one, "monitor", "")).startswith("val_")
            and (type(one).__name__ == "EarlyStopping" or one.save_best_only)
        ]
        loss, logits = names_of_loss(self.model.loss) if self.model.loss is not None else ("", False)
        rate = self.model.optimizer.learning_rate if self.model.optimizer is not None else 0.0
        self.entry |= {
            "loss": loss,
            "logits": logits,
            "choosing": choosing,
            "optimizer": type(self.model.optimizer).__name__,
            "rate": float(np.asarray(rate)) if not callable(rate) else 0.0,
            "layers": [f"{type(layer).__name__} {layer.name}" for layer in self.model._flatten_layers()][:LAYERS_MOST],
        }

    def _look(self) -> Entry:
        """One pass of a sample, with gradients."""
        import tensorflow as tf

        with listening(Listener()) as heard:
            outputs = self.model(self.x, training=False)
        found: Entry = {"outputs": array_of(outputs) if array_of(outputs) is not None else "", "passes": self._placed(heard)}
        if self.y is not None and self.model.loss is not None:
            with listening(Listener()) as loss_heard, tf.GradientTape() as tape:
                given = self.model(self.x, training=False)
                loss = self.model.compute_loss(x=self.x, y=tf.convert_to_tensor(self.y), y_pred=given, training=False)
            gradients = tape.gradient(loss, self.variables)
            found["loss"] = float(loss)
            found["none"] = np.array([one is None for one in gradients], dtype=bool)
            found["norms"] = np.array([np.nan if one is None else _norm(one) for one in gradients])
            found["sizes"] = np.array([np.nan if one is None else _norm(one) / np.sqrt(np.size(one)) for one in gradients])
            found["in loss"] = [one for one in loss_heard.operations if one["op"] not in ("Relu", "Tanh") and not one["layer"]]
        return found

    def _placed(self, heard: Listener) -> list[Entry]:
        """The operations, each with the line at which its layer was made."""
        layers = {layer.name: self.models.made.get(layer) for layer in self.model._flatten_layers()}
        for one in heard.operations:
            place = layers.get(one["layer"])
            if place is not None:
                one |= {"file": place.file, "line": place.line}
        return heard.operations

    def watcher(self) -> Any:
        """A callback that keeps what each epoch ends with, and tells where the training is."""
        import keras

        entry, total = self.entry, self.given.get("epochs", 1)

        class Watcher(keras.callbacks.Callback):  # type: ignore[misc]
            def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
                entry["steps"] += self.params.get("steps") or 0
                tell(f"fit, epoch {epoch + 1} of {total}")
                for name, value in (logs or {}).items():
                    entry["logs"].setdefault(str(name), []).append(float(value))

        return Watcher()

    def after(self) -> None:
        """What has become of the weights, and one pass more."""
        entry = self.entry
        entry["finished"] = True
        entry["metrics"] = self._metrics()
        if not self.variables:
            return
        end = [np.array(one) for one in self.variables]
        entry["names"] = [one.path for one in self.variables]
        entry["changes"] = np.array([np.linalg.norm(b - a) for a, b in zip(self.start, end, strict=True)])
        entry["weights"] = float(sum(one.size for one in end))
        entry["frozen"] = [one.path for one in self.frozen]
        entry["frozen changes"] = np.array(
            [np.linalg.norm(np.array(b) - a) for a, b in zip(self.frozen_start, self.frozen, strict=True)]
        )
        entry["kernels"] = [
            {"name": one.path, "kernel": value}
            for one, value in zip(self.variables, end, strict=True)
            if one.name == "kernel" and value.size <= KERNEL_MOST
        ]
        entry["at end"] = self._look()
        entry["replay"] = replayed(self.model, self.x, self.y, self.variables, self.start, entry)

    def _metrics(self) -> list[str]:
        """How each metric counts, such as "binary_accuracy"."""
        found: list[str] = []
        waiting = list(self.model.metrics)
        while waiting:
            metric = waiting.pop(0)
            inner = getattr(metric, "metrics", None)
            if inner:
                waiting = [*inner, *waiting]
            elif type(metric).__name__ != "Mean" and type(metric).__name__ != "CompileMetrics":
                function = getattr(metric, "_fn", None)
                threshold = getattr(metric, "_fn_kwargs", {}).get("threshold", 0.5)
                cut = "" if threshold == 0.5 else f" at {threshold}"
                found.append(getattr(function, "__name__", type(metric).__name__.lower()) + cut)
        return list(dict.fromkeys(found))


def _norm(gradient: Any) -> float:
    values = gradient.values if hasattr(gradient, "indices") else gradient
    return float(np.linalg.norm(np.asarray(values, dtype=np.float64)))
