"""The same wrong answer: the groups of a class, named and judged again as one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

from autograder.classroom.gradebook.reading import State, state
from autograder.classroom.mistakes import SEVERAL, Found, Group, groups
from autograder.report.mistakes import in_cases
from dlkit.desk.code import lines
from dlkit.desk.desk import Desk, Refused, masked
from dlkit.desk.queues import Queue, whole
from dlkit.naming import name_mistake, refuse_words
from dlkit.regrading import Again, judged_again, run_freshly

MOST = 40  # groups on a page
AWAY = "assignments/{name} is not here. Start `dlkit desk` in the folder that contains assignments/ and solutions/"


def found_in(desk: Desk, assignment: str, *, now: bool = True) -> Found:
    """The groups of a class.

    Args:
        desk: the desk.
        assignment: which.
        now: whether results that were written since must be among them; to compare all answers takes seconds.
    """
    stands: State = state(desk.book)
    kept = desk.groups.get(assignment)
    if kept is None or (now and kept[0][0] != stands[0]):
        marks = list(desk.roll.marks(assignment).values())
        kept = desk.groups[assignment] = stands, groups(desk.book, assignment, marks, 1)
    return kept[1]


def group_of(desk: Desk, assignment: str, check: str, attempt: int, *, now: bool = False) -> Group | None:
    """The group that gives the same wrong answer to a check as an attempt."""
    row = desk.book.row(attempt)
    who = row.student if row else ""
    return next((one for one in found_in(desk, assignment, now=now).groups if one.check == check and who in one.students), None)


def same(desk: Desk, request: Request, given: Mapping[str, str]) -> Response:
    """The groups of a class, the largest first."""
    assignment = desk.chosen(given)
    found = found_in(desk, assignment)
    attempts = {student: work.attempt for work in desk.roll.works(assignment) for student in work.students}
    several = [one for one in found.groups if len(one.students) >= SEVERAL]
    everybody = [work.mark.person for work in desk.roll.works(assignment)] if desk.hidden(request) else []
    return desk.page(
        request,
        "same.html",
        assignment=assignment,
        room="Same wrong answer",
        groups=[(one, attempts.get(one.students[0], 0), lines(masked(one.code, everybody))) for one in several[:MOST]],
        more=max(0, len(several) - MOST),
        unknown=found.unknown,
        in_cases=in_cases,
    )


def one(desk: Desk, request: Request, given: Mapping[str, str]) -> Response:
    """One group: what they answer, the code of one of them, and a name for it."""
    assignment, check, attempt = desk.chosen(given), given.get("check", "")[:200], whole(given.get("like", ""))
    group = group_of(desk, assignment, check, attempt, now=True)
    if group is None:
        raise Refused(
            f"the gradebook keeps no wrong answer of this submission to {check!r}, so nobody's can be compared with it. "
            "Answers that are too large, or that a limit has stopped, are not kept"
        )
    hidden = desk.hidden(request)
    works = [work for work in desk.roll.works(assignment) if not set(group.students).isdisjoint(work.students)]
    return desk.page(
        request,
        "group.html",
        assignment=assignment,
        room="Same wrong answer",
        title=f"{len(group.students)} with the same wrong answer to {check}",
        group=group,
        attempt=attempt,
        code=lines(masked(group.code, [work.mark.person for work in works]) if hidden else group.code),
        cases=in_cases(group),
        works=[(work.attempt, desk.called(work.attempt, work.mark, work.mark.student, hidden)) for work in works],
        query=Queue("same", check, attempt).query,
        here_is_the_assignment=desk.folder(assignment) is not None,
    )


def name(desk: Desk, request: Request, form: Mapping[str, str]) -> Response:
    """Name the mistake of a group; then show what judging them again would change."""
    assignment, group, folder = _of(desk, form)
    own, sentence = form.get("id", "").strip(), " ".join(form.get("sentence", "").split())
    keep = bool(form.get("keep"))
    refuse_words(own, sentence)
    like = group.like or group.students[0]

    def work() -> Again:
        name_mistake(desk.book, folder, like, group.check, own, sentence, keep_source=keep)
        return judged_again(desk.book, folder, assignment, group.students)

    return _begin(desk, request, f"Naming {own}, and judging {len(group.students)} again", work)


def regrade(desk: Desk, request: Request, form: Mapping[str, str]) -> Response:
    """Show what judging a group again would change."""
    assignment, group, folder = _of(desk, form)
    return _begin(
        desk,
        request,
        f"Judging {len(group.students)} again",
        lambda: judged_again(desk.book, folder, assignment, group.students),
    )


def job(desk: Desk, request: Request, given: Mapping[str, str]) -> Response:
    """What came of something that takes long, or that it still runs."""
    key = request.path_params["key"]
    found = desk.jobs.found.get(key)
    if found is None:
        raise Refused("the desk was started again since, so what this page showed is gone", 404)
    return desk.page(request, "job.html", title=found.title, job=found, key=key)


def keep(desk: Desk, request: Request, form: Mapping[str, str]) -> Response:
    """Write what grading again has found."""
    found = desk.jobs.found.get(form.get("job", ""))
    again = found.result if found and isinstance(found.result, Again) else None
    if found is None or again is None or again.write is None:
        raise Refused("there is nothing to write: it is written already, or the desk was started again", 409)
    write, found.result = again.write, Again(again.changes, again.of, None, again.notes, again.attempt)

    def work() -> Again:
        write()
        return Again(again.changes, again.of, None, ("It is written, and everything counts it from now on", *again.notes))

    return _begin(desk, request, "Writing", work)


def again(desk: Desk, request: Request, form: Mapping[str, str]) -> Response:
    """Run one submission again, freshly, and show old beside new."""
    row = desk.book.row(whole(form.get("attempt", "")))
    if row is None or row.files is None:
        raise Refused("there is no such submission, or it holds no code", 404)
    folder = desk.folder(row.assignment)
    if folder is None:
        raise Refused(AWAY.format(name=row.assignment))
    place, attempt = folder, row.id
    return _begin(desk, request, "Running this submission again", lambda: run_freshly(desk.book, place, attempt))


def _begin(desk: Desk, request: Request, title: str, work: Callable[[], Again]) -> Response:
    return desk.back(request, {}, f"/job/{desk.jobs.begin(title, work)}")


def _of(desk: Desk, form: Mapping[str, str]) -> tuple[str, Group, Path]:
    assignment = desk.chosen(form)
    group = group_of(desk, assignment, form.get("check", ""), whole(form.get("like", "")))
    if group is None:
        raise Refused("nobody gives this wrong answer any more")
    folder = desk.folder(assignment)
    if folder is None:
        raise Refused(AWAY.format(name=assignment))
    return assignment, group, folder
