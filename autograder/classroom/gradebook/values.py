"""What goes into a gradebook and comes out of it, as frozen values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from autograder.inbox.people import Person
from autograder.outcome import Grade
from autograder.submission.responses import Response
from autograder.text.errors import DlkitError


class GradebookError(DlkitError):
    """The gradebook cannot be used as it is; the sentence says why and what to do."""


@dataclass(frozen=True)
class Adjustment:
    """Points (None for a comment alone) that somebody gives by hand for a check, or for the whole where it is "".

    Without points, an excuse and a comment, it takes back what was given before. A mark from which the student is excused does
    not count in the total of the term.
    """

    assignment: str
    student: str
    points: float | None
    comment: str
    by: str
    at: str
    check: str = ""
    excused: bool = False
    id: int = 0  # of its row, once it is written


@dataclass(frozen=True)
class Comment:
    """What somebody says about code; a reusable one stands in several places (`uses`)."""

    id: int
    text: str
    reusable: bool
    by: str
    at: str
    version: int
    uses: int = 0


@dataclass(frozen=True)
class Place:
    """A comment on a line of an attempt's file."""

    id: int
    attempt: int
    file: str
    line: int
    comment: Comment
    by: str

    @property
    def sentence(self) -> str:
        """It, and where it is, for people."""
        return f"comment on line {self.line} of {self.file} ({self.by}): {' '.join(self.comment.text.split())}"


@dataclass(frozen=True)
class Review:
    """Who read an attempt last, and whether they set it aside for later."""

    attempt: int
    by: str
    at: str
    later: bool


@dataclass(frozen=True)
class Request:
    """What a student asks to have looked at again.

    Attributes:
        check: which check it is about, "" for the whole.
        source: how it came in: "submit", "file" or "staff".
        state: "open", "granted" or "declined".
        by, decided, why: who decided, when, and the reason.
    """

    id: int
    assignment: str
    student: str
    check: str
    text: str
    source: str
    at: str
    state: str = "open"
    by: str = ""
    decided: str = ""
    why: str = ""
    version: int = 1

    @property
    def sentence(self) -> str:
        """What became of it, for people."""
        about = f" on `{self.check}`" if self.check else ""
        if self.state == "open":
            return f"request{about}: not decided yet"
        return f"request{about}: {self.state} ({self.by}){f': {self.why}' if self.why else ''}"


class ChangedError(GradebookError):
    """Somebody else wrote the same thing since it was last read; `newest` is what stands there now."""

    def __init__(self, newest: Adjustment | Comment | Request | None) -> None:
        super().__init__("somebody else has changed this meanwhile; nothing was overwritten. Look at both, and save again")
        self.newest = newest


@dataclass(frozen=True, slots=True)
class HandIn:
    """An attempt as it is handed in: whose, which, when, from where, and its files or why there are none.

    Attributes:
        notices: what there was to say when it was taken in; it becomes that of its grade.
        late: whether it carries a late mark; asked only where marks are set (`marks_late`) and no time is known.
        members: the others whose work it is too, and `group` what they call themselves.
        asked: what the student wants to have looked at again: checks, or "" for the whole, and texts.
        responses: what the student answered to questions that nobody grades.
    """

    student: str
    number: int = 1
    name: str = ""
    email: str = ""
    late: bool = False
    submitted: str = ""
    origin: str = ""
    files: Mapping[str, str] | None = None
    digest: str = ""
    unreadable: str = ""
    notices: tuple[str, ...] = ()
    marks_late: bool = False
    members: tuple[Person, ...] = ()
    group: str = ""
    asked: tuple[tuple[str, str], ...] = ()
    responses: tuple[Response, ...] = ()


@dataclass(frozen=True)
class Answered:
    """A response, the student under whom its attempt is kept, and the attempt's number."""

    student: str
    number: int
    response: Response


@dataclass(frozen=True)
class Row:
    """An attempt with its newest grade, as exports and reports read it.

    Seconds and memory of the grade are those of a grading in which the submission ran.

    Attributes:
        members: the others whose work it is too.
        seen: when it came into the gradebook.
        id: of the attempt, in the gradebook.
    """

    student: str
    name: str
    number: int
    late: bool
    submitted: str
    origin: str
    unreadable: str
    grade: Grade | None
    key: str = ""
    email: str = ""
    section: str = ""
    graded: str = ""
    files: str | None = None
    assignment: str = ""
    run: int | None = None
    marks_late: bool = False
    seen: str = ""
    group: str = ""
    members: tuple[str, ...] = ()
    id: int = 0

    @property
    def marked_late(self) -> bool | None:
        """Whether it carries a late mark; None where nobody sets one."""
        return True if self.late else False if self.marks_late else None

    @property
    def everybody(self) -> tuple[str, ...]:
        """All whose work it is."""
        return (self.student, *self.members)


@dataclass(frozen=True)
class Run:
    """One grading of a class: its number, when it was begun, and how many results it wrote."""

    id: int
    assignment: str
    started: str
    circumstances: str
    results: int
