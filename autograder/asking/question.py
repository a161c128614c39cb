"""A question about one's own code: what is asked, what may be answered, and what the run showed."""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
NEAR = 0.01  # by which a typed number may differ from the right one, as a share of it


@dataclass(frozen=True)
class Question:
    """One question.

    Attributes:
        kind: what sort of question it is: "shape", "value", "count", …
        function: the function that it is about.
        line: the line that it is about, as the file counts them.
        text: the question.
        options: what may be chosen; none if a number is to be typed.
        right: the right answer: one of the options, or the number as a text.
        evidence: what the run showed, in one sentence.
        call, about: the call that it is about, and what the arrays are that the call only names; "" without one.
        weight: how good a question it is beside the others.
        probe: how the answer can be found again, by other means (see `benchmarks/asking.py`).
    """

    kind: str
    function: str
    line: int
    text: str
    options: tuple[str, ...]
    right: str
    evidence: str
    call: str = ""
    about: str = ""
    weight: float = 1.0
    probe: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)

    @property
    def id(self) -> str:
        """The same for the same question."""
        digest = hashlib.sha256(f"{self.call}\n{self.text}\n{self.right}\n{self.options}".encode()).hexdigest()
        return f"{self.function}-{self.kind}-{digest[:8]}"

    @property
    def typed(self) -> bool:
        """Whether a number is to be typed."""
        return not self.options

    @property
    def number(self) -> int:
        """The number of the right option, from 1; 0 if there are none."""
        return self.options.index(self.right) + 1 if self.options else 0

    def chosen(self, typed: str) -> str | None:
        """What somebody means who types this: an option, or a number; None if it is neither."""
        text = typed.strip()
        if self.options:
            number = int(text) if text.isdecimal() and len(text) < 4 else 0
            return self.options[number - 1] if 1 <= number <= len(self.options) else None
        return text if NUMBER.fullmatch(text) else None

    def is_right(self, answer: str) -> bool:
        """Whether an answer that was chosen is the right one."""
        if self.options:
            return answer == self.right
        if not NUMBER.fullmatch(answer):
            return False
        given, right = float(answer), float(self.right)
        return math.isclose(given, right, rel_tol=NEAR, abs_tol=1e-9) if right % 1 else given == right
