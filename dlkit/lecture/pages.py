"""The page to print and the slides to show: HTML that needs neither a network nor a script."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.report.pages import TEMPLATES as SHARED
from autograder.report.pages import environment, prose, shown
from dlkit.lecture.excerpt import AROUND, Line
from dlkit.lecture.inventing import Invented
from dlkit.lecture.picturing import Picture
from dlkit.lecture.questions import LETTERS, Question

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

TEMPLATES = Path(__file__).parent / "templates"
GENERATOR = "dlkit lecture"
WIDTH, LINES = 38, 11  # characters of a line on a slide, and lines of code, that have room
PAGE, SLIDES = "page.html", "slide.html"


@dataclass(frozen=True)
class Topic:
    """A mistake as it is shown.

    Attributes:
        invented: the code.
        picture: what went wrong, None where no public case shows it.
        question: for the room, None where no four answers differ.
        open: whether lines of the reference may be shown.
    """

    invented: Invented
    picture: Picture | None
    question: Question | None
    open: bool

    @property
    def function(self) -> str:
        """What the function is called."""
        return self.invented.check.function

    @property
    def students(self) -> int:
        """How many make the mistake."""
        return self.invented.of.students

    @property
    def code(self) -> list[Line]:
        """The lines to show: of the reference only where that may be."""
        whole = self.question is not None and self.question.kind == "line"
        excerpt = self.invented.excerpt
        return excerpt.shown(around=len(excerpt.lines) if whole else AROUND if self.open else 0)

    @property
    def brief(self) -> list[Line]:
        """The head of the function and its wrong lines; all of it where marks would tell which line is wrong."""
        return self.invented.excerpt.shown(around=0) if self.marked else self.code

    @property
    def much(self) -> bool:
        """Whether there is so much code that a slide needs smaller letters."""
        texts = [*(line.text for line in self.code), *self.right]
        return sum(1 + len(text) // WIDTH for text in texts) > LINES

    @property
    def marked(self) -> bool:
        """Whether the wrong lines are marked before the answer is given; a question about them would be answered."""
        return self.question is None or self.question.kind != "line"

    @property
    def told(self) -> bool:
        """Whether the picture tells the answer, so that it stands beside that and not beside the question."""
        return self.question is not None and self.question.kind == "entry"

    @property
    def right(self) -> tuple[str, ...]:
        """The lines of the reference in place of the wrong ones, where they may be shown."""
        return self.invented.excerpt.right if self.open else ()


@dataclass(frozen=True)
class Lecture:
    """All that the pages show of a class.

    Attributes:
        assignment: its name.
        title: for people.
        topics: the mistakes.
        graded: how many students are graded.
        least: how many submissions a mistake must have to be shown.
        left_out: what is not shown and why, a sentence each.
    """

    assignment: str
    title: str
    topics: Sequence[Topic]
    graded: int
    least: int
    left_out: Sequence[str]


def page(lecture: Lecture) -> str:
    """One sheet to print: mistakes and questions on the front, answers on the back."""
    return _render("page.html", "page.css", lecture)


def slides(lecture: Lecture) -> str:
    """Slides of 16:9: all mistakes on the first, then each question and its answer."""
    return _render("slide.html", "slide.css", lecture)


def _render(template: str, css: str, lecture: Lecture) -> str:
    return (
        _templates()
        .get_template(template)
        .render(lecture=lecture, css=_css("lecture.css", css), letters=LETTERS, generator=GENERATOR)
    )


def _css(*names: str) -> Markup:
    from markupsafe import Markup

    return Markup("\n".join((TEMPLATES / name).read_text(encoding="utf-8").strip() for name in names))  # noqa: S704 - ours


def _drawn(picture: Picture) -> Markup:
    from markupsafe import Markup

    return Markup(picture.svg)  # noqa: S704 - drawn by us


@cache
def _templates() -> Environment:
    return environment({"prose": prose, "drawn": _drawn}, shown, (TEMPLATES, SHARED))
