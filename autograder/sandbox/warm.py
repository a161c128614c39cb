"""Warming: import what workers will need, once, and leave the process fit to be forked.

A fork is safe only from a process with one thread in which no TensorFlow operation has ever run: after one, `fit`,
`predict` and `tf.function` hang in the child. So nothing here computes with tensors; what is wanted is everything else
that a first use would load.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import os
import sys
from collections.abc import Iterable
from typing import Any

from autograder.sandbox.frames import NotInstalledError, RefusalError
from autograder.sandbox.installed import PACKAGES, TENSORFLOW

# What a submission may have imported before it is forked: libraries that start no thread and compute nothing when they are
# imported. No name that a submission makes up, and no part of a library that nobody has tried.
KNOWN = frozenset(
    f"{library}{part}"
    for library, parts in {
        "numpy": "",
        "scipy": "linalg optimize signal sparse special stats",
        "sklearn": "datasets linear_model metrics model_selection neural_network pipeline preprocessing",
        "matplotlib": "pyplot",
        "tensorflow": "",
        "keras": "",
    }.items()
    for part in ("", *(f".{part}" for part in parts.split()))
)
PLAIN = frozenset({int, float, bool, str, type(None)})  # what Keras never tracks
LATE = (  # imported at first use, by every worker anew if not here
    "sklearn.datasets.data",
    "sklearn.datasets.descr",
    "tensorflow.python.data.ops.concatenate_op",
    "tensorflow.python.data.ops.flat_map_op",
    "tensorflow.python.data.ops.from_tensors_op",
    "tensorflow.python.data.ops.range_op",
    "tensorflow.python.data.ops.zip_op",
)


def warm(modules: Iterable[str]) -> None:
    """Import modules without collecting garbage; what they made is never looked at again by the collector.

    Raises:
        NotInstalledError: one is a library that is not installed.
        RefusalError: one cannot be imported.
    """
    gc.disable()
    try:
        for name in modules:
            try:
                importlib.import_module(name)
            except ModuleNotFoundError as error:
                if error.name in PACKAGES:
                    raise NotInstalledError(PACKAGES[error.name]) from error
                raise RefusalError(f"{name} cannot be imported: {type(error).__name__}: {error}") from error
            except Exception as error:
                raise RefusalError(f"{name} cannot be imported: {type(error).__name__}: {error}") from error
        if TENSORFLOW in sys.modules:
            threading = sys.modules[TENSORFLOW].config.threading
            with contextlib.suppress(RuntimeError):  # already running, with the threads it has
                threading.set_intra_op_parallelism_threads(int(os.environ.get("TF_NUM_INTRAOP_THREADS", "1")))
                threading.set_inter_op_parallelism_threads(int(os.environ.get("TF_NUM_INTEROP_THREADS", "1")))
            for name in LATE:
                with contextlib.suppress(ImportError):  # another version has it elsewhere
                    importlib.import_module(name)
            _share_kernels()
            _set_plainly()
    finally:
        # Frozen, since a full collection in a worker would touch, and so copy, every page of them. Not collected before:
        # that takes 0.3 s, and of TensorFlow's 400,000 objects it frees 4,000.
        gc.freeze()
        gc.enable()


def _share_kernels() -> None:
    """Have all variables of one shape share a kernel.

    TensorFlow makes a kernel ready for each name of a variable, "sequential_3/dense_7/kernel/", in some 1 ms, though the
    name serves only its own messages. That was a fifth of what it costs to build a small Keras model.
    """
    ops: Any = sys.modules.get("tensorflow.python.ops.gen_resource_variable_ops")
    made = getattr(ops, "var_handle_op", None)
    if made is None or made.__module__ == __name__:  # another version's, or done
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
    if tracks is None or tracks.__module__ == __name__:  # another version's, or done
        return

    def set_attribute(self: Any, name: str, value: Any) -> None:
        if type(value) in PLAIN:
            object.__setattr__(self, name, value)
        else:
            tracks(self, name, value)

    layer.__setattr__ = set_attribute


def warm_if_possible(modules: Iterable[str]) -> None:
    """Import those of the modules that are in KNOWN; one that cannot be imported is left to whoever wants it."""
    for name in modules:
        if name in KNOWN and name not in sys.modules:
            with contextlib.suppress(RefusalError):
                warm([name])


def why_not_fork() -> str:
    """Why a fork of this process would not be safe, in one sentence; "" if it is."""
    if not hasattr(os, "fork"):
        return "this system cannot fork"
    threads = len(os.listdir("/proc/self/task")) if os.path.isdir("/proc/self/task") else 1
    if _computed():
        return "a TensorFlow operation has run in the zygote: a worker forked now would hang"
    if threads != 1:
        return f"the zygote has {threads} threads; a fork is safe from one with a single thread only"
    return ""


def _computed() -> bool:
    """Whether TensorFlow's eager context is running: whatever computes starts it, and it cannot be stopped."""
    context = sys.modules.get("tensorflow.python.eager.context")
    current = getattr(context, "_context", None)
    return bool(current is not None and getattr(current, "_initialized", False))
