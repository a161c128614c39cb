"""The term: from all marks of a student to one total, which is exact until it is rounded once. Each line says why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from autograder.policy.lateness import count

Missing = Literal["zero", "left out"]
State = Literal["marked", "missing", "excused", "not yet", "unknown"]
PERCENT = Fraction(100)
WORDS: Mapping[str, str] = {
    "missing": "missing",
    "excused": "excused",
    "dropped": "dropped",
    "not yet": "not yet",
    "unknown": "not known yet",
}
ALL = "assignments"  # the one part of a total that has no weights


@dataclass(frozen=True)
class Group:
    """Several marks that count as one.

    Attributes:
        marks: the names of assignments and of other marks.
        drop_lowest: how many of the lowest do not count.
        cap: percent; the group counts no more.
        missing: what a missing mark counts; None for what the term says.
    """

    marks: tuple[str, ...]
    drop_lowest: int = 0
    cap: Fraction | None = None
    missing: Missing | None = None


@dataclass(frozen=True)
class Other:
    """Marks that dlkit did not make, such as those of an exam, in a CSV file.

    Attributes:
        file: where, seen from the folder of the course.toml; "" as long as there is none.
        mark: the title of its column with the marks.
        student: the title of its column with the ids; "" where it is found like that of a roster.
        maximum: the points that can be had.
        weight: among the marks of its group.
        missing: as for a group.
    """

    file: str = ""
    mark: str = ""
    student: str = ""
    maximum: Fraction = PERCENT
    weight: Fraction = Fraction(1)
    missing: Missing | None = None


@dataclass(frozen=True)
class Term:
    """How the total of a term is made of marks.

    Attributes:
        weights: percent of the total, by assignment, group or other mark; empty where every assignment counts by its own weight.
        extra: percent that full marks add on top.
        groups, others: by name.
        letters: from how many percent on each is given, the best first.
        missing: what a missing mark counts.
        drop_lowest: how many of the lowest assignments do not count, where there are no weights.
        cap: percent; no total is more.
        decimals: of the total, which is rounded half up.
        own: the weight of each assignment among those of its group, where it is not 1.
    """

    weights: Mapping[str, Fraction] = field(default_factory=dict)
    extra: Mapping[str, Fraction] = field(default_factory=dict)
    groups: Mapping[str, Group] = field(default_factory=dict)
    others: Mapping[str, Other] = field(default_factory=dict)
    letters: Mapping[str, Fraction] = field(default_factory=dict)
    missing: Missing = "zero"
    drop_lowest: int = 0
    cap: Fraction | None = None
    decimals: int = 2
    own: Mapping[str, Fraction] = field(default_factory=dict)

    def over(self, assignments: Iterable[str]) -> Term:
        """The same term with weights: where it has none, these assignments are one group."""
        if self.weights:
            return self
        extra = set(self.names)
        group = Group(tuple(name for name in assignments if name not in extra), self.drop_lowest)
        return replace(self, weights={ALL: PERCENT}, groups={**self.groups, ALL: group}, drop_lowest=0)

    @property
    def names(self) -> tuple[str, ...]:
        """Every mark that counts, in the order of the file."""
        parts = [*self.weights, *self.extra]
        return tuple(mark for part in parts for mark in (self.groups[part].marks if part in self.groups else (part,)))


@dataclass(frozen=True)
class Score:
    """What a student has of one mark.

    Attributes:
        state: "not yet" is left out for now; "unknown" is one for which the total has to wait.
        points, most: of one that is marked.
        why: in a few words, where there is something to say.
    """

    state: State
    points: Fraction = Fraction()
    most: Fraction = PERCENT
    why: str = ""


@dataclass(frozen=True)
class Line:
    """One thing that a total is made of: a mark or a group.

    Attributes:
        share: percent; None where it does not count, or is not known.
        weight: percent of the total; in a group, its weight among the others.
        why: how the share came about, or why there is none.
        state: as of a `Score`, or "dropped".
        lines: of a group, its marks.
        capped: whether the share was more than the group may count.
        extra: whether it is added on top.
    """

    name: str
    share: Fraction | None
    weight: Fraction
    why: str
    state: State | Literal["dropped"] = "marked"
    lines: tuple[Line, ...] = ()
    capped: bool = False
    extra: bool = False

    @property
    def counts(self) -> bool:
        """Whether it is part of what is added up."""
        return self.share is not None and self.state != "dropped"


@dataclass(frozen=True)
class Total:
    """The total of one student.

    Attributes:
        lines: its parts, then the extra ones.
        percent: rounded; None as long as there is none.
        letter: by the rounded total; "" where the course has no letters, or there is no total.
        better: the next better letter, "" for the best.
        short: how many percent are short of that.
        steps: how the total came about of its parts, a sentence each; or why there is none.
        capped: whether it was more than a total may be.
    """

    lines: tuple[Line, ...]
    percent: Decimal | None
    letter: str = ""
    better: str = ""
    short: Decimal = Decimal()
    steps: tuple[str, ...] = ()
    capped: bool = False

    @property
    def notes(self) -> tuple[str, ...]:
        """What is to be known in short: what is missing, excused, dropped, capped or not known yet."""
        every = [line for part in self.lines for line in (part.lines or (part,)) if not (part.extra and line.state == "missing")]
        found = {word: [line.name for line in every if line.state == state] for state, word in WORDS.items()}
        found["capped"] = [*(line.name for line in self.lines if line.capped), *(["total"] if self.capped else [])]
        return tuple(f"{word}: {', '.join(names)}" for word, names in found.items() if names)


def total(term: Term, scores: Mapping[str, Score]) -> Total:
    """The total of one student.

    What is left out gives its weight to the others. Extra marks add their share of percent on top, and nothing where they are
    missing.

    Args:
        term: with weights; see `Term.over`.
        scores: by name; what is not there is left out for now.
    """
    parts = [_part(term, name, weight, scores) for name, weight in term.weights.items()]
    extra = [replace(_part(term, name, weight, scores), extra=True) for name, weight in term.extra.items()]
    lines = (*parts, *extra)
    if open_ := [line.name for line in lines if line.state == "unknown"]:
        return Total(lines, None, steps=(f"there is no total before {' and '.join(open_)} {_is(open_)} known",))
    counting = [part for part in parts if part.counts]
    if (base := _mean(counting)) is None:
        return Total(lines, None, steps=("there is no total: nothing counts yet",))
    steps = [f"{_sum(counting)} = {shown(base)}"] if len(counting) > 1 or extra else []
    if gone := [part for part in parts if not part.counts]:
        steps.insert(0, f"left out: {', '.join(part.name for part in gone)}; the rest counts for all of the total")
    exact = base
    for line in extra:
        if line.share is not None:
            exact += line.weight * line.share / PERCENT
            steps.append(f"{line.name} adds {shown(line.weight)} × {shown(line.share)} / 100: {shown(exact)}")
    if capped := term.cap is not None and exact > term.cap:
        steps.append(f"capped at {shown(term.cap)}: it was {shown(exact)}")
        exact = term.cap
    percent = rounded(exact, term.decimals)
    if percent != exact:
        steps.append(f"rounded half up to {percent}, once, at the end")
    letter, better, short = _letter(term.letters, percent)
    if letter:
        steps.append(f"{letter} starts at {shown(term.letters[letter])}{f'; {better} is {short} away' if better else ''}")
    return Total(lines, percent, letter, better, short, tuple(steps), capped)


def rounded(value: Fraction, decimals: int) -> Decimal:
    """A number of so many decimals, half up.

    >>> rounded(Fraction(1, 8), 2), rounded(Fraction(200, 3), 1)
    (Decimal('0.13'), Decimal('66.7'))
    """
    scaled = (value * 10**decimals * 2 + 1) // 2
    return Decimal(int(scaled)).scaleb(-decimals)


def shown(value: Fraction) -> str:
    """A number for people, to four decimals: "8", "66.6667"."""
    text = f"{rounded(value, 4):f}"
    return text.rstrip("0").rstrip(".")


def _part(term: Term, name: str, weight: Fraction, scores: Mapping[str, Score]) -> Line:
    """A part of a total: a group, or a single mark."""
    group = term.groups.get(name)
    missing = (group.missing if group else None) or term.missing
    marks = [_line(term, mark, missing, scores) for mark in (group.marks if group else (name,))]
    if group is None:
        return replace(marks[0], weight=weight)
    if any(line.state == "unknown" for line in marks):
        return Line(name, None, weight, "not known yet", "unknown", tuple(marks))
    lines = _dropped(marks, group.drop_lowest)
    counting = [line for line in lines if line.counts]
    share = _mean(counting)
    if share is None:
        return Line(name, None, weight, "nothing in it counts", "not yet", tuple(lines))
    why = f"{_sum(counting)} = {shown(share)} %" if len(counting) > 1 else f"{shown(share)} %"
    if capped := group.cap is not None and share > group.cap:
        share, why = group.cap, f"{why}, capped at {shown(group.cap)} %"
    return Line(name, share, weight, why, lines=tuple(lines), capped=capped)


def _line(term: Term, name: str, missing: Missing, scores: Mapping[str, Score]) -> Line:
    """A single mark."""
    other = term.others.get(name)
    missing = (other.missing if other else None) or missing
    weight = other.weight if other else term.own.get(name, Fraction(1))
    score = scores.get(name, Score("not yet", why="nothing is marked yet"))
    if score.state == "marked":
        share = score.points / score.most * PERCENT
        why = f"{shown(score.points)} of {shown(score.most)} points = {shown(share)} %"
        return Line(name, share, weight, f"{why} ({score.why})" if score.why else why)
    if score.state == "missing" and missing == "zero":
        return Line(name, Fraction(), weight, f"{score.why}: counts 0", "missing")
    end = "" if score.state == "unknown" else ": left out"
    return Line(name, None, weight, f"{score.why}{end}", score.state)


def _dropped(lines: Sequence[Line], most: int) -> Sequence[Line]:
    """The marks of a group, of which the lowest are dropped; of equals the one that weighs most. One always stays."""
    counting = [line for line in lines if line.counts and line.weight]
    number = min(most, len(counting) - 1)
    if number <= 0:
        return lines
    lowest = sorted(counting, key=lambda line: (line.share, -line.weight))[:number]
    said = "the lowest" if number == 1 else f"one of the {number} lowest"
    return [
        replace(line, why=f"{line.why}; dropped: {said} of {count(len(counting), 'mark')}", state="dropped")
        if any(line is one for one in lowest)
        else line
        for line in lines
    ]


def _mean(lines: Sequence[Line]) -> Fraction | None:
    """The weighted mean; None where nothing weighs anything."""
    weights = sum((line.weight for line in lines), Fraction())
    return sum((line.weight * (line.share or 0) for line in lines), Fraction()) / weights if weights else None


def _sum(lines: Sequence[Line]) -> str:
    """A weighted mean as it is computed; weights are left out where all are the same."""
    shares = [shown(line.share or Fraction()) for line in lines]
    if len({line.weight for line in lines}) == 1:
        return f"({' + '.join(shares)}) / {len(lines)}"
    terms = [f"{shown(line.weight)} × {share}" for line, share in zip(lines, shares, strict=True)]
    return f"({' + '.join(terms)}) / {shown(sum((line.weight for line in lines), Fraction()))}"


def _letter(letters: Mapping[str, Fraction], percent: Decimal) -> tuple[str, str, Decimal]:
    """The letter of a total, the next better one, and how much is short of it."""
    better, cut = "", Fraction()
    for letter, start in letters.items():
        if start <= Fraction(percent):
            short = Fraction(cut) - Fraction(percent) if better else Fraction()
            return letter, better, Decimal(shown(short))
        better, cut = letter, start
    return "", "", Decimal()


def _is(names: Sequence[str]) -> str:
    return "is" if len(names) == 1 else "are"
