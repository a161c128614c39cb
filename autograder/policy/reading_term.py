"""The table `[term]` of `course.toml` → `Term`."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from fractions import Fraction
from functools import partial
from itertools import pairwise
from typing import Any

from autograder.policy import converting
from autograder.policy.term import ALL, PERCENT, Group, Missing, Other, Term, shown
from autograder.policy.toml import Table, dotted, instead
from autograder.text import shown as in_line


def read_term(root: Table, assignments: Collection[str]) -> Term:
    """How the total is made.

    Args:
        root: the whole course.toml.
        assignments: the names that it may speak of; empty where they are not known.
    """
    table, document = root.table("term"), root.document
    before = len(document.problems)
    missing: Missing | None = table.get("missing", converting.missing, None)
    term = Term(
        weights=_numbers(table.table("weights"), most=100),
        extra=_numbers(table.table("extra"), most=100),
        groups={name: _group(one) for name, one in table.table("groups").tables().items()},
        others={name: _other(one) for name, one in table.table("other").tables().items()},
        letters=_numbers(table.table("letters"), most=1000),
        missing=missing or "zero",
        drop_lowest=table.get("drop_lowest", converting.whole, 0),
        cap=table.get("cap", converting.hundredths, None),
        decimals=table.get("decimals", converting.places, 2),
        own=_own(root),
    )
    table.close()
    if len(document.problems) == before:
        for keys, sentence in _mistakes(term, root, assignments):
            root.refuse(sentence, *keys)
    return term


def _numbers(table: Table, most: float) -> dict[str, Fraction]:
    read = partial(converting.exact, most=most, expected=f"a percentage, a number from 0 to {most:g}")
    return {name: table.get(name, read, Fraction()) for name in table.data}


def _group(table: Table) -> Group:
    group = Group(
        marks=table.get("marks", converting.marks, ()),
        drop_lowest=table.get("drop_lowest", converting.whole, 0),
        cap=table.get("cap", converting.hundredths, None),
        missing=table.get("missing", converting.missing, None),
    )
    if "marks" not in table.data:
        table.refuse('is missing; expected a list of assignments or other marks, such as ["hw1", "hw2"].', "marks")
    elif group.marks and group.drop_lowest >= len(group.marks):
        there = f"{len(group.marks)}, the number of its marks"
        table.refuse(f"must be less than {there}. Received: {group.drop_lowest}.", "drop_lowest")
    table.close()
    return group


def _other(table: Table) -> Other:
    other = Other(
        file=table.get("file", converting.text, ""),
        mark=table.get("mark", converting.text, ""),
        student=table.get("student", converting.text, ""),
        maximum=table.get("max", converting.positive, PERCENT),
        weight=table.get("weight", converting.exact, Fraction(1)),
        missing=table.get("missing", converting.missing, None),
    )
    if "max" not in table.data:
        table.refuse("is missing; expected the points that can be had, such as 60.", "max")
    if other.file and "mark" not in table.data:
        table.refuse('is missing; expected the title of the column with the marks, such as "Points".', "mark")
    table.close()
    return other


def _own(root: Table) -> dict[str, Fraction]:
    """The weights of assignments; what is wrong with them is said where they are read."""
    tables = root.data.get("assignments")
    found = {}
    for name, table in tables.items() if isinstance(tables, Mapping) else ():
        try:
            found[name] = converting.exact(table["weight"])
        except (KeyError, TypeError, ValueError):
            continue
    return found


def _mistakes(term: Term, root: Table, assignments: Collection[str]) -> Iterator[tuple[tuple[str, ...], str]]:
    """What does not fit together: the key, and how the sentence goes on."""
    if term.weights and (whole := sum(term.weights.values())) != PERCENT:
        parts = " + ".join(f"{in_line(name)} {shown(weight)}" for name, weight in term.weights.items())
        yield ("term", "weights"), f"must add up to 100 percent. Received: {parts} = {shown(Fraction(whole))}."
    if term.weights and term.drop_lowest:
        yield ("term", "drop_lowest"), "has no effect beside `term.weights`. Put it into a table of `term.groups`."
    yield from _unknown(term, root, assignments)
    yield from _twice(term)
    for kind, names in (("groups", term.groups), ("other", term.others)):
        for name in names:
            if name in assignments or name == ALL or (kind == "groups" and name in term.others):
                yield ("term", kind, name), "has the name of another thing. Choose another name."
            elif name not in (*term.weights, *term.extra) and (kind == "groups" or name not in term.names):
                yield ("term", kind, name), "counts nowhere. Name it in `term.weights` or `term.extra`."
    for name in term.weights.keys() & term.own.keys():
        yield (
            ("assignments", name, "weight"),
            f"has no effect beside `{dotted(('term', 'weights', name))}`. Remove one of the two.",
        )
    yield from _letters(term)


def _unknown(term: Term, root: Table, assignments: Collection[str]) -> Iterator[tuple[tuple[str, ...], str]]:
    """Names that are nothing's."""
    known: list[str] = [*assignments, *term.others]
    places: list[tuple[tuple[str, ...], str, bool]] = [
        (("term", "groups", name, "marks"), mark, False) for name, group in term.groups.items() for mark in group.marks
    ]
    places += [(("term", key), name, True) for key in ("weights", "extra") for name in getattr(term, key)]
    places += [(("students", name, "excused"), mark, False) for name, marks in excuses(root).items() for mark in marks]
    for keys, name, top in places:
        if (top and name in term.groups) or name in term.others or (name in assignments or not assignments):
            continue
        what = "an assignment, a group or another mark" if top else "an assignment or another mark"
        names = [*known, *(term.groups if top else ())]
        yield keys, f"names `{in_line(name)}`, which is not {what}.{instead(name, names)}"


def excuses(root: Table) -> dict[str, tuple[str, ...]]:
    """What each student is excused from; what is wrong with it is said where it is read."""
    found: dict[str, tuple[str, ...]] = {}
    students: Any = root.data.get("students")
    for name, table in students.items() if isinstance(students, Mapping) else ():
        try:
            found[name] = converting.marks(table["excused"])
        except (KeyError, TypeError, ValueError):
            continue
    return found


def _twice(term: Term) -> Iterator[tuple[tuple[str, ...], str]]:
    """What would count more than once."""
    seen: dict[str, tuple[str, ...]] = {}
    for key in ("weights", "extra"):
        for part in getattr(term, key):
            group = term.groups.get(part)
            for name in [part, *(group.marks if group else ())]:
                keys = ("term", key, part) if name == part else ("term", "groups", part, "marks")
                if (first := seen.setdefault(name, keys)) != keys:
                    yield keys, f"counts `{in_line(name)}` a second time, after `{dotted(first)}`. Remove one of the two."


def _letters(term: Term) -> Iterator[tuple[tuple[str, ...], str]]:
    """Cut-offs that do not go down to 0."""
    letters = list(term.letters.items())
    for (better, high), (worse, low) in pairwise(letters):
        if low >= high:
            received = f"{in_line(worse)} {shown(low)} after {in_line(better)} {shown(high)}"
            yield ("term", "letters", worse), f"must be lower than the letter before it. Received: {received}."
    if letters and letters[-1][1]:
        name, low = letters[-1]
        yield ("term", "letters", name), f"must start at 0: it is the last letter. Received: {shown(low)}."
