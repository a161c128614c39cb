"""Totals: the marks of all assignments of a term, and those that dlkit did not make, as one total for each student."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path

from autograder.classroom.gradebook import Gradebook
from autograder.classroom.marks import Mark, all_marks, together
from autograder.inbox.marksheet import Given, MarksheetError, read_marks
from autograder.inbox.people import Person
from autograder.policy import Course, Rules, Score, Term, Total, total
from autograder.policy.lateness import stamp
from autograder.policy.term import shown


@dataclass(frozen=True)
class Standing:
    """Where a student stands in the term.

    Attributes:
        marks: by assignment.
        scores: by the name of each mark that counts in the total, as far as there is something to say.
    """

    person: Person
    marks: Mapping[str, Mark]
    scores: Mapping[str, Score]
    total: Total


@dataclass(frozen=True)
class Standings:
    """Where a class stands in the term.

    Attributes:
        term: how the totals are made.
        students: by id; who left the class comes last, and only with work.
        notices: what is to be known of the totals of all.
    """

    term: Term
    students: tuple[Standing, ...]
    notices: tuple[str, ...]

    @property
    def there(self) -> list[Standing]:
        """Those who have not left the class."""
        return [one for one in self.students if not one.person.left]


def standings(
    gradebook: Gradebook, course: Course, folder: Path, now: datetime, marks: Mapping[str, Sequence[Mark]] | None = None
) -> Standings:
    """Where each student stands.

    Args:
        gradebook: with all assignments.
        course: the policies, and how the total is made.
        folder: where the files of other marks are, seen from here.
        now: what is not due yet is not missing yet.
        marks: everybody's by assignment, where they are known already.

    Raises:
        MarksheetError: a file of other marks does not fit.
    """
    marks = all_marks(gradebook, course) if marks is None else marks
    people = gradebook.people()
    term = course.term.over(marks)
    others = _others(term, people, folder)
    by_student = together(marks)
    found = []
    for person in people:
        theirs = by_student.get(person.id, {})
        if person.left and not theirs and not any(person.id in given for given in others.values()):
            continue
        scores = {name: _score(theirs.get(name), course.rules(name, person.id), now) for name in term.names if marks.get(name)}
        excused = course.excused.get(person.id, ())
        for name, given in others.items():
            scores[name] = _given(given.get(person.id), term.others[name].maximum, name in excused)
        found.append(Standing(person, theirs, scores, total(term, scores)))
    found.sort(key=lambda one: bool(one.person.left))
    return Standings(term, tuple(found), tuple(_notices(term, marks, others)))


def near(standings: Standings, within: Fraction) -> list[Standing]:
    """Those who are so little short of the next better letter, the nearest first."""
    close = [one for one in standings.there if one.total.better and Fraction(one.total.short) <= within]
    return sorted(close, key=lambda one: (one.total.short, one.person.id))


def _others(term: Term, people: Sequence[Person], folder: Path) -> dict[str, dict[str, Given]]:
    """What the files say, by the name of the mark."""
    found, problems = {}, list[str]()
    for name, other in term.others.items():
        try:
            if other.file:
                found[name] = read_marks(folder / other.file, people, other.mark, other.student, other.maximum)
        except MarksheetError as error:
            problems += [f"`term.other.{name}`: {line}" for line in str(error).splitlines()]
    if problems:
        raise MarksheetError("\n".join(problems))
    return found


def _score(mark: Mark | None, rules: Rules, now: datetime) -> Score:
    """What a student has of an assignment that somebody has handed in."""
    if mark is None:
        return Score("missing", why="no submission")
    if mark.excused:
        return Score("excused", why=mark.excused)
    if mark.final is None:
        early = rules.due is not None and now.astimezone(UTC) <= rules.due.astimezone(UTC)
        if mark.row is None and early and rules.due:
            return Score("not yet", why=f"due {stamp(rules.due)}")
        return Score("unknown" if mark.row else "missing", why=mark.why)
    final = mark.final
    if final.mark is None:
        return Score("unknown", why="a check could not be judged: grade again, or set its points with `dlkit adjust`")
    if not final.most:
        return Score("not yet", why="no points can be had")
    return Score("marked", _exact(final.mark), _exact(final.most), "; ".join(mark.sentences))


def _given(given: Given | None, most: Fraction, excused: bool) -> Score:
    """What a student has of a mark that a file gives."""
    if excused or (given and given.excused):
        return Score("excused", why="excused in course.toml" if excused else "excused in the file")
    if given and given.open:
        return Score("unknown", why=f"the file says `{given.open}`: mark it there, and export again")
    if given is None or given.points is None:
        return Score("missing", why="no mark in the file")
    return Score("marked", given.points, most)


def _exact(points: float) -> Fraction:
    """Points as they are shown: their decimal digits, and not the nearest binary number."""
    return Fraction(repr(round(points, 4)))


def _notices(term: Term, marks: Mapping[str, object], others: Mapping[str, Mapping[str, Given]]) -> Iterator[str]:
    waiting = [name for name in term.names if name not in others and not marks.get(name)]
    if waiting:
        yield f"these totals are not final: {', '.join(waiting)} left out, because nothing is marked there yet"
    if unused := [name for name in marks if name not in term.names]:
        yield f"{', '.join(unused)} {'does' if len(unused) == 1 else 'do'} not count: `term` in course.toml names it nowhere"
    for name, given in others.items():
        most = term.others[name].maximum
        if high := [key for key, one in given.items() if one.points is not None and one.points > most]:
            yield f"{name}: more than the maximum of {shown(most)} points for {', '.join(sorted(high))}"
