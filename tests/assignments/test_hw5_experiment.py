"""How hw5's experiment is judged: from the numbers that come back, relation by relation."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autograder.assignment import load

ROOT = Path(__file__).parent.parent.parent
CHECK = load(ROOT / "assignments" / "hw5").check("experiment_regularizers")
MEASURED = {  # one run of the reference
    "plain": {"train_acc": 0.877, "test_acc": 0.651, "kernel_l2": 610.2, "near_zero": 0.004},
    "l2": {"train_acc": 0.700, "test_acc": 0.870, "kernel_l2": 41.7, "near_zero": 0.371},
    "l1": {"train_acc": 0.713, "test_acc": 0.830, "kernel_l2": 99.1, "near_zero": 0.846},
    "dropout": {"train_acc": 0.743, "test_acc": 0.858, "kernel_l2": 523.1, "near_zero": 0.004},
}
PNG = b"\x89PNG\r\n\x1a\n"


def seen(changes: dict[str, float] | None = None, figure: bytes = PNG) -> dict[str, Any]:
    """An observation: the measured numbers with some changed."""
    numbers = {f"{name}.{key}": value for name, entry in MEASURED.items() for key, value in entry.items()} | (changes or {})
    return {"figure": np.frombuffer(figure, np.uint8)} | {name: np.asarray(value) for name, value in numbers.items()}


def test_a_measured_run_passes() -> None:
    """The reference's own numbers."""
    assert CHECK.compare(seen(), seen(), {}) == ""


def test_one_unlucky_regulariser_is_no_mistake() -> None:
    """With a high learning rate the last epoch of L1 may fall below plain: 2 of 22 runs did."""
    assert CHECK.compare(seen({"l1.train_acc": 0.6, "l1.test_acc": 0.63}), seen(), {}) == ""


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"plain.train_acc": 0.7}, "the plain model does not overfit"),
        (
            {"l2.train_acc": 1.0, "l2.test_acc": 0.8},
            "l2 overfits like the plain model: train_acc - test_acc is 0.200, and 0.226 for plain",
        ),
        (
            {f"{name}.test_acc": 0.655 for name in ("l2", "l1", "dropout")},
            "the best regulariser, l2, changes the plain model's test_acc",
        ),
        ({"l1.near_zero": 0.3}, "near_zero of l1 is 0.30; expected more than 0.6"),
        ({"l2.kernel_l2": 300.0}, "kernel_l2 of l2 is 0.49 of the plain model's; expected less than 0.2"),
        ({"dropout.test_acc": 85.8}, "`dropout.test_acc` is 85.8, which it cannot be"),
        ({"plain.kernel_l2": np.nan}, "`plain.kernel_l2` is nan, which it cannot be"),
    ],
)
def test_each_relation_has_its_sentence(changes: dict[str, float], sentence: str) -> None:
    """The first relation that does not hold is named with its numbers."""
    assert CHECK.compare(seen(changes), seen(), {}).startswith(sentence)


def test_the_figure_has_to_be_a_png() -> None:
    """Nothing, or something else, is told apart."""
    assert CHECK.compare(seen(figure=b""), seen(), {}) == "there is no PNG at `path`"
    assert CHECK.compare(seen(figure=b"<svg xmlns"), seen(), {}) == "the file at `path` is no PNG"
