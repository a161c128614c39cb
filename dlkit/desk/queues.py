"""Which submissions are read, and in which order: a queue is named by the address of a page. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from urllib.parse import urlencode

from autograder.classroom.gradebook.values import Review
from autograder.outcome import Outcome
from autograder.report.survey import Reason
from dlkit.desk.roll import Work

KINDS = {
    "look": "Needs a look",
    "mark": "To be marked",
    "random": "At random",
    "check": "One check",
    "same": "Same wrong answer",
    "mine": "Mine",
    "all": "All",
}
COUNTED = ("look", "mark", "mine", "all")  # of which a page says how many there are
DRAWN = 10  # submissions of a draw
RIGHT = (Outcome.PASSED, Outcome.TO_MARK, Outcome.NOT_STARTED, Outcome.SKIPPED)


@dataclass(frozen=True)
class Queue:
    """Which submissions, as an address says it.

    Attributes:
        kind: one of `KINDS`.
        check: of a queue about one check, or one wrong answer.
        like: of one wrong answer: the id of an attempt that gives it.
        draw: of a queue at random: another number draws others.
    """

    kind: str = "all"
    check: str = ""
    like: int = 0
    draw: int = 1

    @classmethod
    def of(cls, given: Mapping[str, str]) -> Queue:
        """The queue that the query of an address names; what it does not know is left out."""
        kind = given.get("queue", "")
        like, draw = (whole(given.get(name, "")) for name in ("like", "draw"))
        found = cls(kind if kind in KINDS else "all", given.get("check", "")[:200], like, draw or 1)
        return found if found.kind in ("check", "same") else replace(found, check="", like=0)

    @property
    def query(self) -> str:
        """The query of an address."""
        default = asdict(Queue())
        named = {("queue" if name == "kind" else name): value for name, value in asdict(self).items() if value != default[name]}
        return urlencode(named)

    def title(self) -> str:
        """What it is called."""
        return KINDS[self.kind] + (f": {self.check}" if self.check else "")

    def chosen(
        self, works: Sequence[Work], reviews: Mapping[int, Review], me: str, alike: Sequence[str] = (), hidden: bool = False
    ) -> list[Work]:
        """The submissions in their order.

        Args:
            works: all.
            reviews: who read which.
            me: who asks.
            alike: the students of one wrong answer.
            hidden: names are hidden, so the order must not tell them.
        """
        works = sorted(works, key=lambda work: mixed(work.attempt)) if hidden else list(works)
        if self.kind == "look":
            order = list(Reason)
            return sorted((work for work in works if work.looks), key=lambda work: order.index(work.looks[0].reason))
        if self.kind == "mark":
            return [work for work in works if work.mark.to_mark]
        if self.kind == "random":
            return sorted(works, key=lambda work: mixed(work.attempt, self.draw))[:DRAWN]
        if self.kind == "check":
            return [work for work in works if any(one.name == self.check and one.outcome not in RIGHT for one in work.checks)]
        if self.kind == "same":
            return [work for work in works if not set(alike).isdisjoint(work.students)]
        if self.kind == "mine":
            mine = [work for work in works if work.attempt in reviews and reviews[work.attempt].by == me]
            return sorted(mine, key=lambda work: not reviews[work.attempt].later)
        return works


def whole(text: str, otherwise: int = 0) -> int:
    """A number that a form or an address holds."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else otherwise


def mixed(attempt: int, draw: int = 0) -> str:
    """By which attempts stand in an order that tells nothing."""
    return hashlib.sha256(f"{draw}\n{attempt}".encode()).hexdigest()


def around(chosen: Sequence[Work], attempt: int, skip: frozenset[int]) -> tuple[int, int, int, int]:
    """The place of an attempt in its queue (from 1, 0 for none), and the attempts before it, after it and next to be read."""
    ids = [work.attempt for work in chosen]
    at = ids.index(attempt) if attempt in ids else -1
    before = ids[at - 1] if at > 0 else 0
    after = ids[at + 1] if at + 1 < len(ids) else 0
    waiting = [one for one in (*ids[at + 1 :], *ids[: max(at, 0)]) if one not in skip and one != attempt]
    return at + 1, before, after, next(iter(waiting), 0)
