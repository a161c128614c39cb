"""A look at a network at work: the operations of one pass, by the layer that they belong to."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from autograder.observation import Array

ACTIVATIONS = {"Relu": "relu", "Relu6": "relu", "Sigmoid": "sigmoid", "Tanh": "tanh", "Softmax": "softmax"}
LOSSES = {"SoftmaxCrossEntropyWithLogits", "SparseSoftmaxCrossEntropyWithLogits"}
WEIGHTED = {"MatMul", "Conv2D", "Conv1D", "BatchMatMulV2"}
PAIRED = {"Sub", "SquaredDifference", "Mul", "AddV2"}
RANDOM = ("Dropout", "GaussianNoise", "GaussianDropout", "AlphaDropout", "SpatialDropout1D", "SpatialDropout2D")
VALUES = 200_000  # numbers of an activation that are kept
OPERATIONS = 60  # of one pass

Operation = dict[str, Any]


class Listener:
    """Collects the operations that TensorFlow runs while it listens.

    Args:
        where: what tells the line of the program that is being run, and "" where none is asked for.
    """

    def __init__(self, where: Callable[[], tuple[str, int]] | None = None) -> None:
        self.operations: list[Operation] = []
        self.layers: list[str] = []
        self._where = where
        self.embedded = False  # whether what comes now has been learnt, and is no input
        self._weighted = False

    def hear(self, kind: str, inputs: Any, attributes: Any, outputs: Any, graph: Any = None, **_: Any) -> None:
        """One operation, as `op_callbacks` tells it; those of a graph have no values yet."""
        name = kind.decode() if isinstance(kind, bytes) else str(kind)
        if graph is not None or len(self.operations) >= OPERATIONS:
            return
        with contextlib.suppress(Exception):
            found = self._told(name, inputs, outputs)
            if found is not None:
                file, line = self._where() if self._where else ("", 0)
                layer = self.layers[-1] if self.layers else ""
                self.operations.append({"op": name, "layer": layer, "file": file, "line": line, **found})

    def _told(self, name: str, inputs: Any, outputs: Any) -> Operation | None:
        if name in ACTIVATIONS:
            more = {"input": _part(inputs[0])} if name in ("Softmax", "Sigmoid") else {}
            return {"output": _part(outputs[0]), **more}
        if name in LOSSES:
            return {"input": _part(inputs[0])}
        if name in WEIGHTED and not self._weighted and inputs[0].shape.rank and inputs[0].shape[0] > 1:
            self._weighted = True
            return None if self.embedded else {"input": _part(inputs[0])}
        if name in PAIRED:
            one, other = tuple(inputs[0].shape), tuple(inputs[1].shape)
            if {len(one), len(other)} == {1, 2} and len(outputs[0].shape) == 2:
                return {"shapes": [list(one), list(other), list(outputs[0].shape)]}
        return None


def _part(tensor: Any) -> Array:
    """As many rows of a tensor as are kept."""
    array: Array = np.asarray(tensor)
    if array.ndim and array.size > VALUES:
        array = array[: max(2, VALUES // max(1, array[0].size))]
    return array


@contextlib.contextmanager
def listening(listener: Listener, *, layers: bool = True) -> Iterator[Listener]:
    """Have a listener hear what TensorFlow runs in this block."""
    callbacks = sys.modules["tensorflow.python.framework.op_callbacks"]
    hear = listener.hear  # one object: it is taken off by identity
    callbacks.add_op_callback(hear)
    try:
        with _naming_layers(listener) if layers else contextlib.nullcontext():
            yield listener
    finally:
        callbacks.remove_op_callback(hear)


@contextlib.contextmanager
def _naming_layers(listener: Listener) -> Iterator[None]:
    """Have the listener know which layer is being called."""
    layer = sys.modules["keras"].layers.Layer
    call = layer.__call__

    def named(self: Any, *arguments: Any, **options: Any) -> Any:
        listener.layers.append(self.name)
        listener.embedded = listener.embedded or type(self).__name__ == "Embedding"
        try:
            return call(self, *arguments, **options)
        finally:
            listener.layers.pop()

    layer.__call__ = named
    try:
        yield
    finally:
        layer.__call__ = call
