"""A student's feedback as HTML and as Markdown: the words of the terminal, and what counts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, tzinfo
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.outcome import Grade
from autograder.policy.lateness import stamp
from autograder.policy.scoring import number
from autograder.report.own_code import Own, elsewhere, own_code
from autograder.report.pages import TEMPLATES, breakable, digest_of, environment, shown
from autograder.report.pages import prose as marked_up
from autograder.report.words import MORE, PRINTED, SYMBOLS, Block, Words, prose, words
from autograder.text import lines_of, visible

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

    from autograder.classroom.gradebook.values import Place  # the grade of one submission is told where no gradebook is installed
    from autograder.classroom.marks import Mark
    from autograder.policy import Final

SPECIAL = re.compile(r"[\\`*\[\]<>|~#&$]|(?<![^\W_])_|_(?![^\W_])")  # an underscore within a word is only itself
BEGINS = re.compile(r"([-+=]|\d+(?=[.)](?:\s|$)))")  # a list or the underline of a heading, at the beginning of a line
LONGEST = 200  # characters of a line that are quoted
NOTHING: Mapping[str, str] = {}
TICKS = re.compile(r"`+")


def page(
    mark: Mark,
    *,
    back: str = "",
    assignment: str = "",
    module: str = "",
    folder: Path | None = None,
    code: Mapping[str, str] = NOTHING,
    asks: bool = False,
    zone: tzinfo | None = None,
) -> str:
    """One student's feedback as a page that needs nothing else: no script, no picture, no network.

    Args:
        mark: of whom, and what counts.
        back: where a link at the top leads to.
        assignment: its name, for those who handed in nothing.
        module: the name to import the student's functions from, where it is known.
        folder: of the assignment, for its own stories.
        code: the student's files, to show them beside what is said of them.
        asks: whether the student can write a request there; that needs a script of ours, which makes a file of it.
        zone: the course's, in which times are told; as they were recorded by default.
    """
    final, grade = mark.final, mark.row.grade if mark.row else None
    said = words(grade, module, folder) if grade else None
    own = _own(said, code, mark.comments) if said else {}
    script = (TEMPLATES / "request.js").read_text(encoding="utf-8") if asks else ""
    template = _templates().get_template("feedback.html")
    return template.render(
        title=_title(mark, assignment),
        name=mark.name,
        key=mark.student,
        back=back,
        css=_css("feedback.css", "fragment.css"),
        mark=_mark(final),
        why=_why(mark),
        because=_because(mark, zone),
        comments=_quoted(elsewhere(mark.comments, own.values()), code),
        assignment=assignment,
        script=script,
        script_digest=digest_of(script),
        checks=[check.name for check in grade.checks] if grade else [],
        grade=_grade(said, own, total=False) if said else "",
    )


def fragment(grade: Grade, module: str = "", folder: Path | None = None) -> str:
    """A grade as a piece of HTML with its style, in the colours of whatever it is put into."""
    return f"<style>\n{_css('fragment.css')}\n</style>\n{_grade(words(grade, module, folder), {}, total=True)}"


def markdown(
    mark: Mark,
    *,
    assignment: str = "",
    module: str = "",
    folder: Path | None = None,
    code: Mapping[str, str] = NOTHING,
    zone: tzinfo | None = None,
) -> str:
    """One student's feedback as CommonMark; what stands in it is text, whatever it looks like.

    Args:
        mark: of whom, and what counts.
        assignment: its name, for those who handed in nothing.
        module: the name to import the student's functions from, where it is known.
        folder: of the assignment, for its own stories.
        code: the student's files, to quote the lines that somebody commented on.
        zone: the course's, in which times are told; as they were recorded by default.
    """
    final = mark.final
    name = f"{_line(mark.name)} ({_line(mark.student)})" if mark.name else _line(mark.student)
    points = f"**{known}**" if (known := _mark(final)) else f"No mark: {_text(_why(mark))}"
    parts = [f"# {_line(_title(mark, assignment))}", name, "## Mark", points]
    if because := _because(mark, zone):
        parts.append("\n".join(f"- {_text(sentence)}" for sentence in because))
    said = words(mark.row.grade, module, folder) if mark.row and mark.row.grade else None
    own = _own(said, code, mark.comments) if said else {}
    if comments := _quoted(elsewhere(mark.comments, own.values()), code):
        parts += ["## Comments on your code", *_told(comments)]
    if said:
        by_function = {name: [place for line in one.lines for place in line.said] for name, one in own.items()}
        parts += _parts(said, {name: _quoted(places, code) for name, places in by_function.items()}, total=False)
    return "\n\n".join(parts) + "\n"


def grade_markdown(grade: Grade, module: str = "") -> str:
    """A grade as CommonMark."""
    said = words(grade, module)
    return "\n\n".join([f"# {_line(said.title)}", *_parts(said, {})]) + "\n"


def _title(mark: Mark, assignment: str) -> str:
    row = mark.row
    return words(row.grade).title if row and row.grade else row.assignment if row else assignment


def _own(said: Words, code: Mapping[str, str], places: Sequence[Place]) -> dict[str, Own]:
    """The student's own lines of each function that there is something to say about."""
    messages: dict[str, list[str]] = {}
    for block in said.blocks:
        if block.function:
            messages.setdefault(block.function, []).extend(text for label, text in block.rows if not label)
    return own_code(messages, code, places)


def _because(mark: Mark, zone: tzinfo | None) -> list[str]:
    """When it was handed in, and how the mark came to be."""
    final, row = mark.final, mark.row
    said = []
    if row and row.submitted:
        moment = datetime.fromisoformat(row.submitted)
        said.append(f"handed in {stamp(moment.astimezone(zone) if zone else moment)}")
    sentences = list(mark.reasons if final else mark.reasons[:-1])  # the last is why there is no mark
    if final and final.sentences and mark.row and mark.row.grade and final.raw is not None:
        said.append(f"{_points(final.raw, final.attempt.most)} by the grader")
    return said + sentences + [request.sentence for request in mark.requests]


def _quoted(places: Sequence[Place], code: Mapping[str, str]) -> list[tuple[Place, str]]:
    """What was said about lines of the code, and each line as it stands there."""
    lines = {name: lines_of(text) for name, text in code.items()}
    found = []
    for place in places:
        there = lines.get(place.file, [])
        found.append((place, there[place.line - 1].strip()[:LONGEST] if 0 < place.line <= len(there) else ""))
    return found


def _mark(final: Final | None) -> str:
    return "" if final is None or final.mark is None else _points(final.mark, final.most)


def _why(mark: Mark) -> str:
    """Why there is no mark: nothing is graded, or a part of the points is not known yet."""
    final = mark.final
    if final is None:
        return mark.why
    if not final.maximum and not mark.to_mark:
        return f"none of the {number(final.most)} points could be judged yet"
    so_far = _points(final.adjusted, final.maximum)
    if not final.unknown:
        return f"up to {number(final.open)} bonus points are not known yet; so far {so_far} are known"
    if round(sum(check.max_score for check in mark.to_mark if not check.stretch), 4) == final.unknown:
        return f"{number(final.unknown)} of the {number(final.most)} points are not yet marked; so far {so_far} are known"
    return f"{number(final.unknown)} of the {number(final.most)} points could not be judged yet; so far {so_far} are known"


def _points(score: float, of: float) -> str:
    return f"{number(round(score, 2))} of {number(round(of, 2))} points"


# HTML


def _grade(said: Words, own: Mapping[str, Own], *, total: bool) -> Markup:
    """A grade; with the student's own lines, each function once, and with the sum of the points unless a mark stands above."""
    from markupsafe import Markup

    first = dict.fromkeys(block.function for block in said.blocks)
    beside = {next(place for place, block in enumerate(said.blocks) if block.function == name): own.get(name) for name in first}
    template = _templates().get_template("fragment.html")
    html = template.render(said=said, symbols=SYMBOLS, printed=PRINTED, beside=beside, total=total)
    return Markup(html)  # noqa: S704 - autoescaped


def _css(*names: str) -> Markup:
    from markupsafe import Markup

    return Markup("\n".join((TEMPLATES / name).read_text(encoding="utf-8").strip() for name in names))  # noqa: S704 - ours


@cache
def _templates() -> Environment:
    return environment({"prose": marked_up, "breakable": breakable}, shown)


# Markdown


Told = Sequence[tuple["Place", str]]


def _told(comments: Told) -> Iterator[str]:
    """The paragraphs of comments on lines."""
    for place, line in comments:
        yield f"*{_line(place.file)}, line {place.line}:*"
        if line:
            yield _fenced([line], "python")
        yield f"{_text(place.comment.text)} ({_line(place.by)})"


def _parts(said: Words, comments: Mapping[str, Told], *, total: bool = True) -> Iterator[str]:
    """The paragraphs of a grade, with the comments on each function; the sum of the points unless a mark stands above."""
    yield "## Checks"
    yield "\n".join(
        f"- {SYMBOLS[line.outcome][0]} {line.word}, {line.score}/{line.max_score}: {_line(line.name)}" for line in said.lines
    )
    yield f"{f'**{said.points}**, ' if total else ''}{said.passed}, {said.seconds}"
    if said.fault:
        yield _text(said.fault)
    if said.notes or said.blocks or said.waiting:
        yield "## What to look at"
    for note in said.notes:
        yield f"Note: {_text(note)}"
    told: set[str] = set()
    for block in said.blocks:
        yield from _of_block(block)
        if block.function not in told:
            yield from _told(comments.get(block.function, ()))
        told.add(block.function)
    if said.waiting:
        yield _text(said.waiting)


def _of_block(block: Block) -> Iterator[str]:
    yield f"### {SYMBOLS[block.outcome][0]} {_line(block.title)}"
    for label, text in block.rows:
        if label == PRINTED:
            yield f"*{label}:*"
            yield _fenced(text.splitlines())
        else:
            yield f"*{label}:* {_text(text)}" if label else _text(text)
    if block.more:
        yield f"*{MORE}:* {_text(f'`{block.more}`')}"
    if block.code:
        yield "*see it:*"
        yield _fenced(block.code, "python")


def _text(text: str) -> str:
    """A text in a paragraph: its lines stay lines."""
    return "\\\n".join(_escaped(line.strip()) for line in text.splitlines() if line.strip())


def _line(text: str) -> str:
    """A text in a heading or a list: one line."""
    return _escaped(" ".join(text.split()))


def _escaped(line: str) -> str:
    """A line in which nothing is markup but names of code."""
    parts = []
    for is_code, part in prose(visible(line)):
        if is_code:
            padded = f" {part} " if part.startswith(" ") and part.endswith(" ") and part.strip() else part
            parts.append(f"`{padded}`")
        else:
            parts.append(SPECIAL.sub(r"\\\g<0>", part))
    text = "".join(parts)
    begin = BEGINS.match(text)
    return text if begin is None else f"{begin[1]}\\{text[begin.end() :]}" if begin[1].isdigit() else f"\\{text}"


def _fenced(lines: Sequence[str], language: str = "") -> str:
    """A block of code, in a fence longer than any in it."""
    text = visible("\n".join(lines))
    fence = "`" * max(3, 1 + max((len(ticks) for ticks in TICKS.findall(text)), default=0))
    return f"{fence}{language}\n{text}\n{fence}"
