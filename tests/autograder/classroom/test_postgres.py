"""The gradebook in a real PostgreSQL server: the same grades, several writers, and a sentence when it is gone."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from collecting import needs

from autograder.classroom.gradebook import Adjustment, ChangedError, Gradebook, GradebookError, HandIn
from autograder.classroom.gradebook import reading as written
from autograder.classroom.gradebook.examining import examine
from autograder.inbox.people import Person
from autograder.observation.answer import Answer, Ending
from autograder.outcome import CaseResult, CheckResult, Grade, Notice, NoticeKind, Outcome
from autograder.submission.responses import Response

needs("psycopg", "psycopg is not installed: pip install 'dlkit[postgres]'")

PROGRAMS = (
    sorted(Path("/usr/lib/postgresql").glob("*/bin")) if shutil.which("initdb") is None else [Path(shutil.which("initdb")).parent]
)
SOMEBODY = 65534  # PostgreSQL refuses to be run by root
READY_SECONDS = 30

pytestmark = pytest.mark.skipif(not PROGRAMS, reason="there is no PostgreSQL server here (Debian: apt install postgresql)")


class Server:
    """A server of our own, without a network, in a folder of its own."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))
        self.who = {"user": SOMEBODY, "group": SOMEBODY, "extra_groups": []} if os.getuid() == 0 else {}
        if self.who:
            os.chown(self.folder, SOMEBODY, SOMEBODY)
        self.run("initdb", "-D", self.data, "-U", "teacher", "-A", "trust", "--no-sync")
        self.url = f"postgresql+psycopg://teacher@/postgres?host={self.folder}"

    @property
    def data(self) -> str:
        """Where the database lies."""
        return str(self.folder / "data")

    def run(self, program: str, *arguments: str) -> None:
        """Run one of PostgreSQL's programs as its user."""
        command = [str(PROGRAMS[-1] / program), *arguments]
        subprocess.run(command, check=True, capture_output=True, cwd="/", timeout=120, **self.who)

    def start(self) -> None:
        """Start it, and wait until it answers."""
        options = f"-k {self.folder} -c listen_addresses='' -c fsync=off"
        self.run("pg_ctl", "-D", self.data, "-o", options, "-l", str(self.folder / "log"), "-w", "start")

    def stop(self) -> None:
        """Stop it at once."""
        self.run("pg_ctl", "-D", self.data, "-m", "immediate", "-w", "stop")


@pytest.fixture(scope="module")
def server():
    """A server for the tests of this file."""
    found = Server()
    found.start()
    yield found
    found.stop()
    shutil.rmtree(found.folder)


def grade_of(student, score):
    """A grade with one check and one case."""
    case = CaseResult("tiny", Outcome.FAILED, "it is 3; expected 4 — «é»", "printed\n", "f(1)")
    check = CheckResult("f", "f", Outcome.PARTIAL, score, 10.0, "message", "hint", "f-off-by-one", "why", 0.1, (case,))
    return Grade(
        "hw2", "Title", student, None, (check,), ("landlock 7",), {"python": "3"}, 1.5, (Notice(NoticeKind.STOPPED, "line 3"),)
    )


def handed(student):
    """An attempt of a student."""
    return HandIn(student, files={"x.py": f"# {student}"}, digest=f"digest of {student}")


def test_a_grade_comes_back_as_it_was(server):
    """What PostgreSQL gives back is what was written, and the answers to the byte."""
    with Gradebook(server.url) as book:
        number = book.hand_in("hw2", [handed("ada")])["ada", 1]
        book.write(
            book.begin("hw2", "c"), number, "key", grade_of("ada", 7.5), "digest of ada", {"question": b"\x00\xffbytes"}, {}
        )
    with Gradebook(server.url) as book:
        (row,) = book.rows("hw2")
        assert row.grade == grade_of("ada", 7.5)
        assert book.kept("digest of ada") == {"question": b"\x00\xffbytes"}
        assert book.seed("hw2") == book.seed("hw2")


def test_several_write_at_a_time(server):
    """Graders on several machines hand in and write the same class, and everybody has one result."""
    students = [f"s{number:02}" for number in range(20)]

    def grader(number):
        with Gradebook(server.url) as book:
            numbers = book.hand_in("hw3", [handed(student) for student in students])
            for student in students[number:] + students[:number]:
                book.write(
                    book.begin("hw2", "c"),
                    numbers[student, 1],
                    "key",
                    grade_of(student, 5.0),
                    f"digest of {student}",
                    {"q": b"a"},
                    {},
                )

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(grader, range(4)))
    with Gradebook(server.url) as book:
        assert [row.student for row in book.rows("hw3")] == students
        assert all(row.grade is not None and row.grade.score == 5.0 for row in book.rows("hw3"))
        assert len(book.graded("hw3")) == len(students)


def test_a_server_that_is_gone_is_told(server):
    """Losing it in the middle costs a sentence; what was written is there when it is back."""
    with Gradebook(server.url) as book:
        number = book.hand_in("hw4", [handed("ada")])["ada", 1]
        book.write(book.begin("hw2", "c"), number, "key", grade_of("ada", 1.0), "digest of ada", {}, {})
        server.stop()
        try:
            with pytest.raises(GradebookError, match="cannot be reached"):
                book.rows("hw4")
            with pytest.raises(GradebookError, match="cannot be reached"):
                Gradebook(server.url)
        finally:
            time.sleep(0.1)
            server.start()
        assert book.rows("hw4")[0].grade.score == 1.0


def test_of_several_who_change_the_same_one_is_first(server):
    """Points, comments and requests: one is written, and the others are told; nothing is overwritten unseen."""
    with Gradebook(server.url) as book:
        number = book.hand_in("hw5", [handed("ada")])["ada", 1]
        book.write(book.begin("hw5", "c"), number, "key5", grade_of("ada", 1.0), "digest of ada", {}, {})
        written.say(book, number, "x.py", 1, "ben", text="Old", reusable=True)
        written.ask(book, "hw5", "ada", "Look again.", "staff")
        (comment,), (request,) = written.comments(book), written.requests(book, "hw5")

    def change(who):
        done = []
        with Gradebook(server.url) as book:
            for work in (
                lambda: book.adjust(Adjustment("hw5", "ada", who, "", f"{who}", "2026-11-29T12:00:00+00:00", "f"), seen=[0]),
                lambda: written.reword(book, comment.id, f"{who}", True, f"{who}", comment.version),
                lambda: written.decide(book, request.id, "granted", f"{who}", f"{who}", request.version),
            ):
                try:
                    work()
                    done.append(True)
                except ChangedError as error:
                    assert error.newest is not None
                    done.append(False)
            written.read_by(book, number, f"{who}")
            written.review(book, number, f"{who}")
        return done

    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(change, range(4)))
    assert [sum(one) for one in zip(*found, strict=True)] == [1, 1, 1]
    with Gradebook(server.url) as book:
        assert len(written.readers(book, "nobody")) == 1
        assert written.touched(book, (0, 0, 0, 0)) >= {"ada"}
        assert written.state(book)[1] == 1


def schema_1():
    """The columns of each table of schema 1."""
    with closing(sqlite3.connect(":memory:")) as book:
        book.executescript((Path(__file__).parent / "gradebook_schema_1.sql").read_text())
        tables = [name for (name,) in book.execute("select name from sqlite_master where type = 'table'")]
        return {name: {row[1] for row in book.execute(f"pragma table_info({name})")} for name in tables}


def test_a_gradebook_of_schema_1_is_migrated(server):
    """In the server's own transaction: the grades stay, the new columns are there, and two who open it at once do no harm."""
    import psycopg

    with psycopg.connect(f"host={server.folder} user=teacher dbname=postgres", autocommit=True) as connection:
        connection.execute("create database old")
    url = server.url.replace("/postgres?", "/old?")
    with Gradebook(url) as book:
        number = book.hand_in("hw2", [handed("ada")])["ada", 1]
        book.write(book.begin("hw2", "c"), number, "key", grade_of("ada", 7.5), "digest of ada", {}, {})
    with psycopg.connect(f"host={server.folder} user=teacher dbname=old") as connection:  # as schema 1 was
        then = schema_1()
        now = connection.execute("select table_name, column_name from information_schema.columns where table_schema = 'public'")
        for table, column in now.fetchall():
            if table in then and column not in then[table]:
                connection.execute(f'alter table {table} drop column "{column}"')
        for (table,) in connection.execute("select tablename from pg_tables where schemaname = 'public'").fetchall():
            if table not in then:
                connection.execute(f"drop table {table} cascade")
        connection.execute("update facts set value = '1'")
        connection.execute(
            'update results set grade = replace(grade, \'[["stopped", "line 3"]]\', \'["line 3 did not run (x)"]\')'
        )

    def opened(_):
        with Gradebook(url) as book:
            return book.rows("hw2")[0].grade

    with ThreadPoolExecutor(3) as pool:
        assert (
            list(pool.map(opened, range(3)))
            == [replace(grade_of("ada", 7.5), notices=(Notice(NoticeKind.STOPPED, "line 3 did not run (x)"),))] * 3
        )
    with Gradebook(url) as book:
        book.hand_in("hw2", [HandIn("bob", files={"x.py": ""}, digest="d", group="Team", members=(Person("cleo"),))])
        assert book.rows("hw2")[1].members == ("cleo",)


def test_responses_come_back_as_they_were(server):
    """What nobody grades: texts, what is not known, and what is right or wrong."""
    given = (Response("prediction", "xor", "yes", "no", False), Response("prediction", "rate", "0.1, 0.2", second="é"))
    with Gradebook(server.url) as book:
        book.hand_in("hw6", [replace(handed("ada"), responses=given)])
        book.hand_in("hw6", [replace(handed("ada"), responses=given)])
        assert tuple(one.response for one in written.responses(book, "hw6")) == given


def test_the_doctor_examines_a_server(server):
    """Each finding is there, nothing is written, the password is not told, and a wrong cell is named."""
    import psycopg

    with psycopg.connect(f"host={server.folder} user=teacher dbname=postgres", autocommit=True) as connection:
        connection.execute("create database examined")
    url = server.url.replace("/postgres?", "/examined?").replace("teacher@", "teacher:secret@")
    with Gradebook(url) as book:
        book.enrol([Person("ada", "Ada")])
        number = book.hand_in("hw2", [handed("ada"), handed("bob")])["ada", 1]
        array = np.random.default_rng(0).normal(size=3000)
        answers = {
            "small": Answer(Ending.RETURNED, {"": array[:3]}).to_bytes(),
            "large": Answer(Ending.RETURNED, {"": array}).to_bytes(),
        }
        book.write(book.begin("hw2", "c"), number, "key", grade_of("ada", 7.5), "digest of ada", answers, {})
    found = {one.about: one for one in examine(url)}
    assert "secret" not in found["database"].sentence
    assert [name for name, one in found.items() if not one.fine] == ["students", "grades"]
    assert found["answers"].sentence == "1 bundles of answers can be opened"
    assert found["grades"].sentence == "without one: 1 of hw2"

    with psycopg.connect(f"host={server.folder} user=teacher dbname=examined") as connection:
        connection.execute("update checks set outcome = 'lost'")
        connection.execute("update kept set data = 'x' where files = 'contents'")
    found = {one.about: one for one in examine(url)}
    assert "`checks.outcome` of ada" in found["values"].sentence
    assert "1 of their contents cannot be opened" in found["answers"].sentence
