"""Requests: what students want to have looked at again, and who decided what, and why."""

from __future__ import annotations

import json
from collections.abc import Mapping

from starlette.requests import Request as Asking
from starlette.responses import Response

from autograder.classroom.gradebook import ChangedError
from autograder.classroom.gradebook import reading as written
from autograder.classroom.gradebook.values import Request
from autograder.submission.asking import MOST_CHARACTERS, Asked, asked
from autograder.text import meant
from dlkit.desk.desk import Desk, Refused, conflict, text_of
from dlkit.desk.queues import whole

STATES = {"open": "open", "granted": "granted", "declined": "declined"}
SOURCES = {"submit": "handed in with the work", "file": "from a file", "staff": "entered by staff"}


def requests(desk: Desk, request: Asking, given: Mapping[str, str]) -> Response:
    """All requests, the open ones first."""
    hidden = desk.hidden(request)
    attempts: dict[tuple[str, str], int] = {}
    called: dict[tuple[str, str], str] = {}
    for name in desk.roll.assignments():
        for work in desk.roll.works(name):
            for student in work.students:
                attempts[name, student] = work.attempt
                called[name, student] = desk.called(work.attempt, work.mark, student, hidden)
    found = written.requests(desk.book)
    return desk.page(
        request,
        "requests.html",
        title="Requests",
        room="Requests",
        requests=sorted(found, key=lambda one: (one.state != "open", -one.id)),
        attempts=attempts,
        called=called,
        sources=SOURCES,
        chosen=given.get("assignment", ""),
    )


def ask(desk: Desk, request: Asking, form: Mapping[str, str]) -> Response:
    """Take in a request that staff enter, or the file that a student has sent."""
    if file := form.get("file", "").strip():
        try:
            told = json.loads(file)
        except (ValueError, RecursionError):
            told = None
        found = asked(told)
        if not isinstance(told, dict) or not found:
            raise Refused("this is not the file that a feedback page makes of a request. Enter the request by hand")
        assignment, student, source = str(told.get("assignment", "")), str(told.get("student", "")), "file"
    else:
        text = text_of(form.get("text", ""), MOST_CHARACTERS)
        if not text:
            raise Refused("a request needs a text")
        found = (Asked(form.get("check", "").strip(), text),)
        assignment, student, source = form.get("assignment", ""), form.get("student", "").strip(), "staff"
    assignment = desk.chosen({"assignment": assignment})
    known = desk.roll.marks(assignment)
    if student not in known:
        raise Refused(f"{assignment} has no student {student[:80]!r}.{meant(student[:80], known)}")
    row = known[student].row
    checks = {check.name for check in row.grade.checks} if row and row.grade else set()
    for one in found:
        if one.check and one.check not in checks:
            raise Refused(f"{assignment} has no check {one.check[:80]!r}.{meant(one.check[:80], checks)}")
    new = sum(written.ask(desk.book, assignment, student, one.text, source, one.check) for one in found)
    desk.tell(request, "The request is taken in." if new else "This request was there already.")
    return desk.back(request, {}, "/requests")


def decide(desk: Desk, request: Asking, form: Mapping[str, str]) -> Response:
    """Decide a request, or open it again; unless somebody else was first."""
    key, state, why = whole(form.get("request", "")), form.get("state", ""), text_of(form.get("why", ""))
    if state not in STATES:
        raise Refused("a request is granted, declined or open")
    if state == "declined" and not why:
        raise Refused("say why: the student reads it")
    try:
        written.decide(desk.book, key, state, why, request.state.reader, whole(form.get("seen", "")))
    except ChangedError as error:
        theirs = error.newest
        assert isinstance(theirs, Request)  # noqa: S101 - of a request
        stands = [("decided", theirs.state), ("why", theirs.why or "none"), ("by", f"{theirs.by}, {theirs.decided}")]
        kept = {"request": str(key), "state": state, "seen": str(theirs.version), "back": form.get("back", "")}
        return conflict(desk, request, "decide", stands, kept, [("why", f"Why it is {state}", why)])
    return desk.back(request, form, anchor=f"request-{key}")
