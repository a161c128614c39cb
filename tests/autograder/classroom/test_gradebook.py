"""The gradebook: schemas and their migrations, whose an attempt is and which, and its address without secrets."""

from __future__ import annotations

import io
import json
import re
import sqlite3
import subprocess
import sys
from contextlib import closing, suppress
from pathlib import Path

import pytest
from sampling import sample

from autograder.classroom.gradebook import Adjustment, Gradebook, GradebookError, HandIn
from autograder.classroom.gradebook.database import masked, without_secrets
from autograder.classroom.gradebook.reading import responses
from autograder.classroom.gradebook.tables import SCHEMA, Base
from autograder.classroom.marks import marks
from autograder.export.table import in_short
from autograder.inbox.people import Person
from autograder.outcome import CheckResult, Grade, Notice, NoticeKind, Outcome, total
from autograder.policy import Course, parse
from autograder.report.console import PlainConsole
from autograder.report.progress import print_marks, print_runs
from autograder.report.responses import sections
from autograder.report.survey import survey
from autograder.submission.responses import Response

HERE = Path(__file__).parent
COURSE = parse('[course]\ntimezone = "Europe/Berlin"\n[late]\nper_day = 10\n')
# As `dlkit marks --csv` of the version that wrote the gradebook of schema 1 printed them.
MARKS_OF_SCHEMA_1 = """\
student,name,attempt,raw,raw_max,mark,max,days_late,notes
s1,Ada,1,20.0,20.0,20.0,20.0,0,
s2,Bob,2,20.0,20.0,19.0,20.0,0,"attempt 2 of 2 counts: the best; manual points for `total`: 6 -> 5 (ada, 2026-11-28 20:41 UTC): see mail"
s3,Cleo,1,16.0,20.0,14.0,20.0,1,"marked late, submission time unknown: counts as 1 day: 2 points off (1 day at 10 % of 20)"
s4,Finn,1,0.0,20.0,0.0,20.0,0,
s5,Gus,,,,,,,no submission
"""


@pytest.fixture
def old(tmp_path):
    """A gradebook as version 1 of the schema wrote it."""
    path = tmp_path / "g.db"
    with closing(sqlite3.connect(path)) as book:
        book.executescript((HERE / "gradebook_schema_1.sql").read_text())
    return path


@pytest.fixture
def book(tmp_path):
    """An empty gradebook."""
    with Gradebook(tmp_path / "g.db") as opened:
        yield opened


def handed(student, text, number=1, **more):
    """An attempt with a file of this text."""
    return HandIn(student, number, files={"x.py": text}, digest=f"digest of {text}", **more)


def graded(book, assignment, attempt, score=5.0):
    """Take an attempt in, and write a result of it."""
    (number,) = book.hand_in(assignment, [attempt]).values()
    check = CheckResult("f", "f", Outcome.PASSED if score == 10 else Outcome.FAILED, score, 10.0, seconds=2.0)
    grade = Grade(assignment, "Title", attempt.student, None, (check,), seconds=3.0, memory=7)
    book.write(book.begin(assignment, "c"), number, f"key of {attempt.digest} {score}", grade, attempt.digest, {}, {})
    return number


# Schemas


def test_a_gradebook_of_schema_1_has_the_same_marks(old):
    """It is opened, brought up to date, and its marks are the same to the byte."""
    with Gradebook(old) as book:
        assert in_short(marks(book, COURSE, "arith")) == MARKS_OF_SCHEMA_1
        assert book.notices == (f"{old} was upgraded from schema 1 to {SCHEMA}; the old version is saved as {old}.schema-1",)


NOTICES = {
    "line 3 did not run (NameError: name 'x' is not defined)": NoticeKind.STOPPED,
    "my work.py was graded as arith.py": NoticeKind.TAKEN_IN,
    "line 4 ran only after a later cell, which defines what it needs": NoticeKind.RAN,
    "`total` calls sum(), which is not allowed, but never calls it": NoticeKind.RULE,
    "the time for the whole submission, 20 s, is used up; not answered, or not in full: total": NoticeKind.TIME,
}


def test_notices_of_schema_2_get_a_kind(old):
    """Up to schema 2 a notice was a text, and its words said what it was about."""
    with closing(sqlite3.connect(old)) as written, written:
        written.execute("update results set grade = json_set(grade, '$.notices', json(?))", (json.dumps([*NOTICES]),))
    with Gradebook(old) as book:
        (row, *_) = book.rows("arith")
    assert row.grade.notices == tuple(Notice(kind, text) for text, kind in NOTICES.items())


def test_a_roster_without_a_column_takes_nothing_away(book):
    """What a roster tells of nobody stays as an earlier one told it; what it tells of some is its last word on all."""
    book.enrol([Person("ada", "Ada", section="A", moodle_id="7", group="X"), Person("bob", "Bob", section="B", group="X")])
    book.enrol([Person("ada", "Ada L.", group="Y"), Person("bob", "Bob")])
    told = {person.id: (person.name, person.section, person.moodle_id, person.group) for person in book.people()}
    assert told == {"ada": ("Ada L.", "A", "7", "Y"), "bob": ("Bob", "B", "", "")}


def test_what_it_was_is_kept_beside_it(old):
    """The copy is whole and of the old schema; an earlier copy stays."""
    earlier = old.with_name("g.db.schema-1")
    earlier.write_text("mine")
    Gradebook(old).close()
    assert earlier.read_text() == "mine"
    with closing(sqlite3.connect(f"{old}.schema-1.2")) as copy:
        assert copy.execute("select value from facts where name = 'schema'").fetchone() == ("1",)
        assert copy.execute("select count(*) from results").fetchone() == (5,)


def test_it_is_migrated_once(old):
    """The second time there is nothing to do, and nothing to tell."""
    Gradebook(old).close()
    with Gradebook(old) as book:
        assert book.notices == ()
    assert not old.with_name("g.db.schema-1.2").exists()


def test_a_migrated_gradebook_has_the_tables_of_a_new_one(old, tmp_path):
    """Every table has the same columns, of the same types, and the same revision."""

    def shape(path):
        with closing(sqlite3.connect(path)) as book:
            tables = {
                name: {tuple(row)[1:4] for row in book.execute(f'pragma table_info("{name}")')} for name in Base.metadata.tables
            }
            return tables, book.execute("select version_num from alembic_version").fetchall()

    Gradebook(old).close()
    Gradebook(tmp_path / "new.db").close()
    assert shape(old) == shape(tmp_path / "new.db")


def test_a_migration_that_fails_changes_nothing(old, monkeypatch):
    """What was begun is taken back, and the next time it is tried again."""
    with monkeypatch.context() as broken:
        broken.setattr("autograder.classroom.gradebook.migrations.SCHEMA", "no such revision")
        with pytest.raises(Exception, match="no such revision"):
            Gradebook(old)
    with closing(sqlite3.connect(old)) as book:
        assert book.execute("select value from facts where name = 'schema'").fetchone() == ("1",)
        assert "group" not in {row[1] for row in book.execute("pragma table_info(students)")}
    with Gradebook(old) as book:
        assert len(marks(book, COURSE, "arith")) == 5


def test_without_room_for_a_copy_it_stays_as_it_is(old, monkeypatch):
    """A folder that may not be written to costs a sentence, and no gradebook."""

    def refused(*_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("os.open", refused)
    with pytest.raises(GradebookError, match=r"a copy could not be written to .*Permission denied"):
        Gradebook(old)


def test_alembic_is_imported_for_an_old_gradebook_only(tmp_path):
    """Opening one that is up to date does not load it."""
    path = tmp_path / "g.db"
    Gradebook(path).close()
    code = f"import sys; from autograder.classroom.gradebook import Gradebook; Gradebook({str(path)!r}).close(); sys.exit('alembic' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


# Which attempt it is


def test_another_content_is_another_attempt(book):
    """A changed file under the same number takes the place of nothing."""
    graded(book, "hw2", handed("ada", "right"), 10.0)
    graded(book, "hw2", handed("ada", "wrong"), 2.0)
    assert [(row.number, row.grade.score) for row in book.rows("hw2")] == [(1, 10.0), (2, 2.0)]
    assert [mark.final.adjusted for mark in marks(book, Course(), "hw2")] == [10.0]
    last = marks(book, parse('[course]\ntimezone = "UTC"\nattempts = "last"\n'), "hw2")
    assert [mark.final.adjusted for mark in last] == [2.0]


def test_the_same_content_is_the_same_attempt(book):
    """Grading a class again makes no attempts."""
    numbers = [book.hand_in("hw2", [handed("ada", "x"), handed("bob", "x")]) for _ in range(3)]
    assert numbers[0] == numbers[1] == numbers[2]


def test_going_back_is_an_attempt_too(book):
    """A, B, A: the last is A, as the folder is."""
    for text in "ABA":
        graded(book, "hw2", handed("ada", text))
    assert [row.files[-1] for row in book.rows("hw2")] == ["A", "B", "A"]


def test_a_folder_that_is_empty_now_keeps_what_was_in_it(book):
    """What cannot be read any more is another attempt, and the earlier one counts."""
    graded(book, "hw2", handed("ada", "x"), 10.0)
    book.hand_in("hw2", [HandIn("ada", unreadable="the folder is empty")])
    book.hand_in("hw2", [HandIn("ada", unreadable="the folder is empty")])
    assert [(row.number, row.unreadable) for row in book.rows("hw2")] == [(1, ""), (2, "the folder is empty")]
    assert marks(book, Course(), "hw2")[0].final.adjusted == 10.0


def test_attempts_with_times_are_known_by_them(book):
    """An exchange from which an old attempt was removed numbers the others anew: each stays the attempt that it is."""
    first = [handed("ada", text, i, submitted=f"2026-10-0{i}T10:00:00+00:00") for i, text in enumerate("ABC", 1)]
    before = book.hand_in("hw2", first)
    later = [handed("ada", "B", 1, submitted=first[1].submitted), handed("ada", "C", 2, submitted=first[2].submitted)]
    after = book.hand_in("hw2", later)
    assert after == {("ada", 1): before["ada", 2], ("ada", 2): before["ada", 3]}
    assert len(book.rows("hw2")) == 3


def test_a_time_that_was_known_stays_known(book):
    """A second grading without the worksheet forgets no time."""
    book.hand_in("hw2", [handed("ada", "x", submitted="2026-10-01T10:00:00+00:00")])
    book.hand_in("hw2", [handed("ada", "x")])
    (row,) = book.rows("hw2")
    assert row.submitted == "2026-10-01T10:00:00+00:00"


def test_a_late_mark_that_was_known_stays_known(book):
    """The same work from a platform that marks nothing is as late as Canvas said; Canvas itself may take it back."""
    book.hand_in("hw2", [handed("ada", "x", late=True, marks_late=True)])
    book.hand_in("hw2", [handed("ada", "x")])
    assert [row.marked_late for row in book.rows("hw2")] == [True]
    book.hand_in("hw2", [handed("ada", "x", late=False, marks_late=True)])
    assert [row.marked_late for row in book.rows("hw2")] == [False]


# Groups


def pair(student="ada", text="x", **more):
    """Work of ada and bob."""
    other = {"ada": "bob", "bob": "ada"}[student]
    return handed(student, text, members=(Person(other),), group="Team A", **more)


def test_a_group_has_one_attempt_and_a_mark_each(book):
    """It is graded once; everybody of it has the mark, and knows with whom."""
    graded(book, "hw2", pair(), 10.0)
    assert len(book.rows("hw2")) == 1
    ada, bob = marks(book, Course(), "hw2")
    assert (ada.final.adjusted, bob.final.adjusted) == (10.0, 10.0)
    assert (ada.members, bob.members, bob.row.student, bob.row.grade.student) == (("bob",), ("ada",), "bob", "bob")
    assert ada.sentences == ("handed in together with bob (Team A)",)


def test_each_of_a_group_has_their_own_days_and_points(book):
    """An extension and points by hand are one member's."""
    graded(book, "hw2", pair(submitted="2026-10-03T10:00:00+00:00"), 10.0)
    book.adjust(Adjustment("hw2", "ada", 7.0, "", "me", "2026-10-20T10:00:00+00:00"))
    course = parse(
        '[course]\ntimezone = "UTC"\n[late]\nper_day = 10\n[assignments.hw2]\ndue = 2026-10-01T10:00:00\n'
        "[students.bob]\nextensions = { hw2 = 2026-10-05T10:00:00 }\n"
    )
    ada, bob = marks(book, course, "hw2")
    assert (ada.final.adjusted, ada.days_late) == (7.0, 2)
    assert (bob.final.adjusted, bob.days_late) == (10.0, 0)


def test_another_of_the_group_hands_in_the_next_attempt(book):
    """It is the group's second attempt, whoever's name it is under."""
    graded(book, "hw2", pair("ada", "x"), 2.0)
    graded(book, "hw2", pair("bob", "y"), 10.0)
    assert [(row.student, row.number) for row in book.rows("hw2")] == [("ada", 1), ("bob", 2)]
    assert [mark.final.adjusted for mark in marks(book, Course(), "hw2")] == [10.0, 10.0]


def test_the_same_work_under_another_of_the_group_is_the_same_attempt(book):
    """A download that names another first makes no second attempt."""
    book.hand_in("hw2", [pair("ada")])
    book.hand_in("hw2", [pair("bob")])
    (row,) = book.rows("hw2")
    assert (row.student, row.members) == ("ada", ("bob",))


def test_two_who_hand_in_the_same_separately_are_two(book):
    """Equal files of two students are two attempts."""
    book.hand_in("hw2", [handed("ada", "x"), handed("bob", "x")])
    assert [row.everybody for row in book.rows("hw2")] == [("ada",), ("bob",)]


def test_a_history_has_what_the_group_handed_in(book):
    """Of every member."""
    graded(book, "hw2", pair())
    assert [row.everybody for row in book.history("bob")] == [("ada", "bob")]


# People


def test_who_left_is_kept_and_marked(book):
    """A roster without them says so; one that has them again takes it back."""
    everybody = [Person("ada"), Person("bob"), Person("cleo")]
    assert book.enrol(everybody, whole=True) == []
    assert book.enrol(everybody[:2], whole=True) == ["cleo"]
    assert [bool(person.left) for person in book.people()] == [False, False, True]
    book.enrol(everybody, whole=True)
    assert not any(person.left for person in book.people())


def test_a_roster_of_another_section_lets_nobody_leave(book):
    """If most are on it no more, it is of another part of the class."""
    book.enrol([Person("ada"), Person("bob")], whole=True)
    assert book.enrol([Person("cleo")], whole=True) == ["ada", "bob"]
    assert not any(person.left for person in book.people())


def test_who_left_with_work_is_among_the_marks(book):
    """And who left without any is not."""
    people = [Person("ada"), Person("bob"), Person("cleo"), Person("dan"), Person("eve")]
    book.enrol(people, whole=True)
    graded(book, "hw2", pair(), 10.0)
    book.enrol([people[0], *people[3:]], whole=True)
    book.hand_in("hw2", [handed("ada", "x")])  # the roster knows the group no more
    found = marks(book, Course(), "hw2")
    assert [(mark.student, mark.left) for mark in found] == [("ada", False), ("bob", True), ("dan", False), ("eve", False)]
    assert found[1].sentences == ("left the class: not counted", "handed in together with ada")
    assert found[1].final.adjusted == 10.0


def test_one_person_under_two_keys_is_one(book):
    """All that a folder's name had is the student's whom a roster names: attempts, groups and points by hand."""
    graded(book, "hw1", handed("folder", "a"), 5.0)
    graded(book, "hw2", handed("folder", "b"), 5.0)
    graded(book, "hw3", handed("cleo", "c", members=(Person("folder"),)), 5.0)
    book.adjust(Adjustment("hw1", "folder", 7.0, "", "me", "2026-10-20T10:00:00+00:00"))
    book.enrol([Person("s1"), Person("cleo")])
    graded(book, "hw2", handed("s1", "b"), 5.0)  # graded twice, as two people
    assert book.unite("folder", "s1")
    assert [person.id for person in book.people()] == ["cleo", "s1"]
    found = {name: {mark.student: mark for mark in marks(book, Course(), name)} for name in ("hw1", "hw2", "hw3")}
    assert found["hw1"]["s1"].final.adjusted == 7.0
    assert [row.number for row in book.rows("hw2")] == [1]
    assert found["hw3"]["s1"].members == ("cleo",)


def test_a_student_of_the_roster_is_nobody_else(book):
    """Two whom a roster has are two."""
    book.enrol([Person("ada"), Person("bob")])
    assert not book.unite("ada", "bob")
    assert len(book.people()) == 2


# Points by hand, full marks, seconds


def test_points_by_hand_count_without_a_submission(book):
    """For a check and for the whole; a comment alone makes no mark, and is told."""
    people = [Person(key) for key in ("ada", "bob", "cleo", "dan")]
    book.enrol(people)
    graded(book, "hw2", handed("ada", "x"), 10.0)
    for student, points, check in (("bob", 6.0, ""), ("cleo", 4.0, "f"), ("dan", None, "")):
        book.adjust(Adjustment("hw2", student, points, "oral", "me", "2026-10-20T10:00:00+00:00", check))
    found = {mark.student: mark for mark in marks(book, Course(), "hw2")}
    assert [(found[key].final.adjusted, found[key].final.maximum) for key in ("bob", "cleo")] == [(6.0, 10.0), (4.0, 10.0)]
    assert found["dan"].final is None
    assert "oral" in found["dan"].why
    bob = next(line for line in in_short(list(found.values())).splitlines() if line.startswith("bob"))
    assert bob.startswith('bob,,,,,6.0,10.0,,"nothing was graded: only manual points count; manual points: 0 -> 6')


def test_points_by_hand_count_for_what_cannot_be_read(book):
    """A damaged archive, judged by eye."""
    graded(book, "hw2", handed("ada", "x"), 10.0)
    book.hand_in("hw2", [HandIn("bob", unreadable="the archive is damaged")])
    book.adjust(Adjustment("hw2", "bob", 6.0, "", "me", "2026-10-20T10:00:00+00:00"))
    assert marks(book, Course(), "hw2")[1].final.adjusted == 6.0


def test_three_thirds_are_a_whole():
    """Checks of 100/3 points that passed add up to 100 of 100."""
    checks = tuple(CheckResult(name, name, Outcome.PASSED, 33.33, 100 / 3) for name in "abc")
    grade = Grade("hw2", "Title", "ada", None, checks)
    assert (grade.score, grade.max_score) == (100.0, 100.0)
    assert total([0.1] * 10) == 1.0


@pytest.mark.parametrize("parts", range(1, 61))
def test_equal_parts_are_a_whole(parts):
    """However many: full is full."""
    points = 100 / parts
    checks = tuple(CheckResult(str(i), "f", Outcome.PASSED, round(points, 2), points) for i in range(parts))
    grade = Grade("hw2", "Title", "ada", None, checks)
    assert grade.score == grade.max_score == 100.0


def test_judging_again_takes_no_memory_from_the_figures(book):
    """Seconds and memory are those of the grading that ran."""
    number = graded(book, "hw2", handed("ada", "x"))
    check = CheckResult("f", "f", Outcome.PASSED, 10.0, 10.0, seconds=2.0)
    again = Grade("hw2", "Title", "ada", None, (check,), seconds=0.001, memory=0)
    book.write(book.begin("hw2", "c2"), number, "another key", again, "digest of x", {}, {})
    (row,) = book.rows("hw2")
    assert (row.grade.score, row.grade.seconds, row.grade.memory) == (10.0, 3.0, 7)


DAMAGE = {
    "no JSON": ("results", "grade", "{not JSON", r"must be a JSON object of a grade\. Received: '{not JSON'"),
    "JSON of another kind": ("results", "grade", "[1]", "must be a JSON object of a grade"),
    "very deep JSON": ("results", "grade", "[" * 100_000, "must be a JSON object of a grade"),
    "a field too many": (
        "results",
        "grade",
        '{"title": "x", "nope": 1, "isolation": [], "notices": []}',
        "must be a JSON object",
    ),
    "no outcome": ("checks", "outcome", "splendid", "must be one of passed, partial"),
    "no time": ("attempts", "submitted", "yesterday", "must be a time with a zone"),
    "no number": ("results", "seconds", "{bad", r"must be a number\. Received: '{bad'"),
    "a negative score": ("checks", "score", -1.0, r"must be a number\. Received: -1\.0"),
    "an endless number": ("results", "seconds", float("inf"), r"must be a number\. Received: inf"),
    "no bytes": ("attempts", "seen", b"\xff", r"must be a time with a zone\. Received: b"),
    "a time that no clock has": ("attempts", "seen", "9999-12-31T23:59:59-12:00", "must be a time with a zone"),
    "no maximum": ("checks", "max_score", 0.0, "must be a positive number"),
}


@pytest.mark.parametrize("table, column, value, what", DAMAGE.values(), ids=DAMAGE)
def test_a_damaged_cell_is_named(tmp_path, table, column, value, what):
    """A sentence that says which, and what to do."""
    with Gradebook(tmp_path / "g.db") as book:
        graded(book, "hw2", handed("ada", "x"))
    with closing(sqlite3.connect(tmp_path / "g.db")) as raw, raw:
        raw.execute(f"update {table} set {column} = ?", (value,))  # noqa: S608 - of the table above
    said = rf"is damaged: `{table}\.{column}` of ada \(row 1\) {what}.* Restore it from a backup"
    with Gradebook(tmp_path / "g.db") as book, pytest.raises(GradebookError, match=said):
        marks(book, Course(), "hw2")


COLUMNS = [(table.name, column.name) for table in Base.metadata.sorted_tables for column in table.columns]
VALUES = ["{bad", b"\xff", "", None, 1e300]


@pytest.fixture(scope="module")
def full(tmp_path_factory):
    """A gradebook that has a row in every table."""
    path = tmp_path_factory.mktemp("full") / "g.db"
    with Gradebook(path) as book:
        graded(book, "hw2", handed("ada", "x", members=(Person("bob"),), submitted="2026-10-20T10:00:00+00:00"))
        book.seed("hw2", 3)
        book.adjust(Adjustment("hw2", "ada", 1.0, "oral", "me", "2026-10-20T10:00:00+00:00", "f"))
        book.keep("digest of x", {"k" * 64: b"answer"})
        given = (Response("prediction", "xor", "yes", "no", False),)
        book.hand_in("hw2", [handed("bob", "y", responses=given)])
    return path.read_bytes()


def read(book):
    """Read and write all that commands read and write."""
    for name in book.assignments():
        found = marks(book, COURSE, name)
        in_short(found)
        survey(found)
        print_marks(PlainConsole(file=io.StringIO()), found)
        book.graded(name)
        book.attempts(name)
        book.numbered(name, [handed("ada", "x")])
        sections(responses(book, name))
    book.history("ada")
    print_runs(PlainConsole(file=io.StringIO()), book.runs())
    book.texts("digest of x")
    book.kept("digest of x")
    book.seed("hw2")


@pytest.fixture(scope="module")
def standing(full, tmp_path_factory):
    """The full gradebook, a copy of it and the path of that; the copy stays open, so that queries are compiled once for all cells."""
    folder = tmp_path_factory.mktemp("standing")
    (folder / "full.db").write_bytes(full)
    (folder / "g.db").write_bytes(full)
    with closing(sqlite3.connect(folder / "full.db")) as whole, Gradebook(folder / "g.db") as book:
        yield whole, book, folder / "g.db"


@pytest.mark.parametrize("table, column", sample(COLUMNS, 2), ids=lambda name: name)
def test_no_cell_is_a_traceback(standing, table, column):
    """Whatever stands in a cell is read as what it may be, or is a sentence that names a table, a column and a row."""
    whole, book, path = standing
    for value in VALUES:
        with closing(sqlite3.connect(path)) as raw:
            whole.backup(raw)
            with suppress(sqlite3.IntegrityError):  # what SQLite does not take
                raw.execute(f'UPDATE {table} SET "{column}" = ?', (value,))  # noqa: S608 - of our own tables
                raw.commit()
        try:
            with Gradebook(path):  # what is looked at as one is opened
                read(book)
        except GradebookError as refused:
            assert re.search(r"damaged: `\w+\.\w+` of .+ \(row .+\) must |has no student 'ada'|has schema", str(refused)), value


def test_the_text_of_a_submission_is_text(tmp_path, full):
    """What is no text never gets to those who read it."""
    path = tmp_path / "g.db"
    path.write_bytes(full)
    with closing(sqlite3.connect(path)) as raw, raw:
        raw.execute("UPDATE files SET texts = '{\"checks\": [1]}'")
    said = r"`files\.texts` of .* must be a JSON object of texts\. Received"
    with Gradebook(path) as book, pytest.raises(GradebookError, match=said):
        book.texts("digest of x")


def test_a_text_that_is_no_utf_8_is_damage(tmp_path, full):
    """SQLite keeps such bytes as a text."""
    path = tmp_path / "g.db"
    path.write_bytes(full)
    with closing(sqlite3.connect(path)) as raw, raw:
        raw.execute("UPDATE attempts SET seen = CAST(x'ff' AS TEXT)")
    said = r"is damaged: Could not decode to UTF-8 column 'seen'.* Restore it from a backup"
    with pytest.raises(GradebookError, match=said), Gradebook(path) as book:
        read(book)


# Addresses

SECRETS = {
    "a password": "postgresql+psycopg://teacher:hunter22@db.example.org/grades",
    "one with signs": "postgresql+psycopg://teacher:hunter22%40%2F@db.example.org/grades",
    "one with signs that are not written as they should be": "postgresql+psycopg://teacher:hunter22@/x@db.example.org/grades",
    "in the query": "postgresql+psycopg://db.example.org/grades?user=teacher&password=hunter22",
    "of a key": "postgresql+psycopg://teacher@db.example.org/grades?sslmode=require&sslpassword=hunter22&x=1",
    "with an @": "postgresql+psycopg://teacher:a@hunter22@db.example.org/grades",
    "with an @ and a slash": "postgresql+psycopg://teacher:a@hunter22/x@db.example.org/grades",
    "with a slash": "postgresql+psycopg://teacher:a/hunter22@db.example.org/grades",
    "with a number sign": "postgresql+psycopg://teacher:a#hunter22@db.example.org/grades",
    "with a question mark": "postgresql+psycopg://teacher:a?hunter22@db.example.org/grades",
    "with a colon": "postgresql+psycopg://teacher:a:hunter22@db.example.org/grades",
    "of a user with an @": "postgresql+psycopg://teacher@uni:hunter22@db.example.org/grades",
    "of a user with a slash": "postgresql+psycopg://teach/er:hunter22@db.example.org/grades",
    "without a user": "postgresql+psycopg://:hunter22@db.example.org/grades",
    "with a port": "mysql://teacher:hunter22@db.example.org:99/grades",
}


@pytest.mark.parametrize("where", SECRETS.values(), ids=SECRETS)
def test_no_password_is_shown(where):
    """Wherever in a URL it stands."""
    assert "hunter" not in masked(where)
    assert "example.org" in masked(where)


@pytest.mark.parametrize("where", SECRETS.values(), ids=SECRETS)
def test_no_password_is_in_an_error(where):
    """Nor in what a library says of it."""
    with pytest.raises(GradebookError) as refused:
        Gradebook(where.replace("db.example.org", "127.0.0.1:9"))
    assert "hunter" not in str(refused.value)


def test_a_password_is_masked_as_it_is_and_as_it_is_written():
    """A driver may say what the URL means."""
    where = "postgresql://teacher:p%40ss%20word@db/grades"
    said = without_secrets('no login with "p@ss word" or p%40ss%20word', where)
    assert said == 'no login with "***" or ***'


def test_a_part_of_a_password_is_masked():
    """A driver may take a password apart at its signs."""
    assert without_secrets("no host 's3cr3t'", "postgresql://teacher:a%40s3cr3t%2Fb@db/grades") == "no host '***'"


def test_a_password_without_its_at_is_masked():
    """What cannot be a port is taken for a password."""
    assert masked("postgresql://teacher:s3cr3t/db.example.org") == "postgresql://teacher:***"
    assert masked("postgresql://db.example.org:5432/grades") == "postgresql://db.example.org:5432/grades"


@pytest.mark.parametrize("password", ["a@s3cr3t", "s3cr3t@", "@s3cr3t", "a@s3cr3t/b"])
def test_a_password_that_can_be_read_in_two_ways_is_refused(password, monkeypatch):
    """Before anything connects: a part of it would be taken for a host."""
    monkeypatch.setattr("autograder.classroom.gradebook.database.create_engine", lambda *_, **__: pytest.fail("it was used"))
    with pytest.raises(GradebookError, match="Percent-encode special characters") as refused:
        Gradebook(f"postgresql+psycopg://teacher:{password}@127.0.0.1:9/grades")
    assert "s3cr3t" not in str(refused.value)


def test_a_path_is_shown_as_it_is():
    """Nothing of it is a secret."""
    assert masked("sqlite:///C:/x@y.db") == "sqlite:///C:/x@y.db"
    assert masked("/home/a:b@c/g.db") == "/home/a:b@c/g.db"


def test_a_driver_that_is_not_there_is_named_by_its_url(monkeypatch):
    """`postgresql://` means another driver than the one that dlkit brings."""

    def missing(*_, **__):
        raise ModuleNotFoundError("No module named 'psycopg2'", name="psycopg2")

    monkeypatch.setattr("autograder.classroom.gradebook.database.create_engine", missing)
    with pytest.raises(GradebookError, match=r"needs psycopg2.*start the URL with postgresql\+psycopg://"):
        Gradebook("postgresql://teacher@127.0.0.1:9/grades")


@pytest.mark.parametrize("points", [1e308, float("inf"), float("nan"), -1.0])
def test_points_that_could_not_be_read_again_are_not_written(book, points):
    """One typing error would make the gradebook of a class damaged, and `adjust --undo` could not open it."""
    graded(book, "hw2", handed("ada", "x"))
    with pytest.raises(GradebookError, match="manual points must be a number from 0 to"):
        book.adjust(Adjustment("hw2", "ada", points, "", "root", "2026-11-29T20:00:00+00:00"))
    assert book.adjustments() == []


def test_options_of_a_file_are_refused(tmp_path):
    """SQLite would ignore them with a warning; who gives a password there takes the file for protected."""
    with pytest.raises(GradebookError, match=r"password=\*\*\* is not a gradebook: a file takes no options such as `password`"):
        Gradebook(f"sqlite:///{tmp_path}/book.db?password=secret")
    assert not [*tmp_path.iterdir()]
