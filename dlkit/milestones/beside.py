"""Beside: the lecture's PyTorch program, run once in a process of its own, for a step that compares with it."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.text.errors import DlkitError

MODULE = "dlkit.milestones.torch_net"
SECONDS = 300.0
INSTALL = "PyTorch is not installed; install it with: pip install 'dlkit[torch]'"
LAST = 300  # characters of what it wrote last


class ProgramError(DlkitError):
    """The PyTorch program did not run; the sentence says why and what to do."""


@dataclass(frozen=True)
class Program:
    """What the program did.

    Attributes:
        losses: of each batch, before the step that it leads to.
        handed_over: what a step gets of it: "weights" by name, "batches" with the rows of each, and four numbers, "rate",
            "momentum", "mean" and "std".
    """

    losses: tuple[float, ...]
    handed_over: Mapping[str, Any]


def installed() -> bool:
    """Whether PyTorch can be imported, without importing it."""
    return importlib.util.find_spec("torch") is not None


def run_program() -> Program:
    """Run the program.

    Raises:
        ProgramError: PyTorch is not installed, or the program failed.
    """
    if not installed():
        raise ProgramError(INSTALL)
    from safetensors import SafetensorError
    from safetensors.numpy import load_file

    from dlkit.milestones.torch_net import SETTINGS, batches

    with tempfile.TemporaryDirectory(prefix="dlkit-torch-") as folder:
        path = Path(folder) / "net.safetensors"
        command = [sys.executable, "-m", MODULE, str(path)]
        try:
            done = subprocess.run(  # noqa: S603 - our own module
                command, capture_output=True, text=True, timeout=SECONDS, check=False, stdin=subprocess.DEVNULL
            )
            found = load_file(path) if done.returncode == 0 else {}
        except subprocess.TimeoutExpired:
            raise ProgramError(f"the PyTorch program took longer than {SECONDS:g} s, so it was stopped") from None
        except (OSError, SafetensorError) as error:
            raise ProgramError(f"the PyTorch program left no result: {error}") from None
    if not found:
        said = (done.stderr.strip().splitlines() or ["nothing"])[-1][:LAST]
        raise ProgramError(f"the PyTorch program failed, with exit status {done.returncode}. It wrote: {said}")
    weights = {name.removeprefix("weights "): array for name, array in found.items() if name.startswith("weights ")}
    rows = batches(int(found["digits"]))
    return Program(tuple(map(float, found["losses"])), {"weights": weights, "batches": rows, **SETTINGS})
