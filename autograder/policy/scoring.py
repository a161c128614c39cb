"""From what the grader found to what counts: pure, and itemised so that a student can follow it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from types import MappingProxyType

from autograder.policy.course import Course, Late, Rules
from autograder.policy.lateness import count, stamp

NONE: Mapping[str, Sequence[Override]] = MappingProxyType({})


@dataclass(frozen=True)
class CheckScore:
    """What the grader found for one check; `score` is None where it could not judge, or where a person has to (`by_hand`).

    The points of a `stretch` check are bonus points.
    """

    name: str
    score: float | None
    max_score: float
    by_hand: bool = False
    stretch: bool = False

    def __post_init__(self) -> None:
        if not 0 < self.max_score < math.inf:
            raise ValueError(f"`max_score` of a check must be positive. Received: {self.name!r} with {self.max_score!r}")
        if self.score is not None and not 0 <= self.score < math.inf:
            raise ValueError(f"`score` of a check must be None or not negative. Received: {self.name!r} with {self.score!r}")


@dataclass(frozen=True)
class Attempt:
    """One submission as it was graded.

    Attributes:
        checks: what the grader found.
        submitted: when it was handed in, with a time zone; None if nobody knows.
        marked_late: whether it carries a late mark, None where nobody sets one; asked only where `submitted` cannot be.
        name: the caller's, to find it again.
        seen: when it was there at the latest, with a time zone; asked only where nothing else is known.
        handed_in: False for the nothing of somebody who handed nothing in, and has points by hand.
    """

    checks: tuple[CheckScore, ...]
    submitted: datetime | None = None
    marked_late: bool | None = None
    name: str = ""
    seen: datetime | None = None
    handed_in: bool = True

    def __post_init__(self) -> None:
        for name, moment in (("submitted", self.submitted), ("seen", self.seen)):
            if moment is not None and moment.utcoffset() is None:
                raise ValueError(f"`{name}` must have a time zone. Received: {moment!r}")

    @property
    def core(self) -> tuple[CheckScore, ...]:
        """The checks whose points are no bonus."""
        return tuple(check for check in self.checks if not check.stretch)

    @property
    def score(self) -> float:
        """The grader's points, of the core checks that it could judge."""
        return math.fsum(check.score for check in self.core if check.score is not None)

    @property
    def max_score(self) -> float:
        """The points of the core checks that it could judge."""
        return math.fsum(check.max_score for check in self.core if check.score is not None)

    @property
    def most(self) -> float:
        """The points of all core checks."""
        return math.fsum(check.max_score for check in self.core)


@dataclass(frozen=True)
class Override:
    """What somebody decided by hand, for one check or for the total.

    Attributes:
        points: what counts instead; None for a comment alone. They may be more than the maximum.
        comment: why.
        by, at: who said so and when, with a time zone.
        check: the check; "" for the total.
        excused: whether the student need not have the mark: it does not count in the total of the term.
    """

    points: float | None
    comment: str
    by: str
    at: datetime
    check: str = ""
    excused: bool = False

    def __post_init__(self) -> None:
        if self.points is not None and not 0 <= self.points < math.inf:
            raise ValueError(f"`points` by hand must be None or not negative. Received: {self.points!r}")
        if self.at.utcoffset() is None:
            raise ValueError(f"`at` of an override must have a time zone. Received: {self.at!r}")

    def sentence(self, before: float | None, unknown: str = "not judged") -> str:
        """What it does: "manual points for `f`: 8 -> 10 (ada, 2026-10-20 14:00 CEST): …"."""
        what = "excused" if self.excused else "comment" if self.points is None else "manual points"
        where = f" for `{self.check}`" if self.check and self.points is not None else f" on `{self.check}`" if self.check else ""
        change = "" if self.points is None else f": {unknown if before is None else number(before)} -> {number(self.points)}"
        return f"{what}{where}{change} ({self.by}, {stamp(self.at)}){f': {self.comment}' if self.comment else ''}"


@dataclass(frozen=True)
class Item:
    """One thing that stands between the grader's points and what counts, and what it changes of score and maximum.

    `settled` are points that the grader did not know and that need not be known any more.
    """

    sentence: str
    points: float = 0.0
    maximum: float = 0.0
    settled: float = 0.0


@dataclass(frozen=True)
class Final:
    """What counts for one assignment.

    Attributes:
        attempt: the one that counts, as the grader left it.
        items: all that was done to it, in order; the changes add up.
        days_late: None if nobody knows; days begun after the due date and the grace.
        tokens: how many of these a token paid for.
        accepted: whether it was in time to count at all.
        open: the bonus points that may still count, of checks that could not be judged yet.
    """

    attempt: Attempt
    items: tuple[Item, ...] = ()
    days_late: int | None = 0
    tokens: int = 0
    accepted: bool = True
    open: float = 0.0

    @property
    def raw(self) -> float | None:
        """The grader's points; None where there was a check that it could not judge: a part is not the whole."""
        return None if any(check.score is None for check in self.attempt.core) else round(self.attempt.score, 4)

    @property
    def mark(self) -> float | None:
        """The points that count; None as long as a part of them is not known."""
        return None if self.unknown or self.open else self.adjusted

    @property
    def most(self) -> float:
        """The points that could be had without extra credit, with those that are not known yet."""
        return round(self.maximum + self.unknown, 4)

    @property
    def adjusted(self) -> float:
        """The points that count, as far as they are known."""
        return round(math.fsum([self.attempt.score, *(item.points for item in self.items)]), 4) + 0.0  # no -0.0

    @property
    def maximum(self) -> float:
        """The points that could be had without extra credit, as far as what became of them is known."""
        return round(math.fsum([self.attempt.max_score, *(item.maximum for item in self.items)]), 4) + 0.0

    @property
    def unknown(self) -> float:
        """The points of the checks that the grader could not judge, and that nobody has given by hand."""
        return round(max(0.0, sum(check.max_score for check in self.attempt.core if check.score is None) - self._given), 4)

    @property
    def _given(self) -> float:
        """The part of that which a drop, extra credit or somebody by hand has settled."""
        return sum(item.settled for item in self.items)

    @property
    def sentences(self) -> tuple[str, ...]:
        """All that was done, for people."""
        return tuple(item.sentence for item in self.items)


def finals(
    course: Course,
    student: str,
    work: Mapping[str, Sequence[Attempt]],
    overrides: Mapping[str, Sequence[Override]] = NONE,
) -> dict[str, Final]:
    """What counts for each assignment of one student, in the order of the due dates, in which tokens are used.

    Args:
        course: the policies.
        student: the name under which extensions are found.
        work: the attempts of each assignment, at least one.
        overrides: what was decided by hand, by assignment.
    """
    rules = {name: course.rules(name, student) for name in work}
    found: dict[str, Final] = {}
    left = course.late.tokens
    for name in sorted(work, key=lambda name: (_due(rules[name]), name)):
        found[name] = score(work[name], rules[name], tokens=left, overrides=overrides.get(name, ()))
        left -= found[name].tokens
    return found


def score(attempts: Sequence[Attempt], rules: Rules, *, tokens: int = 0, overrides: Sequence[Override] = ()) -> Final:
    """What counts for one assignment of one student.

    Args:
        attempts: at least one. If a time is not known, they are in the order in which they came in.
        rules: of the assignment, with the student's extension.
        tokens: how many the student has left; no more are used than `rules.late` lets.
        overrides: what was decided by hand, in any order. They do not decide which attempt counts.

    Raises:
        ValueError: there is no attempt.
    """
    if not attempts:
        raise ValueError("an assignment is scored from at least one attempt. Received: none. Give checks without points")
    times = [attempt.submitted.astimezone(UTC) for attempt in attempts if attempt.submitted]
    known = len(times) == len(attempts)
    ordered = [attempts[index] for index in sorted(range(len(times)), key=times.__getitem__)] if known else attempts
    tried = [_final(attempt, rules, tokens, ()) for attempt in ordered]
    best = _chosen(tried, rules)
    history = sorted(overrides, key=lambda override: override.at.astimezone(UTC))
    final = _final(ordered[best], rules, tokens, [override for override in history if override.check])
    items = list(final.items)
    if rules.extended and rules.due:
        items.insert(0, Item(f"due {stamp(rules.due)}, extended"))
    if len(ordered) > 1:
        items.insert(0, Item(f"attempt {best + 1} of {len(ordered)} counts: the {_why(rules, tried)}"))
    final = replace(final, items=tuple(items))
    for override in history:
        if not override.check:
            change = 0.0 if override.points is None else override.points - final.adjusted
            settled = 0.0 if override.points is None else final.unknown
            item = Item(override.sentence(final.mark), change, settled, settled)
            final = replace(final, items=(*final.items, item), open=0.0 if override.points is not None else final.open)
    return final


def number(value: float) -> str:
    """Points for people: "8", "7.25"."""
    return f"{round(value, 4):.10g}"


def _due(rules: Rules) -> datetime:
    return rules.due.astimezone(UTC) if rules.due else datetime.max.replace(tzinfo=UTC)


def _chosen(finals: Sequence[Final], rules: Rules) -> int:
    """Which attempt counts; among equals, the one that uses fewest tokens, then the earliest.

    The best is the best share of what could be had. A check that the grader could not judge counts nothing here: what is not
    known makes no attempt better than another.
    """
    if rules.attempts == "last":
        return max(range(len(finals)), key=lambda index: (finals[index].accepted, index))

    def worth(index: int) -> tuple[float, float, int, int]:
        final = finals[index]
        most = final.maximum + final.unknown
        return (final.adjusted / most if most else 0.0, final.adjusted, -final.tokens, -index)

    return max(range(len(finals)), key=worth)


def _why(rules: Rules, finals: Sequence[Final]) -> str:
    if rules.attempts == "last":
        return "last" if finals[-1].accepted or not any(final.accepted for final in finals) else "last that was accepted"
    return "best"


def _final(attempt: Attempt, rules: Rules, tokens: int, overrides: Sequence[Override]) -> Final:
    """What an attempt is worth, before the total is changed by hand."""
    final = _with_bonus(Final(attempt, tuple(_counted(attempt, rules, overrides))), rules, overrides)
    if not attempt.handed_in:
        return replace(final, items=(Item("nothing was graded: only manual points count"), *final.items), days_late=None)
    late = rules.lateness(attempt.submitted, attempt.marked_late, attempt.seen)
    if not late.known:
        return replace(final, items=(*final.items, Item(late.sentence)), days_late=None)
    if not late.accepted:  # also what could not be judged
        item = Item(f"{late.sentence}: counts 0", -final.adjusted, final.unknown, final.unknown)
        return replace(final, items=(*final.items, item), days_late=late.days, accepted=False, open=0.0)
    if not late.days:
        return replace(final, items=(*final.items, Item(late.sentence))) if late.sentence else final
    earned, maximum = final.adjusted, final.most

    def penalty(tokens: int) -> float:
        return rules.late.penalty(late.days - tokens, earned, maximum)

    used = min(range(min(tokens, rules.late.tokens, late.days) + 1), key=penalty)  # the fewest that save most
    item = Item(": ".join([late.sentence, *_price(rules.late, late.days, used, earned, maximum)]), -penalty(used))
    return replace(final, items=(*final.items, item), days_late=late.days, tokens=used)


def _price(late: Late, days: int, used: int, earned: float, maximum: float) -> Iterator[str]:
    """What the days cost, in tokens and points; nothing where days cost nothing."""
    unpaid = days - used
    off = late.penalty(unpaid, earned, maximum)
    parts = [f"{count(used, 'token')} used"] if used else []
    if unpaid and late.per_day:
        each = f"{count(unpaid, 'day')} at {number(late.per_day)} % of {number(maximum)}"
        stop = f", but not below {number(late.floor / 100 * maximum)}" if off < unpaid * late.per_day / 100 * maximum else ""
        parts.append(f"{count(number(off), 'point')} off ({each}{stop})")
    if parts:
        yield ", ".join(parts)


def _counted(attempt: Attempt, rules: Rules, overrides: Sequence[Override]) -> Iterator[Item]:
    """What becomes of each core check before lateness, and of extra credit."""
    for check in attempt.checks:
        if check.stretch and check.name not in rules.extra:
            continue
        counts, raises = check.score, check.max_score  # what it counts, and what it would add to the maximum
        dropped = check.name in rules.drop
        if dropped:
            unknown = raises if counts is None else 0.0
            yield Item(f"`{check.name}` was dropped for all", -(counts or 0.0), unknown - raises, unknown)
        elif check.name in rules.extra:
            worth, raises = rules.extra[check.name] or check.max_score, 0.0
            counts = None if check.score is None else check.score * worth / check.max_score
            said = (
                ("not yet marked" if check.by_hand else "could not be judged")
                if counts is None
                else f"{number(counts)} of {number(worth)} points"
            )
            lowered = 0.0 if check.score is None or check.stretch else -check.max_score
            unknown = check.max_score if check.score is None and not check.stretch else 0.0
            before = 0.0 if check.stretch else check.score or 0.0
            yield Item(f"`{check.name}` is extra credit: {said}", (counts or 0.0) - before, lowered, unknown)
        elif counts is None:
            of = count(number(check.max_score), "point")
            if not check.by_hand:
                yield Item(f"`{check.name}` could not be judged: its {of} are not known yet")
            elif not any(override.check == check.name and override.points is not None for override in overrides):
                yield Item(f"`{check.name}` is not yet marked: its {of} are not known yet")
        for override in overrides:
            if override.check != check.name:
                continue
            sentence = override.sentence(counts, "not marked" if check.by_hand else "not judged")
            if override.points is None:
                yield Item(sentence)
            elif dropped:
                yield Item(f"{sentence}; no effect, it was dropped for all")
            else:
                unknown = raises if counts is None else 0.0
                yield Item(sentence, override.points - (counts or 0.0), unknown, unknown)
                counts = override.points
    names = {check.name for check in attempt.checks}
    for override in overrides:
        if override.check not in names:
            yield Item(f"{override.sentence(None)}; no effect, there is no such check")


def _with_bonus(final: Final, rules: Rules, overrides: Sequence[Override]) -> Final:
    """With the bonus points of stretch checks, as far as the policy lets them count."""
    items, earned, waiting = list[Item](), 0.0, 0.0
    for check in final.attempt.checks:
        if not check.stretch or check.name in rules.extra:
            continue
        counts, changes = check.score, [override for override in overrides if override.check == check.name]
        if check.name in rules.drop:
            items.append(Item(f"`{check.name}` was dropped for all"))
            items += [Item(f"{one.sentence(counts)}; no effect, it was dropped for all") for one in changes]
            continue
        for override in changes:
            items.append(Item(override.sentence(counts, "not marked" if check.by_hand else "not judged")))
            counts = counts if override.points is None else override.points
        if counts is None:
            of, state = (
                count(number(check.max_score), "bonus point"),
                "is not yet marked" if check.by_hand else "could not be judged",
            )
            items.append(Item(f"`{check.name}` {state}: its {of} are not known yet"))
            waiting += check.max_score
        earned += counts or 0.0
    room = math.inf if rules.bonus == "add" else max(0.0, final.maximum - final.adjusted) if rules.bonus == "cap" else 0.0
    used = min(earned, room)
    if earned:
        why = ", they are only shown" if rules.bonus == "ignore" else f", since the mark is at most {number(final.maximum)}"
        sentence = f"bonus: {number(used)} of {count(number(earned), 'point')} count{why if used < earned else ''}"
        items.append(Item(sentence, used))
    return replace(final, items=(*final.items, *items), open=round(min(waiting, room - used if room < math.inf else waiting), 4))
