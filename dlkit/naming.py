"""Naming a mistake that a class made: its wrong answers and a sentence, kept beside the solutions."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from pathlib import Path

from autograder.assignment import Assignment, load, solutions_folder
from autograder.classroom.gradebook import Gradebook
from autograder.classroom.marks import marks
from autograder.classroom.mistakes import Mistake, MistakeError, groups, met_as, to_name, with_source
from autograder.grading.met import MET, Met, met_in, packed
from autograder.grading.references import References, keeping_folder, misconceptions_in
from autograder.policy import Course
from dlkit.writing import write_file

ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
LONGEST_ID, LONGEST = 80, 1000  # characters of an id, and of a sentence


@dataclass(frozen=True)
class Named:
    """A mistake that has a name now.

    Attributes:
        met: as it is kept.
        students: who makes it.
        before: the id of what explained their answers so far, "" for nothing.
        file: where it is kept, in the folder of the solutions.
    """

    met: Met
    students: tuple[str, ...]
    before: str
    file: str = MET


def name_mistake(
    book: Gradebook,
    folder: Path,
    student: str,
    check: str,
    name: str,
    sentence: str,
    *,
    extend: bool = False,
    keep_source: bool = False,
) -> Named:
    """Keep the wrong answers of a student to a check under a name.

    Args:
        book: the gradebook.
        folder: of the assignment.
        student: somebody who makes the mistake.
        check: which they fail.
        name: a new id, or with `extend` one that the class gave.
        sentence: what students read; may be empty with `extend`.
        extend: add these answers to a mistake, or change its sentence.
        keep_source: keep the function, too.

    Raises:
        DlkitError: it cannot be named; nothing is written.
        OSError: the file cannot be written.
    """
    spec = load(folder)
    solutions = solutions_folder(folder, spec.name)
    if not solutions.is_dir():
        raise MistakeError(f"a name is kept in solutions/{spec.name}, which is not here")
    known = met_in(solutions)
    _refuse_id(name, {*known, *misconceptions_in(solutions)}, {*known}, extend)
    mistake = to_name(book, spec.name, student, check)
    seed = book.seed(spec.name)
    found = met_as(mistake, spec, seed, name, sentence)
    if keep_source:
        found = _with_source(found, mistake, book.texts(mistake.row.files or ""), spec, folder, seed)
    together = groups(book, spec.name, marks(book, Course(), spec.name), 1, check).groups
    who = next((one.students for one in together if student in one.students), (student,))
    if extend:
        old = known[name]
        if old.check != check:
            raise MistakeError(f"{name} is about {old.check!r}. Received: --check {check}")
        (seen,) = found.seen
        more = () if old.explains(mistake.wrong, {case: of for case, (of, _) in seen.items()}) else found.seen
        found = replace(old, seen=(*old.seen, *more), feedback=sentence or old.feedback, source=found.source or old.source)
    write_file(solutions / MET, packed((known | {name: found}).values()))
    return Named(found, who, mistake.check.misconception or "")


def refuse_words(name: str, sentence: str, extend: bool = False) -> None:
    """Refuse an id or a sentence that is none.

    Raises:
        MistakeError: it says why.
    """
    if not ID.fullmatch(name) or len(name) > LONGEST_ID:
        raise MistakeError(f"an id has small letters, digits and single hyphens, {LONGEST_ID} at most. Received: {name!r}")
    if not sentence and not extend:
        raise MistakeError("the sentence for students is missing. Add it in quotes, as the last argument. Received: nothing")
    if len(sentence) > LONGEST:
        raise MistakeError(f"a sentence has at most {LONGEST} characters. Received: {len(sentence)}")


def among(ours: Collection[str]) -> str:
    """The names that the class has given."""
    return f" There are: {', '.join(sorted(ours))}." if ours else " There are none yet."


def _refuse_id(name: str, known: Collection[str], ours: Collection[str], extend: bool) -> None:
    """Refuse an id that is taken, or is not there to be extended."""
    if extend and name not in ours:
        raise MistakeError(f"--extend needs an id that the class has named.{among(ours)} Received: {name}")
    if name in known and not extend:
        more = ". To add these answers to it, use --extend" if name in ours else ""
        raise MistakeError(f"{name} is known already. Choose another id{more}")


def _with_source(found: Met, mistake: Mistake, texts: dict[str, str], spec: Assignment, folder: Path, seed: int) -> Met:
    """The mistake with the function that makes it, tried in a worker."""
    from autograder.grading.bench import HANDLER
    from autograder.sandbox.workers import source

    with (
        source(HANDLER) as workers,
        References(spec, solutions_folder(folder, spec.name), keeping_folder(), workers) as references,
    ):
        return with_source(found, mistake, texts.get(spec.files[0], ""), references, seed)
