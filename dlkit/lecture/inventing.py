"""Invented code with a mistake of the class: the author's change of the reference, or one made by machine that answers alike.

A mistake that the class named with `--keep-source` has a student's own function beside it. That is never shown: only a change
of the reference that gives the same answers is.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from autograder.assignment import SpecError
from autograder.checks.base import Case, Check
from autograder.classroom.gradebook import Gradebook
from autograder.classroom.mistakes import Mistake, mistakes_of
from autograder.grading.diagnosis.changes import SENTENCES, Changed, changed
from autograder.grading.grade import draw
from autograder.grading.met import Wrong, wrong_in
from autograder.grading.references import References
from autograder.grading.remembering import keys_of
from autograder.observation.answer import Answer, Ending
from dlkit.lecture.choosing import Common
from dlkit.lecture.excerpt import Excerpt, excerpt

PATIENCE = 30.0  # seconds that the search for one mistake may take
SLOWER = 10.0  # times as long as the reference, and a change is given up
LEAST = 0.5  # seconds that each may take


class NotInventedError(Exception):
    """There is no invented code with a mistake; the text says why."""


@dataclass(frozen=True)
class Invented:
    """Code that was made up, with a mistake of the class.

    Attributes:
        of: the mistake.
        check: in which it shows.
        files: the program, by file.
        excerpt: its function, beside the right one.
        sentence: what students read about the mistake.
        by_machine: nobody wrote this change: it was found because it gives the same answers.
    """

    of: Common
    check: Check
    files: Mapping[str, str]
    excerpt: Excerpt
    sentence: str
    by_machine: bool = False


class Inventor:
    """Makes code with the mistakes of a class.

    Args:
        book: the gradebook, which has the wrong answers.
        references: of the assignment; they stay open.
        seed: the class's.
    """

    def __init__(self, book: Gradebook, references: References, seed: int) -> None:
        self.book = book
        self.references = references
        self.assignment = references.assignment
        self.seed = seed
        self._keys = book.wrong(self.assignment.name)

    def invent(self, one: Common) -> Invented:
        """Code with a mistake.

        Raises:
            NotInventedError: there is none, or it cannot be found.
        """
        try:
            check = self.assignment.check(one.check)
        except KeyError:
            raise NotInventedError(f"the assignment has no check `{one.check}` any more") from None
        return self._by_author(one, check) or self._by_machine(one, check)

    def _by_author(self, one: Common, check: Check) -> Invented | None:
        """The author's change, where the mistake is one of those in `misconceptions.py`."""
        known = self.references.misconceptions.get(one.id)
        if known is None:
            return None
        try:
            source = known.put_into(self._source)
            found = excerpt(self._source, source, known.function)
        except (SpecError, SyntaxError) as error:
            raise NotInventedError(str(error)) from None
        return Invented(one, check, self._with(source), found, known.feedback)

    def _by_machine(self, one: Common, check: Check) -> Invented:
        """The first change of the reference that answers all cases as those students do."""
        mistake = self._mistake(one)
        cases = draw(self.assignment, check, self.seed)
        now = keys_of(self.assignment, {check.name: cases})
        if any(now.get((check.name, name)) != key for name, key in mistake.keys.items()):
            raise NotInventedError("the class was graded with another spec, seed or version; grade it again with --regrade")
        expected = self.references.expected(check, cases)
        until = time.monotonic() + PATIENCE
        for program in self._programs(one, check):
            if time.monotonic() > until:
                break
            files = self._with(program.source)
            if self._answers_so(files, check, cases, expected, mistake.wrong):
                found = excerpt(self._source, program.source, check.function, spelt=False)
                return Invented(one, check, files, found, self._sentence(one, program.kind), by_machine=True)
        raise NotInventedError("no change of the reference gives the same wrong answers")

    def _sentence(self, one: Common, kind: str) -> str:
        """What an instructor said of the mistake, or what dlkit says of changes of this kind."""
        met = self.references.met.get(one.id)
        return met.feedback if met is not None else SENTENCES[kind]

    def _programs(self, one: Common, check: Check) -> Iterator[Changed]:
        """The changes by kind, those of the kind that was diagnosed first."""
        found = changed(self._source, check.function)
        yield from sorted(found, key=lambda program: program.kind != one.id)

    def _answers_so(
        self,
        files: Mapping[str, str],
        check: Check,
        cases: Mapping[str, Case],
        expected: Mapping[str, Answer],
        wrong: Mapping[str, Wrong],
    ) -> bool:
        """Whether a program gives these wrong answers, and no other; most are told apart by one case."""
        telling = sorted(wrong, key=lambda name: wrong[name].ending is not Ending.RETURNED)
        answers: dict[str, Answer] = {}
        for name in [*telling, *(name for name in cases if name not in wrong)]:
            limit = max(LEAST, SLOWER * expected[name].seconds)
            answers[name] = self.references.ask(files, check, name, cases[name], limit)
            if name in wrong and not Wrong.of(answers[name]).alike(wrong[name]):
                return False
        return wrong_in(check, cases, answers, expected).keys() == wrong.keys()

    def _mistake(self, one: Common) -> Mistake:
        """The wrong answers behind a mistake, as the gradebook keeps them."""
        row = self.book.row(one.like)
        if row is not None:
            found, _ = mistakes_of(self.book, row, self._keys.get((row.student, row.number), {}), one.check)
            if found:
                return found[0]
        raise NotInventedError("its wrong answers are too large to be kept, or a limit stopped the code")

    @property
    def _source(self) -> str:
        return self.references.files[self.assignment.files[0]]

    def _with(self, source: str) -> dict[str, str]:
        return {**self.references.files, self.assignment.files[0]: source}
