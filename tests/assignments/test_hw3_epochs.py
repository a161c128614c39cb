"""The properties that hw3 asks of an epoch: every right way to shuffle has them, every wrong one lacks one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from autograder.assignment import load

ROOT = Path(__file__).parent.parent.parent
CHECK = load(ROOT / "assignments" / "hw3").check("minibatches")
CASES = CHECK.inputs(np.random.default_rng(5))
Batches = Iterator[tuple[Any, Any]]


def sentences(minibatches: Callable[..., Any], seed: int = 0) -> list[str]:
    """What is said about an implementation, case by case."""
    module = ModuleType("submission")
    module.minibatches = minibatches  # type: ignore[attr-defined]
    found = []
    for case in CASES.values():
        inputs = {**case.inputs, "seed": case.inputs["seed"] + seed}
        seen = CHECK.observe(module, **inputs)
        found.append(CHECK.compare(seen, seen, inputs))
    return found


def permuted(X: Any, y: Any, batch_size: int, seed: int) -> Batches:
    order = np.random.default_rng(seed).permutation(len(X))
    for start in range(0, len(X), batch_size):
        yield X[order[start : start + batch_size]], y[order[start : start + batch_size]]


def test_a_right_epoch_is_never_rejected() -> None:
    """Chance does not decide: 500 seeds, all cases."""
    assert all(sentence == "" for seed in range(500) for sentence in sentences(permuted, seed))


def in_order(X: Any, y: Any, batch_size: int, seed: int) -> Batches:
    for start in range(0, len(X), batch_size):
        yield X[start : start + batch_size], y[start : start + batch_size]


def reversed_order(X: Any, y: Any, batch_size: int, seed: int) -> Batches:
    return in_order(X[::-1], y[::-1], batch_size, seed)


def pieces_shuffled(X: Any, y: Any, batch_size: int, seed: int) -> Batches:
    """Whole pieces change places; the short one stays at the end."""
    full = len(X) // batch_size
    starts = [
        *(np.random.default_rng(seed).permutation(full) * batch_size),
        *([full * batch_size] if len(X) % batch_size else []),
    ]
    for start in starts:
        yield X[start : start + batch_size], y[start : start + batch_size]


def short_one_first(X: Any, y: Any, batch_size: int, seed: int) -> Batches:
    return iter(list(permuted(X, y, batch_size, seed))[::-1])


def labels_only(X: Any, y: Any, batch_size: int, seed: int) -> Batches:
    return ((a, b) for (a, _), (_, b) in zip(in_order(X, y, batch_size, seed), permuted(X, y, batch_size, seed), strict=True))


def never_ending(X: Any, y: Any, batch_size: int, seed: int) -> Batches:
    while True:
        yield from permuted(X, y, batch_size, seed)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        (in_order, "the samples come in their original order: nothing was shuffled"),
        (reversed_order, "two different seeds give the same order"),
        (pieces_shuffled, "every batch holds samples that were neighbours in X: shuffle all samples, then cut"),
        (short_one_first, "the batches have 3, 5, 5, 5, 5 rows; expected 5, 5, 5, 5, 3"),
        (lambda X, y, batch_size, seed: iter([]), "it gives no batches"),
        (lambda X, y, batch_size, seed: [X, y], "batch 0 is not a pair (X_batch, y_batch) of arrays"),
    ],
)
def test_a_wrong_epoch_is_told_what_it_lacks(wrong: Callable[..., Any], sentence: str) -> None:
    """The first broken promise, in one sentence."""
    assert sentences(wrong)[0] == sentence


def test_labels_of_other_samples_are_noticed() -> None:
    """X in order and y shuffled: nearly all pairs are wrong."""
    assert "rows come with another sample's label" in sentences(labels_only)[0]


def test_a_generator_without_an_end_is_left() -> None:
    """Only as many batches are taken as there could be."""
    assert sentences(never_ending)[0].startswith("the batches have 5, 5, 5, 5, 3, 5")
