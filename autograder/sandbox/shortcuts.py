"""Shortcuts: what TensorFlow, Keras, SciPy and Matplotlib do more often than they need to, done once or not at all.

They are taken when a process is warmed, so they are in force for submissions and references alike. None of them changes a
number or an error; each looks for the function that it replaces, and leaves that of an unknown version as it is. What each
saves stands in its docstring. A program can tell two of them apart: see `document_briefly` and `draw_unarranged`.
"""

from __future__ import annotations

import contextlib
import functools
import importlib
import inspect
import sys
from collections import defaultdict
from collections.abc import Callable
from types import FunctionType, MethodType, SimpleNamespace
from typing import Any

PLAIN = frozenset({int, float, bool, str, type(None)})  # what Keras never tracks
SIGNATURES_MOST = 1000  # of functions, that are remembered
SCIPY = frozenset({"scipy", "sklearn", "keras", "tensorflow"})  # what imports SciPy
SEEDS = 2**31 - 2  # Keras takes a seed modulo this before TensorFlow sees it


def take_shortcuts() -> None:
    """Take all that this process's TensorFlow and Keras leave room for; those that are taken stay as they are.

    One that fails, as it may with a version that nobody has tried, is not taken: grading is slower then, and no less right.
    """
    for take in (_share_kernels, _set_plainly, _build_optimizers_first, _remember_signatures, _seed_plainly):
        with contextlib.suppress(Exception):
            take()


def document_briefly(name: str) -> None:
    """Have SciPy leave the docstrings of its functions as they are written, where a module is to be imported that uses SciPy.

    On import, SciPy parses the docstrings of five hundred functions, adds a note on array libraries to each, and puts them
    together again. That was a quarter of what it takes to import scikit-learn. It fills in those of a hundred distributions,
    which was half of what it takes to import `scipy.stats`. A program can tell: in a worker, `help` of such a function has no
    such note, and that of a distribution has names in the places of texts.
    """
    if name.partition(".")[0] not in SCIPY:
        return
    with contextlib.suppress(ImportError):  # another version, or none
        arrays: Any = importlib.import_module("scipy._lib._array_api")
        parses = getattr(arrays, "FunctionDoc", None)
        if parses is not None and not _is_ours(parses) and hasattr(arrays, "xp_capabilities"):
            arrays.FunctionDoc = AsWritten
            for module, replaced, ours in (("_docscrape", "FunctionDoc", AsWritten), ("doccer", "docformat", as_written)):
                place = importlib.import_module(f"scipy._lib.{module}")
                if hasattr(place, replaced):
                    setattr(place, replaced, ours)


def as_written(docstring: str, texts: Any = None) -> str:
    """A docstring, in place of the one with texts filled in."""
    return docstring


def draw_unarranged() -> None:
    """Have Matplotlib write a figure without arranging its parts for that.

    For a "constrained" or "tight" layout, it draws the figure twice, and measures each text several times. That was half of what
    it costs to draw, and nobody looks at a picture that is drawn in a worker. A program can tell: there, the axes stay where they
    were made.
    """
    canvas: Any = getattr(sys.modules.get("matplotlib.backend_bases"), "FigureCanvasBase", None)
    write = getattr(canvas, "print_figure", None)
    if write is None or _is_ours(write):
        return

    def print_figure(self: Any, *values: Any, **named: Any) -> Any:
        kept = vars(self.figure)
        if (engine := kept.get("_layout_engine")) is None:
            return write(self, *values, **named)
        kept["_layout_engine"] = None
        try:
            return write(self, *values, **named)
        finally:
            kept["_layout_engine"] = engine

    canvas.print_figure = print_figure


class AsWritten(defaultdict[str, list[Any]]):
    """The docstring of a function, in place of its sections; what is added to one is lost.

    Args:
        function: whose docstring it is.
    """

    def __init__(self, function: Any) -> None:
        super().__init__(list)
        self._function = function

    def __str__(self) -> str:
        return f"\n{inspect.getdoc(self._function) or ''}"  # the first line is for the signature


def _is_ours(function: object) -> bool:
    """Whether there is nothing to replace: another version has no such function, or it has been replaced."""
    return function is None or getattr(function, "__module__", __name__) == __name__


def _share_kernels() -> None:
    """Have all variables of one shape share a kernel.

    TensorFlow makes a kernel ready for each name of a variable, "sequential_3/dense_7/kernel/", in some 1 ms, though the
    name serves only its own messages. That was a fifth of what it costs to build a small Keras model.
    """
    ops: Any = sys.modules.get("tensorflow.python.ops.gen_resource_variable_ops")
    made = getattr(ops, "var_handle_op", None)
    if made is None or _is_ours(made):
        return

    def var_handle_op(*values: Any, **named: Any) -> Any:
        return made(*values, **{**named, "debug_name": ""} if "debug_name" in named else named)

    ops.var_handle_op = var_handle_op


def _set_plainly() -> None:
    """Have a Keras layer set numbers, texts and None as any object does.

    A layer looks at each value that it is given, for weights and layers to track. A Dense layer sets ninety until it is built,
    most of them plain. That was a fifth of what it costs to build a small Keras model.
    """
    layer: Any = getattr(sys.modules.get("keras.src.layers.layer"), "Layer", None)
    tracks = getattr(layer, "__setattr__", None)
    if tracks is None or _is_ours(tracks):
        return

    def set_attribute(self: Any, name: str, value: Any) -> None:
        if type(value) in PLAIN:
            object.__setattr__(self, name, value)
        else:
            tracks(self, name, value)

    layer.__setattr__ = set_attribute


def _build_optimizers_first() -> None:
    """Have `fit` make an optimizer's variables before it traces the first step, and not while it does.

    TensorFlow traces a function a second time if the first time has made variables, and it makes each of them through a graph
    of its own. That was a third of a short `fit`, some 0.2 s.
    """
    trainer: Any = getattr(sys.modules.get("keras.src.backend.tensorflow.trainer"), "TensorFlowTrainer", None)
    make, step = getattr(trainer, "_make_function", None), getattr(trainer, "train_step", None)
    scope = getattr(sys.modules.get("keras.src.backend"), "name_scope", None)
    if make is None or step is None or scope is None or _is_ours(make):
        return

    def make_function(self: Any, step_function: Callable[..., Any]) -> Callable[..., Any]:
        function: Callable[..., Any] = make(self, step_function)
        if self.run_eagerly or getattr(step_function, "__func__", None) is not step:  # its own step may use what it likes
            return function

        def with_optimizer(iterator: Any) -> Any:
            optimizer = self.optimizer
            if self.built and optimizer is not None and not optimizer.built and self.trainable_weights:
                with scope(optimizer.name, caller=optimizer):  # as `apply` does
                    optimizer.build(list(self.trainable_weights))
            return function(iterator)

        return with_optimizer

    trainer._make_function = make_function


def _remember_signatures() -> None:
    """Have Keras read the signature of a function once, and not for each layer that is made.

    That was a tenth of what it costs to build a small Keras model.
    """
    for name in ("keras.src.ops.operation", "keras.src.layers.layer"):
        module: Any = sys.modules.get(name)
        if getattr(module, "inspect", None) is inspect:
            module.inspect = SimpleNamespace(**{**vars(inspect), "signature": signature, "getfullargspec": getfullargspec})


def signature(function: Any) -> inspect.Signature:
    """As `inspect.signature`; a method's is its function's without `self`."""
    if type(function) is MethodType and _is_plain(function.__func__):
        return _signature(function.__func__, _defaults(function.__func__), True)
    return _signature(function, _defaults(function), False) if _is_plain(function) else inspect.signature(function)


def getfullargspec(function: Any) -> inspect.FullArgSpec:
    """As `inspect.getfullargspec`."""
    return _argspec(function, _defaults(function)) if _is_plain(function) else inspect.getfullargspec(function)


def _is_plain(function: Any) -> bool:
    """Whether a function's signature can be remembered: it says nothing of its own about it, and has constant defaults."""
    return type(function) is FunctionType and not function.__dict__ and all(type(one) in PLAIN for one in _defaults(function)[1:])


def _defaults(function: Any) -> tuple[Any, ...]:
    """What may change about a function: its code, and the defaults of its arguments."""
    return function.__code__, *(function.__defaults__ or ()), *(function.__kwdefaults__ or {}).values()


@functools.lru_cache(SIGNATURES_MOST)
def _signature(function: Any, defaults: tuple[Any, ...], bound: bool) -> inspect.Signature:
    whole = inspect.signature(function)
    return whole.replace(parameters=list(whole.parameters.values())[1:]) if bound else whole


@functools.lru_cache(SIGNATURES_MOST)
def _argspec(function: Any, defaults: tuple[Any, ...]) -> inspect.FullArgSpec:
    return inspect.getfullargspec(function)


def _seed_plainly() -> None:
    """Have Keras reckon with a seed that is a number in Python, where it takes three operations of TensorFlow.

    Keras makes a tensor of int64 of it, takes that modulo 2^31 - 2, and makes it int32. That was a tenth of what it costs
    to build a small Keras model whose initializers have seeds.
    """
    random: Any = sys.modules.get("keras.src.backend.tensorflow.random")
    backend: Any = sys.modules.get("keras.src.backend")
    draws, cast = getattr(random, "draw_seed", None), getattr(random, "_cast_seed", None)
    kind, convert = getattr(backend, "random_seed_dtype", None), getattr(backend, "convert_to_tensor", None)
    if draws is None or cast is None or kind is None or convert is None or _is_ours(draws) or kind() != "int64":
        return

    def draw_seed(seed: Any) -> Any:
        if type(seed) is not int or not -(2**63) <= seed < 2**63:
            return draws(seed)
        return convert([seed % SEEDS, 0], dtype="int32")

    random.draw_seed = draw_seed
