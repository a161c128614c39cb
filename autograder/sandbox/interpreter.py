"""Interpreters: how a zygote, or a worker that is not forked, is started: apart from this user's settings and environment."""

from __future__ import annotations

import os
import site
import sys
from pathlib import Path

from autograder.sandbox.folder import HOMES

# One thread per worker: many workers share the cores, and a process with one thread can be forked. No network or
# GPU is looked for, logs are off, and scikit-learn's n_jobs stays inside the process.
ENVIRONMENT = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "TF_NUM_INTEROP_THREADS": "1",
    "TF_NUM_INTRAOP_THREADS": "1",
    "TF_ENABLE_ONEDNN_OPTS": "0",
    "ONEDNN_MAX_CPU_ISA": "AVX2",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "CUDA_VISIBLE_DEVICES": "-1",
    "JOBLIB_MULTIPROCESSING": "0",
    "HDF5_USE_FILE_LOCKING": "FALSE",
    "KERAS_BACKEND": "tensorflow",
    "MPLBACKEND": "Agg",
    "LANG": "C.UTF-8",
}
KEPT = ("PATH", "SYSTEMROOT", "LD_LIBRARY_PATH")  # what an interpreter may need to start at all


def python(module: str) -> list[str]:
    """An interpreter that looks at no variable and at no folder of the user's, but where dlkit itself lies there."""
    own = Path(__file__).resolve()
    flags = ["-E", "-P"] if own.is_relative_to(site.getusersitepackages()) else ["-I"]
    return [sys.executable, *flags, "-m", module]


def environment(folder: str) -> dict[str, str]:
    """The variables of such a process, whose own folder this is."""
    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    return ENVIRONMENT | kept | dict.fromkeys(HOMES, folder)
