"""Warming: import what workers will need, once, and leave the process fit to be forked.

A fork is safe only from a process with one thread in which no TensorFlow operation has ever run: after one, `fit`,
`predict` and `tf.function` hang in the child. So nothing here computes with tensors; what is wanted is everything else
that a first use would load.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import io
import os
import sys
from collections.abc import Iterable

from autograder.sandbox.frames import NotInstalledError, RefusalError
from autograder.sandbox.installed import PACKAGES, TENSORFLOW
from autograder.sandbox.postponed import standing
from autograder.sandbox.shortcuts import document_briefly, draw_unarranged, take_shortcuts

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
LATE = (  # imported at first use, by every worker anew if not here
    "sklearn.datasets.data",
    "sklearn.datasets.descr",
    "tensorflow.python.data.ops.concatenate_op",
    "tensorflow.python.data.ops.flat_map_op",
    "tensorflow.python.data.ops.from_tensors_op",
    "tensorflow.python.data.ops.range_op",
    "tensorflow.python.data.ops.zip_op",
)
BY_SCIKIT_LEARN = {"sklearn": "", "keras": "sklearn.base", "tensorflow": "sklearn.base"}  # who imports what of it; "" for all
FIGURE = "matplotlib.figure"
LATE_TO_DRAW = ("matplotlib.backends.backend_agg", "contourpy", "PIL.PngImagePlugin")


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
                _import(name)
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
            take_shortcuts()
        if FIGURE in sys.modules:
            with contextlib.suppress(Exception):  # as in `take_shortcuts`
                draw_unarranged()
            _draw_once()
    finally:
        # Frozen, since a full collection in a worker would touch, and so copy, every page of them. Not collected before:
        # that takes 0.3 s, and of TensorFlow's 400,000 objects it frees 4,000.
        gc.freeze()
        gc.enable()


def _import(name: str) -> None:
    first = BY_SCIKIT_LEARN.get(name.partition(".")[0])
    if first is not None:
        with standing(), contextlib.suppress(Exception):  # a version that nobody has tried may need what is postponed
            document_briefly(name)
            importlib.import_module(first or name)
    document_briefly(name)
    importlib.import_module(name)


def _draw_once() -> None:
    """Draw a small figure: Matplotlib then has its renderer, its fonts and its reader of formulas ready, for all workers.

    Neither starts a thread. In hw1, a figure was two thirds of what a submission costs, and a fifth of that was this.
    """
    if LATE_TO_DRAW[0] in sys.modules:  # done, or a process that draws anyway
        return
    with contextlib.suppress(Exception):  # whoever draws is told
        for name in LATE_TO_DRAW:
            importlib.import_module(name)
        sys.modules["PIL.Image"].preinit()
        figure = sys.modules[FIGURE].Figure(figsize=(2, 1), dpi=30)
        lines, bars = figure.subplots(1, 2)
        lines.plot([0, 1], label="a line")
        lines.set(title="title", xlabel="x", ylabel="y")
        lines.legend()
        bars.hist([0, 1], log=True)
        figure.savefig(io.BytesIO(), format="png")


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
