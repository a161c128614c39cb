"""The term in a terminal: the totals of a class, how one came about, who is nearly a letter better, and all of one student."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

from autograder.outcome import total as sum_of
from autograder.policy.lateness import count
from autograder.policy.term import rounded, shown
from autograder.report.console import Rows, print_rows
from autograder.report.progress import known, moment

if TYPE_CHECKING:
    from autograder.classroom.gradebook import Row
    from autograder.classroom.totals import Standing, Standings
    from autograder.policy import Course, Term, Total


def print_totals(console: Console, found: Standings) -> None:
    """A table of totals, with the share of each part; below, how the class stands."""
    parts = [*found.term.weights, *found.term.extra]
    table = Rows("student", "name", numbers=(*parts, "total"))
    table.add_words(*(["letter"] if found.term.letters else []))
    table.add_words("notes", style="dim")
    for one in found.students:
        shares = ["-" if line.share is None else str(rounded(line.share, 2)) for line in one.total.lines]
        letter = [one.total.letter or "-"] if found.term.letters else []
        notes = (("left the class: not counted",) if one.person.left else ()) + one.total.notes
        table.add_row(one.person.id, one.person.name, *shares, percent(one.total), *letter, "; ".join(notes))
    print_rows(console, table)
    totals = [one.total.percent for one in found.there if one.total.percent is not None]
    left = len(found.students) - len(found.there)
    about = f"{count(len(found.there), 'student')}, {count(len(totals), 'total')}" + (f"; {left} left the class" if left else "")
    console.print(f"\n{about}." + (f" Median {statistics.median(totals):.{found.term.decimals}f}." if totals else ""))
    if found.term.letters and totals:
        counts = Counter(one.total.letter for one in found.there)
        console.print("   ".join(f"{letter}: {counts[letter]}" for letter in found.term.letters))


def print_why(console: Console, one: Standing, term: Term) -> None:
    """How a student's total came about."""
    title = ", ".join(filter(None, (one.person.id, one.person.name)))
    _line(console, Text(f"{title}: {_in_words(one.total)}", style="bold"))
    for line in explained(one.total, term):
        _line(console, f"  {line}")


def explained(total: Total, term: Term) -> list[str]:
    """How a total came about, a line each: its parts with their marks, then how they are added."""
    lines: list[str] = []
    for part in total.lines:
        weight = f"extra credit, at most {shown(part.weight)}" if part.extra else f"weight {shown(part.weight)}"
        lines.append(f"{part.name} ({weight}): {part.why}")
        group = term.groups.get(part.name)
        same = len({line.weight for line in part.lines}) <= 1
        lines += [f"  {line.name}{'' if same else f' (weight {shown(line.weight)})'}: {line.why}" for line in part.lines]
        dropped = sum(line.state == "dropped" for line in part.lines)
        if group and part.state == "marked" and dropped < group.drop_lowest:
            lines.append(f"  dropped {dropped} of the {group.drop_lowest} lowest: at least one mark stays")
    return [*lines, *(f"total: {step}" for step in total.steps)]


def print_near(console: Console, near: Sequence[Standing], within: str) -> None:
    """Those who are little short of a better letter."""
    if not near:
        console.print(f"No total is within {within} of the next letter.")
        return
    table = Rows("student", "name", numbers=["total"])
    table.add_words("letter", "next")
    table.add_numbers("short")
    for one in near:
        total = one.total
        table.add_row(one.person.id, one.person.name, percent(total), total.letter, total.better, f"{total.short:f}")
    print_rows(console, table)


def print_student(console: Console, one: Standing, rows: Sequence[Row], course: Course, term: Term) -> None:
    """All that is to be known of one student: each assignment with its attempts, late days, and the total."""
    person = one.person
    about = ", ".join(filter(None, (person.name, person.email, person.section and f"section {person.section}")))
    _line(console, Text(f"{person.id}{f', {about}' if about else ''}{' (left the class)' if person.left else ''}", style="bold"))
    for name, mark in one.marks.items():
        final = mark.final
        told = f"{known(final.mark)} of {known(final.most)}" if final else f"no mark: {mark.why}"
        _line(console, Text.assemble("\n", (name, "bold"), f"  {told}"))
        for row in (row for row in rows if row.assignment == name):
            grade = row.grade
            points = (None if grade.faults else grade.score, sum_of(check.max_score for check in grade.core)) if grade else None
            raw = " of ".join(map(known, points)) if points else row.unreadable or "not graded yet"
            raw += f", {grade.bonus:g} bonus" if grade and grade.bonus else ""
            counts = "; counts" if final and final.attempt.name == str(row.number) else ""
            when = f"handed in {moment(row.submitted)}" if row.submitted else "time unknown"
            _line(console, f"    attempt {row.number}: {when}, {raw}{counts}")
        for sentence in mark.sentences if final else ():
            _line(console, Text(f"    {sentence}", style="dim"))
    tokens = {name: mark.final.tokens for name, mark in one.marks.items() if mark.final and mark.final.tokens}
    if course.late.tokens:
        where = f" ({', '.join(f'{name}: {number}' for name, number in tokens.items())})" if tokens else ""
        console.print(f"\nLate days without penalty: {sum(tokens.values())} of {course.late.tokens} used{where}")
    console.print(Text.assemble("\n", ("total", "bold"), f"  {_in_words(one.total)}"))
    for line in explained(one.total, term):
        _line(console, f"    {line}")


def percent(total: Total) -> str:
    """A total as it is shown."""
    return "-" if total.percent is None else f"{total.percent:f}"


def _in_words(total: Total) -> str:
    return "no total" if total.percent is None else f"{percent(total)} %{f', {total.letter}' if total.letter else ''}"


def _line(console: Console, text: str | Text) -> None:
    """A line that a file or a pipe gets whole."""
    console.print(text, soft_wrap=not console.is_terminal)
