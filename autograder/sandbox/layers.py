"""The layers of isolation that are in force around a worker, as it reports them in its first frame."""

from __future__ import annotations

import json
from dataclasses import dataclass

from autograder.sandbox.frames import NotInstalledError, RefusalError

READY = 0  # the number of a worker's first frame


@dataclass(frozen=True)
class Layers:
    """Which layers are in force, and which are missing and why."""

    in_force: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()

    @property
    def protects_files(self) -> bool:
        """Whether a stranger's code can read and write only what it should."""
        return any(layer.startswith("landlock") for layer in self.in_force)


def layers_of(frame: bytes) -> Layers:
    """What a worker's first frame says.

    Raises:
        NotInstalledError: a library that it should have had is not installed.
        RefusalError: it could not be set up.
    """
    said = json.loads(frame)
    if "not installed" in said:
        raise NotInstalledError(said["not installed"])
    if said.get("error"):
        raise RefusalError(said["error"])
    return Layers(tuple(said["in_force"]), tuple(said["missing"]))
