"""Gradescope's results.json: one submission, one test a check.

Gradescope adds up the scores of the tests, unless there is a `score` for the whole. There is one: three tests of 33.3333 points
are 99.9999 to Gradescope. A test that we could not judge has no score: its points are unknown, and no others stand for them. The
score is then what is known so far, which the student reads, and a test that only staff see says what went wrong. If nothing was
judged there is no score anywhere: Gradescope then shows that grading failed, and not 0.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from autograder.export.format import Each, ExportError, Option, Texts
from autograder.export.sentences import UNSAFE, faults, feedback, points_of, to_mark, unjudged, unsafe
from autograder.export.withholding import WITHHELD, withheld
from autograder.outcome import CheckResult, Grade, Outcome
from autograder.report.words import BONUS
from autograder.text import readable

if TYPE_CHECKING:
    from autograder.classroom.marks import Mark
    from autograder.policy import Final
    from autograder.policy.course import Bonus

CLOSE = 0.001
BONUS_COUNTS = {"add": "Bonus points add to the score.", "ignore": "Bonus points are only shown; they do not count."}
VISIBILITY = ("visible", "hidden", "after_due_date", "after_published")


def results(
    grade: Grade,
    *,
    hidden: Collection[str] = (),
    visibility: str = "hidden",
    mark: float | None = None,
    unknown: float = 0.0,
    sentences: Sequence[str] = (),
    module: str = "",
    bonus: Bonus = "cap",
) -> dict[str, Any]:
    """The object that Gradescope reads from /autograder/results/results.json.

    Args:
        grade: of the submission.
        hidden: names of checks or functions that a student does not see at once; Gradescope then hides the total, too.
        visibility: what these are instead, one of `VISIBILITY`.
        mark: what counts for the whole, if policies or somebody by hand have changed it; else what the checks add up to.
        unknown: the points of the checks that could not be judged, and that nothing has settled since.
        sentences: how the mark came to be.
        module: what to import the student's functions from, for calls to copy.
        bonus: what bonus points do to the score, where there is no mark.

    Raises:
        ExportError: the visibility is none of Gradescope's, or `hidden` names what is no check.
    """
    names = {name for check in grade.checks for name in (check.name, check.function)}
    if visibility not in VISIBILITY:
        raise ExportError(f"`visibility` must be one of {', '.join(VISIBILITY)}. Received: {visibility!r}")
    if wrong := sorted(set(hidden) - names):
        raise ExportError(f"`hidden` must name checks or functions of {grade.assignment}. Received: {', '.join(wrong)}")
    staff = [_for_staff(grade)] if grade.faults else []
    concealed = {check.name for check in grade.checks if visibility != "visible" and {check.name, check.function} & set(hidden)}
    said = feedback(grade, module)
    found: dict[str, Any] = {
        "output": "\n".join(_output(grade, mark, unknown, sentences, bonus, concealed=bool(concealed))),
        "output_format": "text",
        "test_output_format": "text",
        "test_name_format": "text",
        "execution_time": round(grade.seconds, 3),
        "visibility": "visible",
        "tests": [
            _test(number, check, said[check.name], visibility if check.name in concealed else "visible")
            for number, check in enumerate(grade.checks, 1)
        ]
        + staff,
        "extra_data": {
            "assignment": grade.assignment,
            "versions": dict(grade.versions),
            "isolation": list(grade.isolation),
            "unsafe": unsafe(grade),
            "notice": UNSAFE if unsafe(grade) else "",
            "misconceptions": sorted({check.misconception for check in grade.checks if check.misconception}),
            "not_judged": [check.name for check in grade.faults],
        },
    }
    score = _score(grade, bonus) if mark is None else mark
    return found if score is None else {"score": round(score, 4), **found}


def counted(grade: Grade, final: Final) -> float | None:
    """The score of the whole, where policies or somebody by hand changed it; None where it is what the tests tell."""
    adjusted, maximum = final.adjusted, final.maximum
    same_maximum = abs(maximum - grade.max_score) <= CLOSE
    if same_maximum and abs(adjusted - grade.capped) <= CLOSE:
        return None
    return adjusted


def to_json(found: dict[str, Any]) -> str:
    """Results as the text of the file."""
    return json.dumps(found, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def _score(grade: Grade, bonus: Bonus) -> float | None:
    """What the tests add up to, without their rounding, and with the bonus points that count; None where nothing was judged."""
    if not grade.max_score:
        return None
    return {"cap": grade.capped, "add": grade.score + grade.bonus, "ignore": grade.score}[bonus]


def _output(
    grade: Grade, mark: float | None, unknown: float, sentences: Sequence[str], bonus: Bonus, *, concealed: bool
) -> list[str]:
    """What is said about the submission as a whole."""
    lines = [f"Note: {notice.sentence}." for notice in grade.notices]
    if not concealed:
        total = grade.points if any(check.judged for check in grade.checks) else "no points yet"
        lines.append(f"{total}, {grade.passed}")
        if mark is None and grade.bonus and bonus in BONUS_COUNTS:
            lines.append(BONUS_COUNTS[bonus])
    if grade.faults:
        lines.append(unjudged(grade, hidden=concealed))
        if mark is None and not concealed and (score := _score(grade, bonus)) is not None:
            lines.append(f"So far that is {round(score, 4):g} of {points_of(grade.core):g} points; the mark is not final.")
    if grade.to_mark and (mark is None or unknown):
        lines.append(f"{to_mark(grade)}; the mark is not final.")
    if mark is not None and not concealed:
        so_far = f" so far; {unknown:g} more are not known yet, so the mark is not final" if unknown else ""
        lines.append(f"What counts: {round(mark, 2):g} points{so_far}")
    lines += [] if concealed else sentences
    return [readable(line) for line in lines]


def _for_staff(grade: Grade) -> dict[str, Any]:
    return {
        "status": "failed",
        "name": "For staff: what the grader could not judge",
        "output": faults(grade),
        "tags": ["staff"],
        "visibility": "hidden",
    }


def _test(number: int, check: CheckResult, said: str, visibility: str) -> dict[str, Any]:
    points = {} if check.score is None else {"score": round(check.score, 4), "max_score": round(check.max_score, 4)}
    return {
        **points,
        "status": "passed" if check.outcome is Outcome.PASSED else "failed",
        "name": readable(check.name) + BONUS * check.stretch,
        "number": str(number),
        "output": said,
        "tags": [readable(check.function), check.outcome.value, *(["bonus"] if check.stretch else [])],
        "visibility": visibility,
        "extra_data": {
            "outcome": check.outcome.value,
            "worth": round(check.max_score, 4),
            "misconception": check.misconception,
            "seconds": round(check.seconds, 3),
        },
    }


def for_students(grade: Grade, module: str = "", **more: Any) -> dict[str, Any]:
    """Results that tell students no secret input, no expected number and nothing that their code prints; staff read all of it.

    Args:
        grade: of the submission.
        module: what to import the student's functions from.
        more: as `results` takes it.
    """
    found = results(withheld(grade), **more)
    if not grade.flawless:
        found["output"] += "\n" + WITHHELD.format(assignment=grade.assignment)
        found["tests"].append(_with_numbers(grade, module))
    return found


def _with_numbers(grade: Grade, module: str) -> dict[str, Any]:
    """A test that only staff see: what each check says with its inputs and numbers."""
    told = feedback(grade, module)
    wrong = [check for check in grade.checks if check.judged and check.score != check.max_score]
    return {
        "status": "failed",
        "name": "For staff: with inputs and numbers",
        "output": "\n\n".join(f"{readable(check.name)}: {told[check.name]}" for check in wrong),
        "output_format": "text",
        "tags": ["staff"],
        "visibility": "hidden",
    }


def for_class(
    marks: Sequence[Mark],
    assignment: str,
    works: Mapping[str, Collection[str]],
    *,
    hidden: Collection[str] = (),
    visibility: str = "hidden",
) -> Texts:
    """The file of each student who has a grade."""
    texts = {}
    for mark in marks:
        if mark.final is None or mark.row is None or mark.row.grade is None:
            continue
        files = [file.removesuffix(".py") for file in works.get(mark.student, ())]
        found = for_students(
            mark.row.grade,
            files[0] if len(files) == 1 and files[0].isidentifier() else "",
            hidden=hidden,
            visibility=visibility,
            mark=counted(mark.row.grade, mark.final),
            unknown=mark.final.unknown + mark.final.open,
            sentences=mark.sentences,
        )
        texts[mark.student] = to_json(found)
    return Texts(texts)


FORMAT = Each(
    "gradescope",
    """Gradescope's results.json, one file per student.

Each check is a test. Students see how it ended, the likely mistake and the hint, but no input, no number and nothing that their
code printed: the inputs of a class are secret. A test that only staff see has all of this. A check with a grader error has no
score, and only staff see why.

\b
Examples:
  dlkit export gradescope hw2 --out results
  dlkit export gradescope hw2 --student s0007 --out results.json
  dlkit export gradescope hw2 --hidden train_xor --visibility after_due_date
""",
    (
        Option("--hidden", "Hide this check or function from students (repeatable).", "CHECK", many=True),
        Option("--visibility", "How long hidden checks stay hidden.", choices=VISIBILITY[1:], default="hidden"),
    ),
    write=for_class,
)
