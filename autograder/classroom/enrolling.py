"""Enrolling: whose each work of an inbox is, by a roster or by what the gradebook knows, and how it comes into the gradebook.

Nothing is passed over in silence: what is not clear, and who is missing, is told beside the works.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import tzinfo
from pathlib import Path

from autograder.classroom.gradebook import Gradebook, HandIn
from autograder.grading.digests import digest_of_files
from autograder.inbox import Entry, Inbox, Work, each_once, match, settled, together
from autograder.inbox.layouts import layouts
from autograder.inbox.people import Person
from autograder.inbox.respelt import REMEDY, respelt
from autograder.inbox.written import read as moment_in
from autograder.submission import SubmissionError
from autograder.submission.asking import Asked
from autograder.submission.responses import Response
from autograder.text import folded, printable, shown, words_of


@dataclass(frozen=True)
class Told:
    """Something to be told about some students: what, and whom it is about; a sentence where it is about nobody."""

    what: str
    names: tuple[str, ...] = ()


def enrolled(
    gradebook: Gradebook, inbox: Inbox, roster: Sequence[Person], *, by_roster: bool, zone: tzinfo | None
) -> tuple[list[Work], list[Told]]:
    """Take a roster in; whose each entry is, who is not on the roster, who handed in nothing, who left, who is in a group.

    Args:
        gradebook: where people are kept.
        inbox: what was handed in.
        roster: who is in the class now.
        by_roster: whether the roster's groups hand in together, where the download does not tell.
        zone: the course's, in which a worksheet writes its times; None where nobody says.
    """
    matched = match(inbox.entries, roster)
    names, gone = taken_in(gradebook, roster, {folded(entry.student) for entry in matched.unknown})
    people = gradebook.people()
    listed = {person.id for person in roster}
    others = match(matched.unknown, [_as_on_a_roster(person) for person in people if person.id not in listed]).students
    works, told = _together(inbox, {**others, **matched.students}, roster, by_roster)
    united = _united(gradebook, works, roster)
    there = {person.id for work in works for person in (work.student, *work.members) if person}
    unknown = [work.student.id if work.student else work.entry.student for work in works]
    left = {person.id for person in people if person.left}
    absent = [person.id for person in roster if person.id not in there]
    found = [
        Told("another id on this roster for the same person", tuple(names)),
        Told("merged into one student, because of the roster", tuple(united)),
        Told("left the class, so not counted", tuple(key for key in gone if key in left)),
        Told(
            "on an earlier roster but not on this one; too many to have left, so they still count",
            tuple(key for key in gone if key not in left),
        ),
        Told("not on the roster", tuple(dict.fromkeys(key for key in unknown if key not in listed | left))),
        Told("no submission", tuple(absent)),
    ]
    found = [one for one in found if one.names]
    if changed := respelt((key for key in unknown if key not in listed | left), absent):
        found += [Told("ids that a spreadsheet may have changed", tuple(changed)), Told(f"{REMEDY}.")]
    elif works and not there & listed:
        found.append(Told(_of_another_class(roster)))
    return works, [*told[0], *found, *_groups_in(works), *told[1], *_times(works, zone)]


def _of_another_class(roster: Sequence[Person]) -> str:
    """What is said where not one submission belongs to somebody on the roster: most likely, a column was not understood."""
    nameless = "" if any(person.name for person in roster) else "No column of names was found in it: call one `name`. "
    return (
        "nobody who handed in is on this roster: is it the one of this class? "
        f"{nameless}If its ids are in another column, name that with --column, and rerun."
    )


def taken_in(gradebook: Gradebook, roster: Sequence[Person], in_use: Collection[str] = ()) -> tuple[list[str], list[str]]:
    """Take a roster in: who has another id on it, in words, and the ids of those whom it does not name any more.

    Args:
        gradebook: where people are kept.
        roster: who is in the class now.
        in_use: ids under which work lies, which nobody else gets.
    """
    renamed = renamed_on(gradebook.people(), roster, in_use)
    gradebook.enrol(person for person in roster if person.id in renamed.values())
    names = [f"{old} is {new}" for old, new in renamed.items() if gradebook.unite(old, new, renamed=True)]
    return names, gradebook.enrol(roster, whole=True)


def known(gradebook: Gradebook, inbox: Inbox, assignment: str, *, by_roster: bool) -> tuple[list[Work], list[Told]]:
    """Whose each entry is, as an earlier roster told: whoever leaves the roster out gets no second class."""
    people = [_as_on_a_roster(person) for person in gradebook.people()]
    by_key = {person.id: person for person in people}
    before = {origin: by_key[student] for origin, student in gradebook.origins(assignment).items() if student in by_key}
    found = {entry.student: before[entry.origin] for entry in inbox.entries if entry.origin in before}
    works, told = _together(inbox, found | match(inbox.entries, people).students, people, by_roster)
    return works, [*told[0], *_groups_in(works), *told[1]]


def handed_in(
    work: Work, layout: str, inbox: Path, zone: tzinfo | None, put: Callable[[Mapping[str, str]], Mapping[str, str]] = dict
) -> HandIn:
    """A work of an inbox, read, or why it cannot be; under the student's id where the roster knows whose it is.

    Args:
        work: whose it is, and where it lies.
        layout: of the inbox.
        inbox: where the teacher keeps the class, which no sentence tells.
        zone: the course's.
        put: puts the texts of the files where they are kept until they are graded, such as `Spool.put`.
    """
    entry, student = work.entry, work.student
    files: Mapping[str, str] | None = None
    digest = ""
    notices: tuple[str, ...] = ()
    asked: tuple[Asked, ...] = ()
    responses: tuple[Response, ...] = ()
    unreadable = ""
    try:
        submission = entry.read()
        files, digest = put(submission.files), digest_of_files(dict(submission.files))
        notices, asked = submission.notices, submission.asked
        responses = submission.responses
    except SubmissionError as error:
        unreadable = _without(inbox, str(error))
    return HandIn(
        student=student.id if student else entry.student,
        number=entry.attempt,
        name=entry.members[0].name if entry.members else entry.name,
        email=entry.email,
        late=entry.late,
        marks_late=layouts()[layout].marks_late,
        submitted=_submitted(entry, student, zone),
        group=work.group,
        members=tuple(Person(one.id, one.name, one.email) for one in work.members),
        origin=entry.origin,
        files=files,
        digest=digest,
        unreadable=unreadable,
        notices=(*notices, *entry.notices),
        asked=tuple((one.check, one.text) for one in asked),
        responses=responses,
    )


def _submitted(entry: Entry, student: Person | None, zone: tzinfo | None) -> str:
    """When it was handed in, as the layout tells, or the worksheet that is the roster; "" where nobody does."""
    moment = entry.submitted
    if moment is None and student is not None and zone is not None:
        moment = moment_in(student.submitted, zone)
    return moment.isoformat() if moment else ""


def _without(inbox: Path, sentence: str) -> str:
    """A sentence that the student is told too: where the teacher keeps the class is not in it."""
    where = shown(inbox)
    if inbox.name and sentence.startswith(f"{where} "):
        return inbox.name + sentence.removeprefix(where)
    return sentence.removeprefix(f"{where}{os.sep}")


def _together(
    inbox: Inbox, found: Mapping[str, Person], people: Sequence[Person], by_roster: bool
) -> tuple[list[Work], tuple[list[Told], list[Told]]]:
    """Whose each entry is, each attempt of a student once; what is doubtful about works, and about groups."""
    one_each = settled(inbox.entries, {key: person.id for key, person in found.items()})
    works, about_groups = together(one_each.entries, found, people, inbox.layout, by_roster)
    works, taken = _under_no_ones_id(works, people)
    works, doubtful = each_once(works)
    return works, ([Told(f"look: {one}") for one in (*one_each.told, *taken, *doubtful)], [Told(one) for one in about_groups])


def _under_no_ones_id(works: Sequence[Work], people: Sequence[Person]) -> tuple[list[Work], list[str]]:
    """Keep work of which nobody knows whose it is apart from the student whose id its number happens to be; and say so."""
    ids = {folded(person.id): person.id for person in people}
    found, told = [], []
    for work in works:
        entry, owner = work.entry, ids.get(folded(work.entry.student))
        if work.student is not None or owner is None:
            found.append(work)
            continue
        found.append(replace(work, entry=replace(entry, student=printable(entry.origin))))
        apart = f"{shown(owner)} is also a student's id, so this work is kept apart"
        told.append(f"{shown(entry.origin)}: no student matches. {apart}.")
    return found, told


def _as_on_a_roster(person: Person) -> Person:
    """Somebody in the gradebook as a roster would have them; a name by which work can be theirs only a roster gives."""
    rosters = person.enrolled or person.section or person.canvas_id or person.moodle_id
    return person if rosters else replace(person, name="")


def renamed_on(people: Sequence[Person], roster: Sequence[Person], in_use: Collection[str] = ()) -> dict[str, str]:
    """The new id of each who has another on this roster: with the same address, login or Canvas id, and a name in common.

    Whose work still lies under the old id is called by both, and whoever chose another column may choose the first again.
    """
    now, before = {person.id for person in roster}, {person.id for person in people if person.enrolled}

    def owners(of: Sequence[Person]) -> dict[str, tuple[Person, ...]]:
        found: dict[str, tuple[Person, ...]] = {}
        for person in of:
            for key in map(folded, filter(None, (person.email, person.login, person.canvas_id))):
                if person not in (there := found.get(key, ())):
                    found[key] = (*there, person)
        return found

    earlier, later = owners(people), owners(roster)
    pairs = {
        (old.id, new.id)
        for key in earlier.keys() & later.keys()
        for old in earlier[key]
        for new in later[key]
        if len(earlier[key]) == len(later[key]) == 1 and words_of(old.name) & words_of(new.name)
        if old.enrolled and old.id not in now and new.id not in before and folded(old.id) not in in_use
    }
    twice = Counter(key for pair in pairs for key in pair)
    return {old: new for old, new in sorted(pairs) if twice[old] == twice[new] == 1}


def _united(gradebook: Gradebook, works: Sequence[Work], roster: Sequence[Person]) -> list[str]:
    """Make one person of whoever was graded under another key before the roster told who it is; whom, in words."""
    known = {person.id: words_of(person.name) for person in gradebook.people() if not person.enrolled}
    keys = [(work.entry.student, work.student.id, work.entry.name) for work in works if work.student]
    keys += [
        (key, student.id, student.name) for student in roster for key in (student.canvas_id, student.moodle_id, student.email)
    ]
    owners: dict[str, set[str]] = {}
    for key, student, name in keys:
        # A group's number may be a participant's as well: then the names are of two.
        if key and key != student and key in known and (not known[key] or not name or known[key] & words_of(name)):
            owners.setdefault(key, set()).add(student)
    return [
        f"{key} is {next(iter(whose))}"
        for key, whose in owners.items()
        if len(whose) == 1 and gradebook.unite(key, next(iter(whose)))
    ]


def _groups_in(works: Sequence[Work]) -> Iterator[Told]:
    """Who handed in together."""
    groups = [work for work in works if work.members and work.student]
    if groups:
        names = dict.fromkeys(  # a group may have several attempts
            f"{f'{work.group}: ' if work.group else ''}{' + '.join(one.id for one in (work.student, *work.members) if one)}"
            for work in groups
        )
        yield Told(f"{len(names)} group{'s' * (len(names) != 1)}", tuple(names))


def _times(works: Sequence[Work], zone: tzinfo | None) -> Iterator[Told]:
    """Which times of a worksheet cannot be used, and why."""
    written = [(work.student.id, work.student.submitted) for work in works if work.student and not work.entry.submitted]
    written = [(key, text) for key, text in written if any(map(str.isdigit, text))]
    if written and zone is None:
        yield Told("the roster has submission times but no time zone: name the course file with --course")
    elif zone is not None:
        unread = tuple(f"{key} ({text})" for key, text in written if moment_in(text, zone) is None)
        if unread:
            yield Told("unreadable submission times in the roster, so lateness is unknown", unread)
