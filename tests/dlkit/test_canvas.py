"""`dlkit canvas`: a course by the API of Canvas, on a small server of its documented endpoints on loopback."""

from __future__ import annotations

import re

import pytest
from canvas import TOKEN, served
from click.testing import CliRunner
from collecting import needs
from marking import check, write

from autograder.classroom.gradebook import Gradebook
from autograder.inbox.people import Person
from autograder.inbox.roster import read_roster
from dlkit.cli import main

needs("canvasapi", "canvasapi is not installed: pip install 'dlkit[canvas]'")

CLASS = [
    (Person("s0001", "Ada"), check("sigmoid", 50.0), check("train_xor", 20.0)),
    (Person("s0002", "Bob"), check("sigmoid", 0.0), check("train_xor", 0.0)),
    (Person("s0003", "Cleo"), check("sigmoid", 0.0), check("train_xor", 0.0)),
]


@pytest.fixture
def server(tmp_path, monkeypatch):
    """A server, a folder with a gradebook to work in, and a token."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CANVAS_TOKEN", TOKEN)
    monkeypatch.setenv("COLUMNS", "100")
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    with Gradebook("gradebook.db") as book:
        for person, *checks in CLASS:
            write(book, person, *checks)
    with served() as canvas:
        monkeypatch.setenv("CANVAS_URL", canvas.url)
        yield canvas


@pytest.fixture
def waits(monkeypatch):
    """The seconds that are waited, without waiting."""
    waited = []
    monkeypatch.setattr("dlkit.canvas.connection.time.sleep", waited.append)
    return waited


def run(*arguments):
    """A command, in this process; a traceback or the token in what it says fails the test."""
    done = CliRunner().invoke(main, ["canvas", *arguments, "--course-id", "3"])
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    assert TOKEN not in done.output
    return done


def marks(*options):
    return run("marks", "hw2", *options)


def joined(server, number, key, score):
    """One more student, in the gradebook with 50 points and this score, and in Canvas."""
    with Gradebook("gradebook.db") as book:
        write(book, Person(key, key.title()), check("sigmoid", 50.0), check("train_xor", score))
    server.users.append({**server.users[0], "id": number, "name": key.title(), "login_id": key})
    server.submissions[number] = {"user_id": number, "assignment_id": 7, "score": None}


def code_in(done):
    return re.search(r"--write (\w+)", done.output)[1]


def test_the_first_run_shows_who_from_and_to_and_writes_nothing(server):
    """A table of each mark that would change, who is left out, and a code; Canvas is only read."""
    server.submissions[1]["score"] = 60.0
    done = marks()
    assert done.exit_code == 0, done.output
    assert re.search(r"s0001 +Ada +60 +70", done.output) and re.search(r"s0002 +Bob +none +0", done.output)
    assert "in Canvas, but not in the gradebook: Eve" in done.output and "with a mark, but not in Canvas: s0003" in done.output
    assert "Nothing was written" in done.output and server.written == []
    assert {method for method, *_ in server.asked} == {"GET"}


def test_the_second_run_writes_what_the_first_showed(server):
    """With the code, each change is written once; a third run finds nothing to change."""
    done = marks("--write", code_in(marks()))
    assert done.exit_code == 0, done.output
    assert sorted(server.written) == [(1, 70.0), (2, 0.0)]
    assert "2 of 2 marks written to `HW2`" in done.output
    assert "Nothing would change" in marks().output


def test_changes_that_nobody_saw_are_not_written(server):
    """If a mark in Canvas has changed since the table, the code is no longer good."""
    code = code_in(marks())
    server.submissions[1]["score"] = 99.0
    done = marks("--write", code)
    assert (done.exit_code, server.written) == (2, [])
    assert f"{code} does not stand for these changes" in done.output and re.search(r"s0001 +Ada +99 +70", done.output)


def test_excused_students_and_open_grader_errors_stay(server):
    """Neither gets a mark, and both are listed."""
    server.submissions[1]["excused"] = True
    joined(server, 4, "s0004", None)
    done = marks()
    assert "s0001: excused in Canvas" in done.output and "s0004: has a grader error" in done.output
    assert code_in(done) and "1 to change" in done.output  # Bob's


def test_a_column_of_other_points_needs_scale(server):
    """Marks out of 100 are not written into a column of 10, unless they are rescaled."""
    server.assignments[0]["points_possible"] = 10.0
    done = marks()
    assert done.exit_code == 2 and "worth 10 points in Canvas, but the marks are out of 100" in done.output
    assert re.search(r"s0001 +Ada +none +7\b", marks("--scale").output)


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"grading_type": "pass_fail"}, "takes no points"),
        ({"anonymize_students": True}, "graded anonymously"),
        ({"moderated_grading": True}, "moderated"),
    ],
)
def test_a_column_that_takes_no_mark_is_refused(server, more, sentence):
    """What kind of column it is decides if marks can be written at all."""
    server.assignments[0] |= more
    done = marks()
    assert (done.exit_code, sentence in done.output) == (2, True), done.output


def test_the_column_is_named_where_none_or_several_fit(server):
    """The titles that there are, with their numbers; either chooses."""
    server.assignments = [{**server.assignments[0], "name": "Homework two"}, {"id": 8, "name": "Other"}]
    done = marks()
    assert done.exit_code == 2 and "`Homework two` (7), `Other` (8)" in done.output
    assert marks("--column", "7").exit_code == marks("--column", "homework TWO").exit_code == 0


def grouped(server, **more):
    server.assignments[0] |= {"group_category_id": 4, **more}
    server.groups = [
        {"id": 40, "name": "Team 1", "group_category_id": 4, "users": [{"id": 1}, {"id": 2}]},
        {"id": 50, "name": "Others", "group_category_id": 6, "users": [{"id": 9}]},
    ]


def test_members_with_different_marks_are_refused_where_a_group_shares_one(server):
    """Canvas would give one's mark to all; if it grades members one by one, each gets their own."""
    grouped(server)
    done = marks()
    assert done.exit_code == 2 and "Team 1 (s0001 70, s0002 0)" in done.output
    server.assignments[0]["grade_group_students_individually"] = True
    assert marks().exit_code == 0


def test_a_group_that_shares_a_mark_is_written_once(server):
    """One request for a group; Canvas passes it on to the members."""
    grouped(server)
    joined(server, 4, "s0004", 20.0)
    server.groups[0]["users"] = [{"id": 1}, {"id": 4}]
    assert marks("--write", code_in(marks())).exit_code == 0
    assert sorted(server.written) == [(1, 70.0), (2, 0.0)]


def test_points_that_canvas_takes_off_are_told(server):
    """What somebody entered is compared, and a late policy of Canvas is named."""
    server.submissions[1] |= {"entered_score": 70.0, "score": 60.0, "points_deducted": 10.0}
    done = marks()
    assert "1 already there" in done.output and "with points taken off by Canvas: s0001" in done.output


def test_the_roster_is_read_as_any_other(server, tmp_path):
    """All pages of students, with section, the number in Canvas, and the groups of an assignment."""
    grouped(server)
    done = run("roster", "--column", "HW2")
    assert done.exit_code == 0 and "3 students" in done.output, done.output
    assert read_roster(tmp_path / "roster.csv") == [
        Person("eve", "Eve", section="Monday", canvas_id="9"),
        Person("s0001", "Ada", section="Monday", canvas_id="1", group="Team 1"),
        Person("s0002", "Bob", section="Monday", canvas_id="2", group="Team 1"),
    ]


@pytest.fixture
def spec(tmp_path):
    """The assignment that submissions are fetched for."""
    folder = tmp_path / "assignments" / "hw2"
    folder.mkdir(parents=True)
    (folder / "checks.py").write_text(
        "from autograder import Assignment, Outputs\n"
        'assignment = Assignment(title="XOR", files=["xor.py"], checks=[Outputs("f", on=lambda rng: {"a": {"x": 1.0}}, points=9)])\n'
    )


def test_submissions_get_the_names_of_canvas_s_own_download(server, spec, tmp_path):
    """Late work is marked, a name is no path, and what is too large is only listed."""
    server.submissions[1]["late"] = True
    server.attach(1, 11, "xor.py", b"x = 1\n")
    server.attach(2, 12, "../xor.py", b"x = 2\n")
    server.attach(9, 13, "film.mp4", b"", size=2**30)
    done = run("submissions", "hw2", "--out", "inbox")
    assert done.exit_code == 0, done.output
    found = {path.name: path.read_text() for path in (tmp_path / "inbox").iterdir()}
    assert found == {"ada_LATE_1_11_xor.py": "x = 1\n", "bob_2_12_.._xor.py": "x = 2\n"}
    assert "larger than 20 MB: eve_9_13_film.mp4" in done.output


def test_a_groups_submission_is_fetched_once(server, spec, tmp_path):
    """Canvas has a copy for each member; one is enough."""
    grouped(server)
    for user in (1, 2):
        server.attach(user, 11, "xor.py", b"x = 1\n")
        server.submissions[user]["group"] = {"id": 40, "name": "Team 1"}
    assert run("submissions", "hw2", "--out", "inbox").exit_code == 0
    assert [path.name for path in (tmp_path / "inbox").iterdir()] == ["ada_1_11_xor.py"]


def test_a_folder_that_holds_something_is_refused(server, spec, tmp_path):
    """Submissions go into a new or empty folder, and Canvas is not even asked."""
    (tmp_path / "inbox").mkdir()
    (tmp_path / "inbox" / "mine").touch()
    assert "must be a new or empty folder" in run("submissions", "hw2", "--out", "inbox").output
    assert server.asked == []


def test_the_token_goes_to_no_other_server(server, spec):
    """A file that lies elsewhere is fetched without it."""
    with served() as other:
        other.throttle = [(200, b"x = 1\n", {})]
        server.attach(1, 11, "xor.py", b"", url=f"{other.url}/files/11")
        assert run("submissions", "hw2", "--out", "inbox").exit_code == 0
        assert other.asked == [("GET", "/files/11", False)]


@pytest.mark.parametrize("first", [(429, b"", {"Retry-After": "3"}), (403, b"403 Forbidden (Rate Limit Exceeded)", {})])
def test_a_limit_is_waited_for(server, waits, first):
    """A request that Canvas throttles, by its new or its old status, is made again after a while."""
    server.throttle = [first]
    assert marks().exit_code == 0
    assert waits == [3.0 if first[2] else 1.0]


def test_a_limit_that_does_not_end_is_told(server, waits):
    """After some waits, one sentence."""
    server.throttle = [(429, b"", {})] * 20
    done = marks()
    assert done.exit_code == 2 and "rate limit" in done.output and len(waits) == 6


@pytest.mark.parametrize(
    ("status", "sentence"),
    [
        (401, "does not accept the token in CANVAS_TOKEN"),
        (403, "does not allow the course"),
        (404, "does not have the course"),
        (500, "it refused the course"),
    ],
)
def test_what_canvas_refuses_is_a_sentence(server, status, sentence):
    """No traceback, no token, and what to do."""
    server.status = status
    done = marks()
    assert (done.exit_code, sentence in done.output) == (2, True), done.output


def test_a_next_page_elsewhere_is_not_followed(server):
    """A Link header that points to another server ends in a sentence."""
    server.next = "https://elsewhere.example/api/v1/users?page=2"
    assert "not what Canvas's documentation says" in marks().output


@pytest.mark.parametrize(
    "url", ["http://canvas.example.edu", "canvas.example.edu", "https://me:pw@canvas.example.edu", "file:///x"]
)
def test_only_https_will_do(server, url):
    """An address over which others could read the token is refused before anything is sent."""
    done = marks("--url", url)
    assert done.exit_code == 2 and "must be like https://canvas.example.edu" in done.output


def test_a_token_is_needed(server, monkeypatch):
    """It comes from the environment only, and where to make one is said."""
    monkeypatch.delenv("CANVAS_TOKEN")
    done = marks()
    assert done.exit_code == 2 and "CANVAS_TOKEN" in done.output and "New Access Token" in done.output
    assert server.asked == []


def test_a_server_that_is_not_there_is_told(server):
    """No traceback where nobody answers."""
    assert "cannot be reached" in marks("--url", "http://127.0.0.1:9").output
