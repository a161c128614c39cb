"""A desk on a small class, without a server and without grading anything."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlencode

from autograder.classroom.gradebook import Gradebook, HandIn
from autograder.inbox.people import Person
from autograder.outcome import CaseResult, CheckResult, Grade, Outcome
from autograder.policy import Course

PORT = 8000
ORIGIN = f"http://127.0.0.1:{PORT}"
FORM = "application/x-www-form-urlencoded"
SECRETS = {"a" * 32: "ada", "b" * 32: "ben"}
CODE = "import numpy as np\n\n\ndef softmax(z):\n    # {name}\n    return np.exp(z)\n\n\ndef loss(z):\n    return 0.0\n"


def fill(book: Gradebook, people: list[Person], assignment: str = "hw2", message: str = "it is 1; expected 2") -> dict[str, int]:
    """Hand in and grade one attempt of each person: `softmax` is wrong, `loss` is right. The ids of the attempts by student."""
    book.enrol(people)
    handed = [
        HandIn(who.id, files={"xor.py": CODE.format(name=who.name)}, digest=f"{assignment} {number}")
        for number, who in enumerate(people)
    ]
    numbers = book.hand_in(assignment, handed)
    run = book.begin(assignment, "c")
    for number, who in enumerate(people):
        wrong = CaseResult("typical", Outcome.FAILED, message, message, message)
        checks = (
            CheckResult("softmax", "softmax", Outcome.FAILED, 0.0, 8.0, message, message, "idea", message, 0.1, (wrong,)),
            CheckResult("loss", "loss", Outcome.PASSED, 2.0, 2.0, cases=(CaseResult("typical", Outcome.PASSED),)),
        )
        grade = Grade(assignment, f"The XOR network {message}", who.id, None, checks)
        book.write(run, numbers[who.id, 1], f"k{number}", grade, f"{assignment} {number}", {}, {})
    return {student: number for (student, _), number in numbers.items()}


def desk_of(book: Gradebook, home: Path = Path("nowhere"), course: Course | None = None):
    """A desk on a gradebook."""
    from dlkit.desk.desk import Desk

    policies = course or Course()
    return Desk(book, lambda: (policies, None), home)


@dataclass(frozen=True)
class Answer:
    """What the desk answers."""

    status_code: int
    headers: dict[str, str]
    text: str

    def json(self):
        """The answer to the script of a page."""
        return json.loads(self.text)


class Reader:
    """Somebody who reads at a desk, without a browser and without a server.

    Args:
        desk: the desk.
        name: the name of a reader in `SECRETS`.
    """

    def __init__(self, desk, name: str = "ada") -> None:
        from dlkit.desk.app import app

        self.base = "/" + next(secret for secret, known in SECRETS.items() if known == name)
        self.app = app(desk, SECRETS, PORT)

    def get(self, path: str, **headers: str) -> Answer:
        """The answer to a page."""
        return self.ask("GET", self.base + path, headers)

    def post(self, path: str, headers: dict[str, str] | None = None, **fields: object) -> Answer:
        """The answer to a form of the desk; with other headers, of whoever forges one."""
        data = urlencode({name.replace("__", "."): str(value) for name, value in fields.items()})
        return self.ask("POST", self.base + path, {"Origin": ORIGIN, "Content-Type": FORM, **(headers or {})}, data)

    def ask(self, method: str, path: str, headers: dict[str, str], data: str = "") -> Answer:
        """The answer to a request; nothing listens to a network."""
        place, _, query = path.partition("?")
        given = {"Host": f"127.0.0.1:{PORT}", **headers}
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": method,
            "scheme": "http",
            "path": place,
            "raw_path": place.encode(),
            "root_path": "",
            "query_string": quote(query, safe="=&%+").encode(),
            "headers": [(name.lower().encode(), value.encode()) for name, value in given.items()],
            "client": ("127.0.0.1", 1),
            "server": ("127.0.0.1", PORT),
        }
        sent = []

        async def receive():
            return {"type": "http.request", "body": data.encode(), "more_body": False}

        async def send(message):
            sent.append(message)

        asyncio.run(self.app(scope, receive, send))
        named = {name.decode().lower(): value.decode() for name, value in sent[0]["headers"]}
        return Answer(sent[0]["status"], named, b"".join(one.get("body", b"") for one in sent[1:]).decode())
