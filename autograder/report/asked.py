"""Questions about one's own code as people read them: in a terminal, and on paper for a short oral examination."""

from __future__ import annotations

import shutil
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from autograder.asking.question import Question
from autograder.asking.sitting import listing
from autograder.report.pages import environment, prose
from autograder.text import visible

if TYPE_CHECKING:
    from jinja2 import Environment

    from autograder.asking.kinds.subject import Subject

WIDTH, LEAST = 88, 40  # characters of a line
AROUND, SHORT = 12, 40  # lines of a long function that are shown on either side; a function of so many is shown whole
GAP = (0, "…")


@dataclass(frozen=True)
class Asked:
    """A student's questions, each with the lines of its function."""

    student: str
    name: str
    questions: Sequence[tuple[Question, Sequence[tuple[int, str]]]]
    note: str = ""


def excerpt(source: str, subject: Subject, question: Question) -> list[tuple[int, str]]:
    """The lines of the function, each with its number; of a long one, its head and those around the line in question."""
    lines = listing(source, subject)
    while lines and not lines[-1][1].strip():
        lines.pop()
    if len(lines) <= SHORT:
        return lines
    at = next((place for place, (_, text) in enumerate(lines) if text == subject.source[question.line - 1]), 0)
    first, last = max(1, at - AROUND), min(len(lines), at + AROUND + 1)
    return [lines[0], *([GAP] if first > 1 else []), *lines[first:last], *([GAP] if last < len(lines) else [])]


def as_text(question: Question, lines: Sequence[tuple[int, str]], number: int, total: int) -> str:
    """A question for a terminal: the code, the call, the question, and the numbered options."""
    code = [f"{visible(text) if not place else f'{place:5}  {visible(text)}'}" for place, text in lines]
    parts = [f"Question {number} of {total}, about {question.function}", "\n".join(code)]
    if question.call:
        about = f"\n{_wrapped(f'Here {question.about}.')}" if question.about else ""
        parts.append(f"The call is\n{_wrapped(question.call, '    ', '        ')}{about}")
    options = [_wrapped(option, f"  {place}  ", "     ") for place, option in enumerate(question.options, 1)]
    parts.append("\n".join([_wrapped(question.text), *options]))
    return "\n\n".join(parts)


def verdict(question: Question, answer: str) -> str:
    """What is said after an answer: right or not, and what the run showed."""
    if not answer:
        return _wrapped(f"No answer. {question.evidence}")
    if question.is_right(answer):
        return _wrapped(f"Right. {question.evidence}")
    where = f"The right answer is {question.number}. " if question.options else ""
    return _wrapped(f"Not right. {where}{question.evidence}")


def summary(right: int, total: int) -> str:
    """The last line."""
    return f"{right} of {total} right."


def sheet(title: str, everybody: Sequence[Asked], seed: int) -> str:
    """Questions to print, with room for the answers: a page for each student, and the key on pages of its own."""
    return _templates().get_template("asked.html").render(title=title, everybody=everybody, seed=seed)


@cache
def _templates() -> Environment:
    return environment({"visible": visible, "prose": prose})


def _width() -> int:
    """How long a line may be: as long as the terminal's, or WIDTH."""
    return min(WIDTH, max(shutil.get_terminal_size((WIDTH, 24)).columns, LEAST))


def _wrapped(text: str, first: str = "", then: str = "") -> str:
    return textwrap.fill(
        visible(text), _width(), initial_indent=first, subsequent_indent=then, break_long_words=False, break_on_hyphens=False
    )
