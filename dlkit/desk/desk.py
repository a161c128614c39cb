"""What every page of the desk shares: the class, who looks at it, whether names are hidden, and how a page is drawn."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from autograder.classroom.gradebook import Gradebook, GradebookError
from autograder.classroom.gradebook.reading import State, requests
from autograder.classroom.marks import Mark
from autograder.classroom.mistakes import Found
from autograder.inbox.people import Person
from autograder.policy import Course
from autograder.policy.lateness import stamp as moment
from autograder.policy.scoring import number
from autograder.report import pages
from autograder.report.words import SYMBOLS
from autograder.text.errors import DlkitError
from dlkit.desk.doors import fields
from dlkit.desk.jobs import Jobs
from dlkit.desk.queues import mixed
from dlkit.desk.roll import Roll

if TYPE_CHECKING:
    from jinja2 import Environment

TEMPLATES = Path(__file__).parent / "templates"
STATIC = {"desk.css": "text/css", "desk.js": "text/javascript"}
ROOMS = {
    "Read": "queue",
    "Same wrong answer": "same",
    "Class": "class",
    "Course": "course",
    "Requests": "requests",
    "Comments": "comments",
}
KEYS = {
    "j / k": "next and previous check, or submission in a list",
    "Enter": "open, or save the points",
    "e": "points by hand for this check",
    "r": "read: note that, and go on to the next",
    "l": "set aside for later, and go on",
    "n / p": "next and previous submission",
    "↑ / ↓": "move the line in the code",
    "c": "comment on this line",
    "1 … 9": "put a comment that you use again on this line",
    "Ctrl Enter": "save the comment",
    "Esc": "leave a field",
    "h": "hide or show names",
    "u": "up, to the list",
    "?": "this list",
}
INSIDE = re.compile(r"/[^/\\\s][^\\\s]*|/")  # an address of the desk, as a form says where to go back to
LONGEST = 4000  # characters of a comment
SHORT = 4  # letters of a name that may stand in code by chance


class Refused(Exception):  # noqa: N818 - what somebody asked for, and no fault
    """What was asked for cannot be done; the text is a sentence, and nothing was written."""

    def __init__(self, sentence: str, status: int = 400) -> None:
        super().__init__(sentence)
        self.status = status


class Desk:
    """A course that is open in a browser.

    Args:
        book: its gradebook.
        policies: those of the course, and a stamp that changes with them.
        home: the folder that holds `assignments/` and `solutions/`.
        others: the folder from which the course's policies name the files of other marks.
    """

    def __init__(
        self, book: Gradebook, policies: Callable[[], tuple[Course, object]], home: Path, others: Path | None = None
    ) -> None:
        self.book = book
        self.home = home
        self.others = others or home
        self.policies = policies
        self.roll = Roll(book, policies)
        self.jobs = Jobs()
        self.nameless: set[str] = set()  # readers who hide names
        self.groups: dict[str, tuple[State, Found]] = {}  # of equal wrong answers, and when they were looked for

    @cached_property
    def stamp(self) -> str:
        """Changes with the files that browsers may keep."""
        return hashlib.sha256(b"".join((TEMPLATES / name).read_bytes() for name in STATIC)).hexdigest()[:12]

    def folder(self, assignment: str) -> Path | None:
        """The folder of an assignment, if it is here."""
        folder = self.home / "assignments" / assignment
        return folder if assignment in self.roll.assignments() and (folder / "checks.py").is_file() else None

    def chosen(self, given: Mapping[str, str]) -> str:
        """The assignment that an address names, or the last one."""
        there = self.roll.assignments()
        if given.get("assignment", "") not in (*there, ""):  # somebody may have begun to grade it
            there = sorted(self.roll.all_marks())
        name = given.get("assignment", "")
        if not there:
            raise Refused(f"{self.book.where} has no submissions: grade a class first, with --submissions", 404)
        if name and name not in there:
            raise Refused(f"there is no assignment {name[:80]!r} in the gradebook. There are: {', '.join(there)}", 404)
        return name or there[-1]

    def hidden(self, request: Request) -> bool:
        """Whether who asks has hidden the names."""
        return request.state.reader in self.nameless

    def called(self, attempt: int, mark: Mark | None, name: str, hidden: bool) -> str:
        """What a submission is called on a page."""
        return f"Submission {mixed(attempt)[:5]}" if hidden else (mark.name if mark else "") or name

    def page(self, request: Request, template: str, status: int = 200, **about: Any) -> Response:
        """A page of the desk."""
        assignment = about.get("assignment") or ""
        more = f"?{urlencode({'assignment': assignment})}" if assignment else ""
        html = (
            _templates()
            .get_template(template)
            .render(
                {
                    "title": assignment or "desk",
                    "stamp": self.stamp,
                    "base": request.state.base,
                    "reader": request.state.reader,
                    "here": _here(request),
                    "hidden": self.hidden(request),
                    "assignments": self.roll.assignments(),
                    "assignment": assignment,
                    "rooms": [(f"{path}{more}", words) for words, path in ROOMS.items()],
                    "room": "",
                    "waiting": sum(one.state == "open" for one in requests(self.book)),
                    "notice": self.jobs.notices.pop(request.state.reader, ""),
                    **about,
                }
            )
        )
        return HTMLResponse(html, status)

    def message(self, request: Request, title: str, sentence: str, status: int = 200, back: str = "") -> Response:
        """A page with one sentence."""
        end = "" if sentence.endswith((".", "?")) else "."
        said = f"{sentence[:1].upper()}{sentence[1:]}{end}"
        return self.page(request, "message.html", status, title=title, sentence=said, back=back)

    def tell(self, request: Request, sentence: str) -> None:
        """Say something on the next page."""
        self.jobs.notices[request.state.reader] = sentence

    def back(self, request: Request, form: Mapping[str, str], to: str = "", anchor: str = "") -> Response:
        """After a form: back to where it was, or on."""
        place = to or form.get("back", "")
        if not INSIDE.fullmatch(place):
            place = "/"
        return RedirectResponse(request.state.base + place.split("#")[0].rstrip("?&") + (f"#{anchor}" if anchor else ""), 303)

    def answering(self, work: Callable[[Desk, Request, Mapping[str, str]], Response]) -> Any:
        """What answers a request: `work` in a thread, with the query or the form; a page for whatever is refused."""
        from starlette.concurrency import run_in_threadpool

        def answer(request: Request, given: Mapping[str, str]) -> Response:
            try:
                return work(self, request, given)
            except Refused as error:
                return self.message(request, "This cannot be done", str(error), error.status, given.get("back", ""))
            except GradebookError as error:
                return self.message(request, "The gradebook says no", str(error), 409, given.get("back", ""))
            except DlkitError as error:
                return self.message(request, "This cannot be done", str(error), 400, given.get("back", ""))

        async def endpoint(request: Request) -> Response:
            try:
                given = dict(await fields(request)) if request.method == "POST" else dict(request.query_params)
            except ValueError as error:  # also what is no UTF-8
                return self.message(request, "This cannot be done", f"the form cannot be read: {error}", 400)
            return await run_in_threadpool(answer, request, given)

        return endpoint


def masked(text: str, people: Collection[Person]) -> str:
    """A text without the names, keys and addresses of those whose work it is."""
    for person in people:
        for name in sorted({person.name, person.id, person.email, person.login, *person.name.split()}, key=len, reverse=True):
            if len(name) >= SHORT:
                text = re.sub(re.escape(name), "…", text, flags=re.IGNORECASE)
    return text


def conflict(
    desk: Desk, request: Request, action: str, theirs: list[tuple[str, str]], kept: Mapping[str, str], mine: list[Any]
) -> Response:
    """Both texts, and neither lost."""
    return desk.page(
        request,
        "conflict.html",
        409,
        title="Changed meanwhile",
        action=action,
        theirs=theirs,
        kept=[pair for pair in kept.items() if pair[1]],
        mine=mine,
        back=kept["back"] or "/",
    )


def text_of(text: str, most: int = LONGEST, *, one_line: bool = False) -> str:
    """A text that somebody typed, as it is kept."""
    text = " ".join(text.split()) if one_line else text.replace("\r\n", "\n").strip()
    if len(text) > most:
        raise Refused(f"a text has at most {most} characters here. Received: {len(text)}")
    return text


def static(desk: Desk, request: Request, given: Mapping[str, str]) -> Response:
    """A file of ours that a browser may keep."""
    name = request.path_params["name"]
    if name not in STATIC:
        raise Refused("there is no such file", 404)
    headers = {"Cache-Control": "private, max-age=86400, immutable"}
    return Response((TEMPLATES / name).read_bytes(), 200, headers, STATIC[name])


def plainly(markup: str) -> Markup:
    """HTML that a function of ours made, as it is."""
    return Markup(markup)  # noqa: S704 - its maker escapes


@cache
def _templates() -> Environment:
    filters: dict[str, Callable[..., Any]] = {
        "prose": pages.prose,
        "breakable": pages.breakable,
        "number": number,
        "moment": lambda text: moment(datetime.fromisoformat(text)),
        "query": urlencode,
    }
    return pages.environment(filters, pages.shown, (TEMPLATES,), symbols=SYMBOLS, keys=KEYS.items())


def _here(request: Request) -> str:
    """The address of a page, as its forms say where to go back to."""
    query = request.url.query if request.method == "GET" else ""
    return str(request.scope["path"]) + (f"?{query}" if query else "")
