"""The report of a class as one HTML page that needs nothing but a browser."""

from __future__ import annotations

import re
import statistics
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from autograder.outcome import Grade, Outcome
from autograder.report.drawing import distribution
from autograder.report.mistakes import day, in_cases, to_name
from autograder.report.names import file_name
from autograder.report.pages import TEMPLATES, digest_of, environment
from autograder.report.parts import LARGE, LISTED, NAMED, SHOWN, UP, Register, leaves, packed
from autograder.report.survey import Belief, Look, Reason, Survey, grade_of, percent_of
from autograder.text import visible

if TYPE_CHECKING:
    from jinja2 import Environment

    from autograder.classroom.marks import Mark
    from autograder.classroom.mistakes import Found
    from autograder.report.responses import Section

STUDENTS = "students"  # the folder of their pages
FIRST = 5  # misconceptions that are on the first screen
HARDEST = 10
GROUPS = 10
MOST_TOLD, MOST_NAMED = 5, 4  # sentences of a reason that stand open, and names beside a sentence
NUMBERS = re.compile(r"\d+(?:\.\d+)?")
SYMBOLS = {
    Outcome.PASSED: "✓",
    Outcome.PARTIAL: "◐",
    Outcome.FAILED: "✗",
    Outcome.NOT_STARTED: "○",
    Outcome.SKIPPED: "–",
    Outcome.GRADER_ERROR: "!",
    Outcome.TO_MARK: "✎",
}
MB = 2**20
GENERATOR = "dlkit report"


@dataclass(frozen=True)
class Line:
    """A student's line in the table: what is shown, and what it is sorted by."""

    mark: Mark
    grade: Grade | None
    percent: float | None
    strip: str  # a symbol for each check
    passed: int
    beliefs: Sequence[Belief]
    reasons: Sequence[Reason]


@dataclass(frozen=True)
class Told:
    """What several students are to be looked at for: a sentence that differs in numbers at most, and each look.

    A pair of near-identical submissions is told by itself.
    """

    sentence: str
    looks: tuple[Look, ...]

    @property
    def same(self) -> bool:
        """Whether the sentence is the same for all."""
        return len({look.sentence for look in self.looks}) == 1


@dataclass(frozen=True)
class Columns:
    """The columns that the table of students has only where somebody needs them."""

    section: bool
    together: bool
    late: bool


def page(survey: Survey, assignment: str, **about: Any) -> str:
    """The page of a class; see `pages`. What it leaves to other pages is not made."""
    return next(pages(survey, assignment, **about))[1]


def pages(
    survey: Survey,
    assignment: str,
    *,
    similarity: str = "",
    more_alike: int = 0,
    found: Found | None = None,
    sections: Sequence[Section] = (),
    back: tuple[str, str] = ("", ""),
    index: str = "index.html",
) -> Iterator[tuple[str, str]]:
    """The page of a class and, of a large class, the lists that it leaves to pages of their own: each path with its text.

    Args:
        survey: the class.
        assignment: its name, such as "hw2".
        similarity: why nobody looked for near-identical submissions; "" if that was done.
        more_alike: how many pairs of these there are beyond those that are shown.
        found: who gives the same wrong answers; None if nobody looked.
        sections: about responses that are not graded.
        back: where a link at the top leads to, and its words.
        index: the path of the page of the class.
    """
    grades = [grade for mark in survey.graded if (grade := grade_of(mark))]
    graded = max((mark.row.graded for mark in survey.graded if mark.row), default="")
    script = (TEMPLATES / "class.js").read_text(encoding="utf-8")
    lines, large = [_line(survey, mark) for mark in survey.marks], len(survey.marks) > LARGE
    cut = leaves([mark.student for mark in survey.marks]) if large else []
    shared: dict[str, Any] = {
        "survey": survey,
        "assignment": assignment,
        "generator": GENERATOR,
        "names": _names(survey.marks),
        "columns": _columns(survey.marks),
        "leaves": cut,
    }
    register = Register()
    template = _environment().get_template
    yield (
        index,
        template("class.html").render(
            **shared,
            up="",
            back=back,
            sections=sections,
            title=next((grade.title for grade in grades if grade.title), ""),
            graded=_day(graded),
            similarity=similarity,
            more_alike=more_alike,
            script=script,
            script_digest=digest_of(script),
            drawing=distribution(survey.bands) if survey.percents else "",
            median=statistics.median(survey.percents) if survey.percents else None,
            mean=statistics.fmean(survey.percents) if survey.percents else None,
            full=sum(round(percent, 6) >= 100 for percent in survey.percents),
            first=FIRST,
            hardest=survey.hardest[:HARDEST],
            groups=found.groups if found else (),
            unknown=found.unknown if found else 0,
            most_groups=GROUPS,
            looks=_by_reason(survey.looks),
            ungraded=_by_why(survey.ungraded),
            most_told=MOST_TOLD,
            most_named=MOST_NAMED,
            lines=lines[:SHOWN] if large else lines,
            packed=packed(template("class_rows.html").render(**shared, up="", lines=lines)) if large else "",
            most_listed=NAMED if large else None,
            all_groups=LISTED if large else None,
            all_told=LISTED if large else None,
            list_of=register.path,
            versions=_versions(grades),
            seconds=statistics.median(survey.seconds) if survey.seconds else None,
            memory=statistics.median(survey.memory) / MB if survey.memory else None,
            most_memory=max(survey.memory, default=0) / MB,
        ),
    )
    shared |= {"up": UP, "index": index}
    for leaf in cut:
        some = lines[leaf.begin : leaf.end]
        yield leaf.path, template("class_list.html").render(**shared, title=leaf.title, about="", lines=some)
    for one in register.lists.values():
        about = {"title": f"{len(one.keys)} students", "about": one.about, "keys": one.keys, "leaves": []}
        yield one.path, template("class_list.html").render(**{**shared, **about})


def _columns(marks: Sequence[Mark]) -> Columns:
    return Columns(
        section=any(mark.person.section for mark in marks),
        together=any(mark.members for mark in marks),
        late=any(mark.final and mark.final.days_late != 0 for mark in marks),
    )


def student_path(key: str) -> str:
    """Where the page of a student is, from the page of the class."""
    return f"{STUDENTS}/{file_name(key, '.html')}"


def _line(survey: Survey, mark: Mark) -> Line:
    grade = grade_of(mark)
    outcomes = {check.name: check.outcome for check in grade.checks} if grade else {}
    strip = "".join(SYMBOLS.get(outcomes[check.name], "✗") if check.name in outcomes else "·" for check in survey.checks)
    return Line(
        mark,
        grade,
        percent_of(mark),
        strip if grade else "",
        sum(outcome is Outcome.PASSED for outcome in outcomes.values()),
        survey.beliefs_of.get(mark.student, ()),
        tuple(dict.fromkeys(look.reason for look in survey.looks_at.get(mark.student, ()))),
    )


def _by_reason(looks: Sequence[Look]) -> Mapping[Reason, Sequence[Told]]:
    """What to look at: the most urgent reason first, of each what concerns most students first."""
    groups: dict[Reason, dict[tuple[str, ...], list[Look]]] = defaultdict(lambda: defaultdict(list))
    for look in looks:
        pair = (look.student, look.other) if look.other else ()
        groups[look.reason][NUMBERS.sub("0", look.sentence), *pair].append(look)
    told = {reason: [Told(ones[0].sentence, tuple(ones)) for ones in found.values()] for reason, found in groups.items()}
    return {reason: sorted(several, key=lambda one: -len(one.looks)) for reason, several in told.items()}


def _by_why(marks: Sequence[Mark]) -> Mapping[str, Sequence[str]]:
    """The students without a grade by why, what concerns most of them first."""
    found: dict[str, list[str]] = defaultdict(list)
    for mark in marks:
        found[mark.why].append(mark.student)
    return dict(sorted(found.items(), key=lambda one: -len(one[1])))


def _names(marks: Sequence[Mark]) -> Mapping[str, str]:
    """What each student is called in a list: the name, and the key where two have it."""
    often = Counter(mark.name for mark in marks)

    def called(mark: Mark) -> str:
        return f"{mark.name} ({mark.student})" if often[mark.name] > 1 else mark.name

    return {mark.student: called(mark) if mark.name else mark.student for mark in marks}


def _versions(grades: Sequence[Grade]) -> Mapping[str, Sequence[str]]:
    """Every version of everything that graded somebody."""
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for grade in grades:
        for name, version in grade.versions.items():
            found[name][version] = None
    return {name: list(versions) for name, versions in found.items()}


def _day(stamp: str) -> str:
    """A day as people read it: "23 November 2026"."""
    if not stamp:
        return ""
    return day(datetime.fromisoformat(stamp))


def _number(value: float) -> str:
    return f"{round(value, 2) + 0.0:g}"


@cache
def _environment() -> Environment:
    return environment(
        {"number": _number, "in_cases": in_cases, "to_name": to_name, "day": day, "visible": visible},
        student_path=student_path,
        Outcome=Outcome,
        Reason=Reason,
        symbol=SYMBOLS,
    )
