"""Doubles: two works of one student are attempts if their times tell so, and otherwise a question to the teacher."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from functools import partial

from autograder.inbox.entry import Entry
from autograder.inbox.groups import Work
from autograder.inbox.people import Person
from autograder.submission import Submission
from autograder.submission.source import SubmissionError, refusal
from autograder.text import folded, shown


@dataclass(frozen=True)
class Settled:
    """The attempts of a class, each number once for each student, and a sentence for each student who had two works."""

    entries: tuple[Entry, ...]
    told: tuple[str, ...] = ()


def settled(entries: Iterable[Entry], students: Mapping[str, str] | None = None) -> Settled:
    """Make one attempt of each number of those that students have.

    Works of one student under several names become attempts if all have times. Otherwise one that can be read, or that
    says the same as the others, is taken; and if two could be meant, neither is: both are named in the refusal.
    What several handed in is left as it is: whose it is has to be known first (see `each_once`).

    Args:
        entries: what was found.
        students: whose each key is, by the roster; None where a key is all that is known.
    """
    works: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        works[folded((students or {}).get(entry.student, entry.student))].append(entry)
    found: list[Entry] = []
    told: list[str] = []
    for own in works.values():
        names = list(dict.fromkeys(entry.student for entry in own))
        if _in_order(own) or any(entry.group for entry in own):
            found += own
            continue
        origins = " and ".join(shown(entry.origin) for entry in own)
        if _timed(own):
            ordered = sorted(own, key=_time)
            found += [replace(entry, student=names[0], attempt=number) for number, entry in enumerate(ordered, 1)]
            told.append(f"{origins} belong to one student; they count as attempts in order of time.")
        else:
            found.append(_one_of(own, names[0]))
            told.append(f"{origins} belong to one student, and no times show which is the last.")
    return Settled(tuple(found), tuple(told))


def each_once(works: Sequence[Work]) -> tuple[list[Work], list[str]]:
    """Works of which nobody has two as the same attempt, and a sentence for each student of whom times put two in order.

    Who is in two groups, or in one and on their own, has attempts in the order of their times. Where no times tell, neither
    work counts for that student, who has an entry that says so; the others of both groups keep theirs.
    """
    theirs: dict[str, list[Work]] = defaultdict(list)
    students: dict[str, Person] = {}
    for work in works:
        for student in _everybody(work):
            theirs[folded(student.id)].append(work)
            students.setdefault(folded(student.id), student)
    twice = {key: own for key, own in theirs.items() if not _in_order([work.entry for work in own])}
    timed = {key: own for key, own in twice.items() if _timed([work.entry for work in own])}
    told = [f"{_named(own)} belong to {students[key].id}; they count as attempts in order of time." for key, own in timed.items()]
    numbers = _numbers(works, timed)
    found = [
        replace(left, entry=replace(left.entry, attempt=numbers.get(at, left.entry.attempt)))
        for at, work in enumerate(works)
        if (left := _without(work, twice.keys() - timed.keys()))
    ]
    found += [_undecided(students[key], own) for key, own in twice.items() if key not in timed]
    return sorted(found, key=lambda work: work.entry.attempt) if twice else found, told


def _everybody(work: Work) -> tuple[Person, ...]:
    first = work.student or Person(work.entry.student, work.entry.name, work.entry.email)
    return (first, *work.members)


def _in_order(own: Sequence[Entry]) -> bool:
    """Whether a student's works are the attempts of one folder or account, each number once."""
    return len({entry.student for entry in own}) == 1 and len({entry.attempt for entry in own}) == len(own)


def _timed(own: Sequence[Entry]) -> bool:
    """Whether times tell in which order works were handed in."""
    return None not in (moments := {entry.submitted for entry in own}) and len(moments) == len(own)


def _time(entry: Entry) -> float:
    return entry.submitted.timestamp() if entry.submitted else 0.0


def _numbers(works: Sequence[Work], timed: Mapping[str, Sequence[Work]]) -> dict[int, int]:
    """The number of each work, by its place, that is of somebody whose works times put in order: after all that are earlier."""
    last: dict[str, int] = defaultdict(int)
    numbers = {}
    for at, work in sorted(enumerate(works), key=lambda each: _time(each[1].entry)):
        everybody = [folded(student.id) for student in _everybody(work)]
        if not timed.keys().isdisjoint(everybody):
            numbers[at] = max(work.entry.attempt, *(last[key] + 1 for key in everybody))
            last.update(dict.fromkeys(everybody, numbers[at]))
    return numbers


def _without(work: Work, keys: Set[str]) -> Work | None:
    """A work of which some have no part; None if nobody else has."""
    stay = [student for student in _everybody(work) if folded(student.id) not in keys]
    if len(stay) == len(_everybody(work)):
        return work
    if not stay:
        return None
    return Work(_as_of(work.entry, stay[0]), stay[0], tuple(stay[1:]), work.group)


def _as_of(entry: Entry, student: Person) -> Entry:
    return replace(entry, student=student.id, name=student.name, email=student.email, group=(), members=())


def _undecided(student: Person, own: Sequence[Work]) -> Work:
    """The entry of a student who is in several works, of which none is known to be the last."""
    entries = [_as_of(work.entry, student) for work in own]
    way = "Remove the one that does not count, or take the student out of its group (the roster's column `group`, or Gradescope's"
    wrong = refusal(
        f"there are {_count(own)} submissions of {shown(student.id)} and others, and {_none(own)} counts for this student",
        expected="one, or times that show which is the last",
        received=_named(own),
        remedy=f"{way} submission_metadata.yml), and rerun the command",
    )
    return Work(replace(_one_of(entries, student.id), take=partial(_take, entries, wrong)), student)


def _named(works: Iterable[Work]) -> str:
    """Works by their origins, with everybody whose each is."""
    return " and ".join(f"{shown(work.entry.origin)} ({', '.join(one.id for one in _everybody(work))})" for work in works)


def _count(own: Sequence[object]) -> str:
    return "two" if len(own) == 2 else str(len(own))


def _none(own: Sequence[object]) -> str:
    return "neither" if len(own) == 2 else "none"


def _one_of(own: Sequence[Entry], student: str) -> Entry:
    group = tuple(dict.fromkeys(key for entry in own for key in entry.group))
    notices = tuple(notice for entry in own for notice in entry.notices)
    late = any(entry.late for entry in own)
    submitted = own[0].submitted if len({entry.submitted for entry in own}) == 1 else None
    first = min(entry.attempt for entry in own)
    return replace(
        own[0],
        student=student,
        attempt=first,
        late=late,
        submitted=submitted,
        group=group,
        notices=notices,
        take=partial(_take, own, _two(student, first, own)),
    )


def _take(own: Sequence[Entry], wrong: SubmissionError) -> Submission:
    """The only one that can be read, or one of several that say the same."""
    read: list[tuple[Entry, Submission]] = []
    refused: list[tuple[Entry, SubmissionError]] = []
    for entry in own:
        try:
            read.append((entry, entry.read()))
        except SubmissionError as error:
            refused.append((entry, error))
    if not read:
        raise refused[0][1]
    entry, submission = read[0]
    if any(dict(other.files) != dict(submission.files) for _, other in read):
        raise wrong
    others = [f"{shown(other.origin)} (cannot be graded: {error})" for other, error in refused]
    others += [f"{shown(other.origin)} (the same files)" for other, _ in read[1:]]
    notice = f"{shown(entry.origin)} was graded; this student also handed in {', '.join(others)}"
    return replace(submission, notices=(*submission.notices, notice))


def _two(student: str, attempt: int, own: Sequence[Entry]) -> SubmissionError:
    return refusal(
        f"there are {_count(own)} submissions of {shown(student)} (attempt {attempt}), and {_none(own)} was graded",
        expected="each attempt of a student once",
        received=" and ".join(shown(entry.origin) for entry in own),
        remedy="Keep the one that counts, rename or remove the other, and rerun the command",
    )
