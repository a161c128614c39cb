"""By hand: a part of an assignment that a person reads and marks, such as an essay or a figure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import KW_ONLY, dataclass
from typing import ClassVar

import numpy as np

from autograder.checks.base import Cases, Check

WAITING = "a person marks this part"


def nothing(rng: np.random.Generator) -> Cases:
    """No cases: nothing is asked of a worker."""
    return {}


@dataclass(frozen=True)
class ByHand(Check):
    """Have a person mark a part of the submission. Until somebody has, its points are unknown, and there is no mark.

    The desk lists such work under "To be marked"; `dlkit adjust --check` gives the points, too. A regrade keeps them.

    Attributes:
        rubric: what earns the points; whoever marks reads it, and so does the student.
    """

    JUDGED: ClassVar[frozenset[str]] = frozenset({"rubric"})
    by_hand: ClassVar[bool] = True
    on: Callable[[np.random.Generator], Cases] = nothing
    _: KW_ONLY
    rubric: str = ""

    @property
    def title(self) -> str:
        """The sentence that is true when it has full points."""
        return f"{self.function} convinces whoever marks it"
