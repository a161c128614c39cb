"""Doubles: two works of one student are attempts if their times tell so, and otherwise a question to the teacher."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from autograder.inbox.entry import Entry, failing
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
        if len(names) == 1 and len({entry.attempt for entry in own}) == len(own):
            found += own
            continue
        origins = " and ".join(shown(entry.origin) for entry in own)
        moments = {entry.submitted for entry in own}
        if None not in moments and len(moments) == len(own):
            ordered = sorted(own, key=lambda entry: str(entry.submitted and entry.submitted.timestamp()).rjust(24))
            found += [replace(entry, student=names[0], attempt=number) for number, entry in enumerate(ordered, 1)]
            told.append(f"{origins} are of one student; they are attempts in the order of their times.")
        else:
            found.append(_one_of(own, names[0]))
            told.append(f"{origins} are of one student, and no times tell which is the last.")
    return Settled(tuple(_shared(found)), tuple(told))


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
        take=partial(_take, own),
    )


def _take(own: Sequence[Entry]) -> Submission:
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
        raise _two(own[0].student, own[0].attempt, [entry for entry, _ in read])
    others = [f"{shown(other.origin)} (cannot be graded: {error})" for other, error in refused]
    others += [f"{shown(other.origin)} (the same files)" for other, _ in read[1:]]
    notice = f"{shown(entry.origin)} was graded, one of several works of this student: not {', '.join(others)}"
    return replace(submission, notices=(*submission.notices, notice))


def _shared(entries: Sequence[Entry]) -> list[Entry]:
    """Nobody is in two groups, or in one and on their own: neither work is graded until that is settled."""
    claims: dict[tuple[str, int], list[Entry]] = defaultdict(list)
    for entry in entries:
        for student in {folded(key): key for key in (entry.student, *entry.group)}.values():
            claims[folded(student), entry.attempt].append(entry)
    found = []
    for entry in entries:
        keys = {folded(key): key for key in (entry.student, *entry.group)}
        twice = next((key for key in keys if len(claims[key, entry.attempt]) > 1), None)
        if twice is not None:
            entry = replace(entry, take=failing(_two(keys[twice], entry.attempt, claims[twice, entry.attempt])))
        found.append(entry)
    return found


def _two(student: str, attempt: int, own: Sequence[Entry]) -> SubmissionError:
    return refusal(
        f"there are two submissions of {shown(student)} (attempt {attempt}), and neither was graded",
        expected="each attempt of a student once",
        received=" and ".join(shown(entry.origin) for entry in own),
        remedy="Keep the one that counts, rename or remove the other, and run the same command again",
    )
