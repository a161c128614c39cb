"""Calls of functions as named arrays: what a worker has recorded of them, and what another one is sent to play them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import numpy as np

from autograder.observation import Array, Observation, pack_tree, text_of, unpack_tree

RECORD, PLAY = "record", "play"  # in a question: the names of the functions whose calls are recorded, or played
RECORDED = "recorded"  # the entry that holds the structure of what was recorded, as UTF-8
PLAYED = "played: "  # begins the names of the entries of a question that are to be played

Call = Mapping[str, Any]  # the function's name `of`, its arguments `with`, and what it `gives`


def pack_calls(calls: Sequence[Call]) -> dict[str, Array]:
    """Calls as named arrays."""
    packed = pack_tree({"calls": list(calls)})
    arrays = {name: value for name, value in packed.items() if isinstance(value, np.ndarray)}
    return {RECORDED: np.frombuffer(text_of(packed, "tree").encode(), dtype=np.uint8), **arrays}


def unpack_calls(values: Observation) -> list[Call]:
    """What `pack_calls` has packed; nothing where there is none."""
    structure = values.get(RECORDED)
    if not isinstance(structure, np.ndarray):
        return []
    found: list[Call] = unpack_tree({**values, "tree": structure.tobytes().decode()})["calls"]
    return found


def to_play(values: Observation, functions: Collection[str]) -> dict[str, Any]:
    """What to send with a question, so that these functions are played as they were recorded."""
    return {PLAY: " ".join(functions), **{PLAYED + name: value for name, value in values.items()}}


def played(question: Observation) -> list[Call]:
    """The calls that a question asks to play."""
    return unpack_calls({name.removeprefix(PLAYED): value for name, value in question.items() if name.startswith(PLAYED)})
