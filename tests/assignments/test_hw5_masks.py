"""The statistics that hw5 asks of a dropout mask: a right one is never rejected, a wrong one is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autograder.assignment import load

ROOT = Path(__file__).parent.parent.parent
ASSIGNMENT = load(ROOT / "assignments" / "hw5")
SLIDE, INVERTED = ASSIGNMENT.check("slide_dropout.mask"), ASSIGNMENT.check("inverted_dropout.mask")
CASES = SLIDE.inputs(np.random.default_rng(5))
RIGHT = "drawn", "same seed", "other seed"


def sentence(mask: Callable[[Any, Any, float], Any], case: str = "rate = 0.3", seed: int = 0, check: Any = SLIDE) -> str:
    """What is said about three draws: a seed, the same one again, another one."""
    inputs = dict(CASES[case].inputs)
    x, rate = inputs["x"], inputs["rate"]
    seeds = dict(zip(RIGHT, (seed, seed, seed + 1), strict=True))
    seen = {run: (x * mask(np.random.default_rng(s), x.shape, rate)).astype(x.dtype) for run, s in seeds.items()}
    return check.compare(seen, seen, inputs)


def independent(rng: Any, shape: Any, rate: float) -> Any:
    return rng.uniform(size=shape) >= rate


@pytest.mark.parametrize("case", list(CASES))
def test_a_right_mask_is_never_rejected(case: str) -> None:
    """Chance does not decide: 400 seeds, in both conventions."""
    for seed in range(400):
        assert sentence(independent, case, seed) == ""
        assert sentence(lambda *a: independent(*a) / (1 - a[2]), case, seed, INVERTED) == ""


@pytest.mark.parametrize(
    ("mask", "said"),
    [
        (lambda rng, shape, rate: rng.uniform(size=shape) < rate, "entries are dropped; with rate=0.3 about 30% should be"),
        (lambda rng, shape, rate: rng.uniform(size=shape[1]) >= rate + np.zeros(shape), "every row has the same mask"),
        (lambda rng, shape, rate: rng.uniform(size=(shape[0], 1)) >= rate + np.zeros(shape), "whole rows are dropped"),
        (
            lambda rng, shape, rate: np.random.default_rng(1).uniform(size=shape) >= rate,
            "two different seeds drop the same entries",
        ),
        (lambda rng, shape, rate: independent(rng, shape, rate) / (1 - rate), "every entry should be 0 or 1 x; "),
        (
            lambda rng, shape, rate: np.repeat(independent(rng, (shape[0] // 2, shape[1]), rate), 2, axis=0),
            "neighbouring rows of the mask",
        ),
        (
            lambda rng, shape, rate: np.repeat(independent(rng, (shape[0], shape[1] // 2), rate), 2, axis=1),
            "neighbouring columns",
        ),
        (lambda rng, shape, rate: np.ones(shape), "0.0% of 8000 entries are dropped"),
        (lambda rng, shape, rate: np.zeros(shape), "100.0% of 8000 entries are dropped"),
    ],
)
def test_a_wrong_mask_is_told_what_it_lacks(mask: Callable[..., Any], said: str) -> None:
    """The first statistic that is off, in one sentence."""
    assert said in sentence(mask)


def test_a_mask_that_ignores_the_seed_is_not_reproducible() -> None:
    """Two calls with one seed have to agree."""
    fresh = np.random.default_rng(9)
    assert (
        sentence(lambda rng, shape, rate: independent(fresh, shape, rate))
        == "two calls with the same seed drop different entries"
    )
