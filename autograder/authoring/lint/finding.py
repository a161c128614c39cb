"""What a rule says: findings, and one sentence on what was looked at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Level(StrEnum):
    """How much it matters: an error fails the lint, a warning is for the author to weigh."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True)
class Finding:
    """One thing to mend.

    Attributes:
        level: how much it matters.
        where: the check, function, case or file that it is about.
        text: what was found, what was expected, what to do.
    """

    level: Level
    where: str
    text: str


@dataclass(frozen=True)
class Report:
    """What one rule found.

    Attributes:
        rule: its name.
        summary: what was looked at, in one sentence; true where there are no findings.
        findings: what to mend.
        details: figures for programs.
        seconds: how long it took.
    """

    rule: str
    summary: str
    findings: tuple[Finding, ...] = ()
    details: Mapping[str, Any] = field(default_factory=dict)
    seconds: float = 0.0

    @property
    def failed(self) -> bool:
        """Whether there is an error among the findings."""
        return any(finding.level is Level.ERROR for finding in self.findings)
