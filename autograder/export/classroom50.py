"""Classroom 50: the result of one submission, and the marks of a class in its scores.json.

Classroom 50 takes whole numbers only, so all points are hundredths. A grade of which we could not judge everything has no
result: whoever asks for one must end as an infrastructure error, because every score would be a wrong one.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from autograder.export.format import Edit
from autograder.export.sheet import UNJUDGED, Marked, absent
from autograder.inbox.claims import RESULT, ClaimsError, check_result, entries_of, hundredths, scores_in, slug_of
from autograder.outcome import Grade, Outcome
from autograder.policy.scoring import number
from autograder.report.words import BONUS
from autograder.text import folded, readable, shown

if TYPE_CHECKING:
    from autograder.classroom.marks import Mark

MOST_OF_BODY = 100_000  # characters; GitHub takes 125,000 for the text of a release
MANUAL, OURS = "submit/manual-", "submit/manual-dlkit-"  # Classroom 50's own mark for a score that somebody set, and ours
TIME = "%Y-%m-%dT%H:%M:%SZ"


@dataclass(frozen=True)
class About:
    """What a runner tells of a submission, in the words of the result."""

    classroom: str
    assignment: str
    assignment_type: str
    owner: str
    submission: str
    commit: str
    release: str
    review: str
    datetime: str


def result(grade: Grade, about: About) -> dict[str, Any]:
    """The result of a grade, all of which was judged.

    Raises:
        ClaimsError: a check could not be judged, or the runner told something that does not fit.
    """
    if grade.to_mark:
        names = ", ".join(shown(check.name) for check in grade.to_mark)
        raise ClaimsError(f"a result needs the points of every check. Received: none yet for what a person marks: {names}")
    if grade.faults:
        names, why = ", ".join(shown(check.name) for check in grade.faults), grade.faults[0].message or "not judged"
        raise ClaimsError(f"a result needs the points of every check. Received: no points for {names}: {shown(why)}")
    tests = [
        {
            "test-name": (readable(check.name) or f"check {place}") + BONUS * check.stretch,
            "passed": check.outcome is Outcome.PASSED,
            "score": hundredths(check.score or 0.0),
            "max-score": hundredths(check.max_score),
            "outcome": check.outcome.value,
        }
        for place, check in enumerate(grade.checks, 1)
    ]
    core = [test for check, test in zip(grade.checks, tests, strict=True) if not check.stretch]
    totals = {key: sum(int(test[key]) for test in core) for key in ("score", "max-score")}
    totals["score"] = min(totals["score"] + hundredths(grade.bonus), totals["max-score"])
    found = {"schema": RESULT, **vars(about), **totals, "tests": tests}
    check_result(found)
    return found


def status_and_summary(grade: Grade) -> tuple[str, str]:
    """The state of the commit, in Classroom 50's word, and the sentence beside it."""
    points = f"{number(round(grade.score, 2))} of {number(round(grade.max_score, 2))} points"
    bonus = f", {number(round(grade.bonus, 2))} bonus" if grade.bonus else ""
    return "success" if grade.perfect else "failure", f"{points}{bonus}, {grade.passed}"


def release_body(grade: Grade, module: str = "") -> str:
    """What a student reads on the page of the release, in Markdown."""
    from autograder.report.feedback import grade_markdown

    most = sum(hundredths(check.max_score) for check in grade.core)
    notes = (
        f"Classroom 50 counts hundredths of a point: {most} there are {number(most / 100)} points here. These points are a "
        "first check, with public inputs. Your instructor grades your work with other inputs."
    )
    text = f"{grade_markdown(grade, module)}\n{notes}\n"
    if len(text) <= MOST_OF_BODY:
        return text
    return f"{notes} This text is shortened; the log of the run has all of it.\n\n{text[:MOST_OF_BODY]}\n"


def overridden(text: str, marks: Sequence[Mark], assignment: str, *, file: str = "scores.json") -> Marked:
    """Write marks into scores.json as a teacher's own scores, which no later collection replaces.

    Args:
        text: of the file.
        marks: of the class.
        assignment: its name; Classroom 50 has its slug.
        file: what to call the file in sentences.

    Raises:
        ClaimsError: it is no scores.json, or has no such assignment.
    """
    scores = scores_in(text, file)
    by_login = {folded(name): mark for mark in marks for name in (mark.student, mark.person.login) if name}
    kept, unknown, count = [], [], 0
    taken: list[Mark] = []
    for place, entry in enumerate(entries_of(scores, assignment, file), 1):
        try:
            logins = _logins(entry)
        except ClaimsError as error:
            kept.append(f"entry {place}: {error}")
            continue
        whose = list({mark.student: mark for one in logins if (mark := by_login.get(folded(one)))}.values())
        taken += whose
        if not whose:
            unknown.append(logins[0])
            continue
        try:
            score, most = _of_all(whose)
            _override(entry, score, most)
        except ClaimsError as error:
            kept.append(f"{logins[0]}: {error}")
        else:
            count += 1
    return Marked(
        json.dumps(scores, indent=2) + "\n",
        slug_of(assignment),
        count,
        unknown=tuple(unknown),
        missing=absent(marks, taken),
        kept=tuple(kept),
    )


def _logins(entry: object) -> list[str]:
    """The owner of an entry, then its members."""
    match entry:
        case {"owner": str(owner), "submissions": list(submissions)} if owner and all(
            isinstance(one, dict) for one in submissions
        ):
            members = entry.get("member_usernames", [])  # type: ignore[attr-defined]
            if isinstance(members, list) and all(isinstance(one, str) for one in members):
                return [owner, *members]
    raise ClaimsError("it has no owner, submissions or members that can be read")


def _of_all(marks: Sequence[Mark]) -> tuple[int, int]:
    """The one score of those whose entry it is, and its maximum."""
    found = set()
    for mark in marks:
        final = mark.final
        if mark.excused:
            raise ClaimsError(mark.excused)
        if final is None or final.mark is None:
            raise ClaimsError(mark.why or UNJUDGED)
        score, most = hundredths(final.adjusted), hundredths(final.most)
        if not 0 <= score <= most:
            raise ClaimsError(
                f"the mark is {number(final.adjusted)} of {number(final.most)}, but Classroom 50 takes 0 to the maximum"
            )
        found.add((score, most))
    if len(found) > 1:
        raise ClaimsError("its members have different marks, but the entry has one score")
    return found.pop()


def _override(entry: dict[str, Any], score: int, most: int) -> None:
    """Put a score first in an entry, and leave what was collected below it, as Classroom 50's web page does."""
    submissions: list[dict[str, Any]] = entry["submissions"]
    tags = [str(one.get("submission", "")) for one in submissions]
    if entry.get("override") is True and not any(tag.startswith(OURS) for tag in tags[:1]):
        raise ClaimsError("a teacher set this score on Classroom 50")
    below = [one for one, tag in zip(submissions, tags, strict=True) if not tag.startswith(MANUAL)]
    if not below:
        raise ClaimsError("it has no submission that was collected")
    now = datetime.now(UTC)
    times = [now, *filter(None, (_time(one.get("datetime")) for one in below))]
    tag = f"{OURS}{now.strftime('%Y-%m-%dT%H-%M-%SZ')}"
    record = {
        "schema": RESULT,
        "classroom": below[0].get("classroom"),
        "assignment_type": below[0].get("assignment_type"),
        "owner": entry["owner"],
        **dict.fromkeys(("submission", "commit", "release", "review"), tag),
        "datetime": max(times).strftime(TIME),
        "score": score,
        "max-score": most,
        "tests": [],
    }
    check_result(record, "its newest submission", collected=True)
    before = submissions[0]
    if tags[0].startswith(OURS) and (before.get("score"), before.get("max-score")) == (score, most):
        record = before  # nothing has changed, so nothing is new
    entry |= {"override": True, "submissions": [record, *below]}


def _time(text: object) -> datetime | None:
    """A second after a time, so that what is set now is newest; None for what is no time. A student chooses a commit's time."""
    try:
        return datetime.strptime(str(text), TIME).replace(tzinfo=UTC) + timedelta(seconds=1)
    except (ValueError, OverflowError):
        return None


FORMAT = Edit(
    "classroom50",
    """Marks for Classroom 50, as scores of a teacher.

Writes a copy of CLASSROOM/scores.json from your organization's repository classroom50. Each mark becomes a score that you have
set ("override"), which no later collection replaces. What was collected stays below it. Points are hundredths, because
Classroom 50 takes whole numbers only. Scores that a teacher set there stay.

\b
Example:
  dlkit export classroom50 hw2 --into scores.json
""",
    into="Your scores.json.",
    metavar="JSON",
    write=overridden,
)
