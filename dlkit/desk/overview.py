"""The class, the course and one student: what `dlkit report`, `dlkit course` and `dlkit show` say, as it stands now."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from autograder.classroom.gradebook.reading import responses
from autograder.classroom.marks import all_marks
from autograder.classroom.totals import Standings, standings
from autograder.policy import Course
from autograder.report.class_page import pages, student_path
from autograder.report.feedback import page as student_page
from autograder.report.parts import LISTS
from autograder.report.responses import sections as sections_of
from autograder.report.standing import behind, sections, tries
from autograder.report.survey import survey
from autograder.report.term import explained, percent
from autograder.text.cells import module_of
from dlkit.desk.desk import Desk, Refused
from dlkit.desk.doors import HEADERS
from dlkit.desk.same import found_in

POLICY = re.compile(r'http-equiv="Content-Security-Policy" content="([^"]*)"')
NO_PAIRS = "the desk leaves that to `dlkit similar`."
HIDDEN = "this page is about people, and you have hidden their names. Show them first"


def to_class(desk: Desk, request: Request, given: Mapping[str, str]) -> Response:
    """The report of a class has an address below which its students have theirs."""
    return RedirectResponse(f"{request.state.base}/class/{desk.chosen(given)}/index", 303)


def report(desk: Desk, request: Request, given: Mapping[str, str]) -> Response:
    """The report of a class as `dlkit report` writes it."""
    return _as_it_is(next(_pages(desk, request))[1])


def part(desk: Desk, request: Request, given: Mapping[str, str]) -> Response:
    """A list that the report of a large class leaves to a page of its own."""
    path = f"{LISTS}/{request.path_params['file']}"
    text = next((text for one, text in _pages(desk, request) if one == path), None)
    if text is None:
        raise Refused("there is no such list", 404)
    return _as_it_is(text)


def _pages(desk: Desk, request: Request) -> Iterator[tuple[str, str]]:
    """The report of a class, and the lists that it leaves to pages of their own."""
    _not_hidden(desk, request)
    name = desk.chosen({"assignment": request.path_params["assignment"]})
    course, _ = desk.policies()
    found = survey(all_marks(desk.book, course, only=name)[name], (), course.rules(name))
    back = (f"{request.state.base}/queue?assignment={name}", "Back to the desk")
    there = {mark.student for mark in found.marks}
    about = sections_of([one for one in responses(desk.book, name) if one.student in there])
    return pages(found, name, similarity=NO_PAIRS, found=found_in(desk, name), sections=about, back=back, index="index")


def feedback(desk: Desk, request: Request, given: Mapping[str, str]) -> Response:
    """A student's feedback as `dlkit feedback` writes it."""
    _not_hidden(desk, request)
    name = desk.chosen({"assignment": request.path_params["assignment"]})
    path = f"students/{request.path_params['file']}"
    student = next((key for key in desk.roll.marks(name) if student_path(key) == path), None)
    if student is None:
        raise Refused("there is no such student", 404)
    course, _ = desk.policies()
    mark = all_marks(desk.book, course, only=name, students=[student])[name][0]
    code = desk.book.texts(mark.row.files) if mark.row and mark.row.files else {}
    zone = None if course == Course() else course.timezone
    html = student_page(
        mark, back="../index", assignment=name, module=module_of(code), folder=desk.folder(name), code=code, zone=zone
    )
    return _as_it_is(html)


def course(desk: Desk, request: Request, given: Mapping[str, str]) -> Response:
    """All assignments: totals, who falls behind, attempts, sections, and how hard the checks are."""
    _not_hidden(desk, request)
    policies, _ = desk.policies()
    marks = desk.roll.all_marks()
    order = in_order(policies, list(marks))
    found = _standings(desk, policies)
    return desk.page(
        request,
        "course.html",
        title="Course",
        room="Course",
        found=found,
        order=order,
        percent=percent,
        behind=behind(marks, order),
        tries={name: tries(desk.book.rows(name, cases=False)) for name in order},
        sections=sections(marks),
        surveys={name: survey(marks[name], (), policies.rules(name)).checks for name in order},
    )


def student(desk: Desk, request: Request, given: Mapping[str, str]) -> Response:
    """One student over all assignments."""
    _not_hidden(desk, request)
    policies, _ = desk.policies()
    found = _standings(desk, policies)
    one = next((one for one in found.students if one.person.id == given.get("id", "")), None)
    if one is None:
        raise Refused("there is no such student, or none with work", 404)
    newest = {row.id: row for row in desk.book.history(one.person.id)}
    return desk.page(
        request,
        "student.html",
        title=one.person.name or one.person.id,
        room="Course",
        one=one,
        order=in_order(policies, list(one.marks)),
        rows=sorted(newest.values(), key=lambda row: row.number),
        total=f"{percent(one.total)} %" if one.total.percent is not None else "no total",
        why=explained(one.total, found.term),
        student_path=student_path,
    )


def in_order(course: Course, names: list[str]) -> list[str]:
    """Assignments by due date, then by name."""
    last = datetime.max.replace(tzinfo=UTC)
    return sorted(names, key=lambda name: (course.rules(name).due or last, name))


def _standings(desk: Desk, policies: Course) -> Standings:
    return standings(desk.book, policies, desk.others, datetime.now(UTC), desk.roll.all_marks())


def _not_hidden(desk: Desk, request: Request) -> None:
    if desk.hidden(request):
        raise Refused(HIDDEN, 403)


def _as_it_is(html: str) -> Response:
    """A page that is also written into files: it has a policy of its own, which allows its own style and script alone."""
    own = POLICY.search(html)
    policy = f"{own[1]}; frame-ancestors 'none'" if own else HEADERS["Content-Security-Policy"]
    return HTMLResponse(html, headers={"Content-Security-Policy": policy.replace("&#39;", "'")})
