"""Groups: whose work an entry is, where several hand in together.

Three places tell. Gradescope's list of submissions names everybody of a submission. Moodle, where students hand in as
groups, calls a folder by the group and its number, which is no participant's. Elsewhere the work of a group lies under the
name of one of them, and only the roster's column `group` knows the others.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from autograder.inbox.entry import Entry, Member
from autograder.inbox.layouts import layouts
from autograder.inbox.people import Person
from autograder.text import folded, words_of

# What Moodle calls the group of those who are in none, as its language packs have it.
NO_GROUP = frozenset(
    map(folded, ("Default group", "Standardgruppe", "Groupe par défaut", "Grupo por defecto", "Grupo predeterminado"))
)


@dataclass(frozen=True, slots=True)
class Work:
    """Whose an entry is.

    Attributes:
        entry: what was handed in.
        student: the one under whom it is kept; None if the roster has nobody.
        members: the others, in order.
        group: what the group is called, "" where nobody tells.
    """

    entry: Entry
    student: Person | None
    members: tuple[Person, ...] = ()
    group: str = ""


def together(
    entries: Sequence[Entry], found: Mapping[str, Person], people: Sequence[Person], layout: str, by_roster: bool = True
) -> tuple[list[Work], list[str]]:
    """Whose each entry is, and a sentence for whatever about groups somebody should know.

    Args:
        entries: of an inbox.
        found: the students by the keys of entries, as `match` found them.
        people: everybody on the roster.
        layout: the inbox's.
        by_roster: whether the roster's groups hand in together, where the layout does not tell.
    """
    groups = _groups(people)
    works, sentences = [], []
    for entry in entries:
        work, sentence = _work(entry, found, groups, people, layout)
        works.append(work)
        sentences += [sentence] if sentence else []
    if by_roster and not any(one.tells_groups for one in layouts().values() if one.name == layout):
        works, said = _shared(works, groups)
        sentences += said
    return works, sentences


def _groups(people: Iterable[Person]) -> dict[str, list[Person]]:
    """The students of each group; who is in several, as a list of participants writes it, is in each."""
    groups: dict[str, list[Person]] = defaultdict(list)
    for student in people:
        for name in {folded(student.group), *map(folded, student.group.split(", "))} - {""}:
            groups[name].append(student)
    return groups


def _work(
    entry: Entry, found: Mapping[str, Person], groups: Mapping[str, list[Person]], people: Sequence[Person], layout: str
) -> tuple[Work, str]:
    """Whose an entry is as its layout tells, and what is to be said of it."""
    if entry.members:
        several = [found.get(member.key) or _unlisted(member) for member in entry.members]
        first, *others = dict.fromkeys(several)
        return Work(entry, first, tuple(others), _common(several)), ""
    student, name = found.get(entry.student), entry.name or entry.student
    if student is not None and words_of(name) & words_of(student.name):
        return Work(entry, student), ""
    if several := _called(name, groups, people):
        return Work(entry, several[0], tuple(several[1:]), name), ""
    if layout != "moodle" or not entry.name:
        return Work(entry, student), ""
    if folded(name) in NO_GROUP:
        return Work(entry, None, (), name), _unknown(entry, "the roster does not say who is in no group")
    if student is not None and student.name:
        sentence = f"{student.id} has the number {entry.student} but another name, {student.name}: the number may be a group's"
        return Work(entry, None, (), name), _unknown(entry, sentence)
    return Work(entry, student), ""


def _unlisted(member: Member) -> Person:
    return Person(member.key, member.name, member.email)


def _called(name: str, groups: Mapping[str, list[Person]], people: Sequence[Person]) -> list[Person]:
    """The students of the group of this name."""
    if several := groups.get(folded(name)):
        return several
    if folded(name) in NO_GROUP and groups:
        return [student for student in people if not student.group]
    alike = [group for group in groups if _plain(group) == _plain(name)]  # a file's name cannot have every sign
    return groups[alike[0]] if len(alike) == 1 and _plain(name) else []


def _plain(name: str) -> str:
    return "".join(filter(str.isalnum, folded(name)))


def _common(several: Iterable[Person]) -> str:
    names = {student.group for student in several}
    return names.pop() if len(names) == 1 else ""


def _unknown(entry: Entry, why: str) -> str:
    way = "Use a roster with a `group` column, such as Moodle's grading worksheet"
    return f"{entry.origin}: no student matches: {why}. {way}."


def _shared(works: Sequence[Work], groups: Mapping[str, Sequence[Person]]) -> tuple[list[Work], list[str]]:
    """Give the work of one to everybody of the group, unless two of it handed in: then each keeps their own."""
    owners: dict[str, dict[str, None]] = defaultdict(dict)
    for work in works:
        if work.student is not None and not work.members and len(groups.get(folded(work.student.group), ())) > 1:
            owners[folded(work.student.group)][work.student.id] = None
    alone = {work.student.id for work in works if work.student}
    apart = {name: list(ids) for name, ids in owners.items() if len(ids) > 1}
    if len(apart) > len(owners) - len(apart):
        return list(works), [
            f"in {len(apart)} of the {len(owners)} groups of the roster, several students handed in work: everybody keeps "
            "their own, and no work is shared."
        ]
    found = []
    for work in works:
        name = folded(work.student.group) if work.student else ""
        if work.student is None or work.members or name not in owners or name in apart:
            found.append(work)
            continue
        others = tuple(student for student in groups[name] if student.id not in alone)  # who is in two has their own
        found.append(Work(work.entry, work.student, others, work.student.group))
    return found, [
        f"{groups[name][0].group}: {', '.join(ids)} handed in separately; each keeps their own." for name, ids in apart.items()
    ]
