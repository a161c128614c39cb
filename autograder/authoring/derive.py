"""What is derived and not written: the stub from the reference, the handout's points table from the spec."""

from __future__ import annotations

import re
from collections.abc import Iterable

from autograder.assignment import Assignment, SpecError
from autograder.assignment.misconception import Misconception
from autograder.authoring.stubs import Stub, StubError, stub_of

TABLE = re.compile(r"(<!-- points: begin -->\n).*?(<!-- points: end -->)", re.DOTALL)


def stub(source: str, name: str, mistakes: Iterable[Misconception] = ()) -> str:
    """A reference's source as the student gets it; see `stubs`.

    Args:
        source: the text of the reference.
        name: of the file, for messages.
        mistakes: the known wrong answers. Those that are `given` are put into their functions, which stay whole.

    Raises:
        SpecError: it is no Python, a public function has no docstring, or a mistake does not fit.
    """
    return told_stub(source, name, mistakes).text


def told_stub(source: str, name: str, mistakes: Iterable[Misconception] = ()) -> Stub:
    """The same, with what an author may have another opinion on; raises as `stub` does."""
    try:
        given = [one for one in mistakes if one.given and one.fits(source)]
        for one in given:
            source = one.put_into(source)
        return stub_of(source, name, {one.function for one in given})
    except SyntaxError as error:
        raise SpecError(f"{name} must be Python. Received: {error.msg} (line {error.lineno})") from None
    except StubError as error:
        raise SpecError(str(error)) from None


def points_table(assignment: Assignment) -> str:
    """The handout's table of functions and points, in Markdown; first the core, where some functions are not part of it."""
    if any(check.stretch for check in assignment.checks):
        return _points_by_part(assignment)
    rows: dict[str, list[str]] = {}
    points: dict[str, float] = {}
    for check in assignment.checks:
        points[check.function] = points.get(check.function, 0) + check.points
        rows.setdefault(check.function, []).extend(check.depends)
    lines = ["| function | points | needs |", "|---|---:|---|"]
    by_hand = {check.function for check in assignment.checks if check.by_hand}
    for function, depends in rows.items():
        needs = "marked by a person" if function in by_hand else ", ".join(f"`{name}`" for name in dict.fromkeys(depends)) or "–"
        lines.append(f"| `{function}` | {points[function]:g} | {needs} |")
    lines.append(f"| **all {len(rows)}** | **{sum(points.values()):g}** | |")
    return "\n".join(lines) + "\n"


def _points_by_part(assignment: Assignment) -> str:
    """The table of an assignment that has bonus points: the core and the rest, and why."""
    lines = ["| function | points | needs | why |", "|---|---:|---|---|"]
    for stretch, part, plus in ((False, "core", ""), (True, "stretch", "+")):
        checks = [check for check in assignment.checks if check.stretch is stretch]
        functions = dict.fromkeys(check.function for check in checks)
        for function in functions:
            own = [check for check in checks if check.function == function]
            depends = dict.fromkeys(name for check in own for name in check.depends)
            needs = ", ".join(f"`{name}`" for name in depends) or "–"
            needs = "marked by a person" if any(check.by_hand for check in own) else needs
            why = next((check.why for check in own if check.why), "")
            lines.append(f"| `{function}` | {plus}{sum(check.points for check in own):g} | {needs} | {why} |")
        points = f"{plus}{sum(check.points for check in checks):g}"
        lines.append(f"| **{part}: {len(functions)}** | **{points}** | | |")
    return "\n".join(lines) + "\n"


def handout(text: str, assignment: Assignment, name: str) -> str:
    """The handout with its points table brought up to date.

    Raises:
        SpecError: the handout has no place for the table.
    """
    if not TABLE.search(text):
        raise SpecError(f"{name} needs the lines '<!-- points: begin -->' and '<!-- points: end -->' around its points table")
    return TABLE.sub(lambda match: match[1] + points_table(assignment) + match[2], text)
