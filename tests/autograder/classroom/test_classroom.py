"""A class: every attempt graded once, into a gradebook that survives being stopped, and judged again without being asked."""

from __future__ import annotations

import sqlite3
import threading
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import event

from autograder.assignment import load, solutions_folder
from autograder.classroom import bundle
from autograder.classroom import run as classroom
from autograder.classroom.enrolling import Told, enrolled
from autograder.classroom.gradebook import Gradebook, GradebookError, HandIn
from autograder.classroom.run import Classroom
from autograder.grading.digests import digest_of_files
from autograder.grading.references import References
from autograder.grading.remembering import OPENED, RememberingBench
from autograder.inbox import find
from autograder.inbox.people import Person
from autograder.outcome import Outcome

WRONG = {
    "ada": {},
    "bob": {"np.sum(x)": "np.max(x)"},
    "cleo": {"np.sum(x)": "np.mean(x)"},
    "dan": {"np.sum(x)": "1 / 0"},
}


@pytest.fixture
def gradebook(tmp_path):
    """An empty gradebook."""
    with Gradebook(tmp_path / "gradebook.db") as found:
        yield found


def classroom_of(folder: Path, workers, cache, seed=7):
    """A classroom for a course's folder."""
    assignment = load(folder)
    references = References(assignment, solutions_folder(folder, assignment.name), cache, workers)
    return Classroom(assignment, references, workers, seed)


@pytest.fixture
def workers(light):
    """Where workers come from, here."""
    return light


@pytest.fixture
def room(copy_of_small, workers, cache):
    """A classroom for the small assignment, whose files may be changed."""
    found = classroom_of(copy_of_small, workers, cache)
    yield found
    found.references.close()


def test_work_that_nobody_can_be_found_for_is_not_given_to_whoever_has_its_number_as_an_id(gradebook, tmp_path):
    """A participant's number may be a student's id: the work is kept under its folder's name, and said, and earns nobody a mark."""
    folder = tmp_path / "inbox" / "Zed Quick_1_assignsubmission_file"
    folder.mkdir(parents=True)
    (folder / "arith.py").write_text("x = 1\n")
    roster = [Person("1", "Una One", moodle_id="30"), Person("adal1", "Ada", moodle_id="1")]
    works, told = enrolled(gradebook, find(tmp_path / "inbox", ["arith.py"]), roster, by_roster=True, zone=None)
    assert [(work.student, work.entry.student) for work in works] == [(None, folder.name)]
    assert any(f"{folder.name}: no student matches. 1 is also a student's id" in one.what for one in told)
    assert Told("no submission", ("1", "adal1")) in told


@pytest.mark.parametrize(
    "name, more", [("", "No column of names was found in it: call one `name`. "), ("Una One", "")], ids=["nameless", "named"]
)
def test_a_roster_of_nobody_who_handed_in_is_told(gradebook, tmp_path, name, more):
    """Where no submission belongs to somebody on the roster, a column was most likely not understood; the way out is said."""
    (tmp_path / "inbox" / "zed").mkdir(parents=True)
    (tmp_path / "inbox" / "zed" / "arith.py").write_text("x = 1\n")
    inbox = find(tmp_path / "inbox", ["arith.py"])
    _, told = enrolled(gradebook, inbox, [Person("77", name)], by_roster=True, zone=None)
    sentence = f"nobody who handed in is on this roster: is it the one of this class? {more}If its ids are in another column"
    assert [one.what.startswith(sentence) for one in told].count(True) == 1
    _, told = enrolled(gradebook, inbox, [Person("77", name), Person("zed")], by_roster=True, zone=None)
    assert not [one for one in told if one.what.startswith("nobody")]


def handed(room, student, changes, number=1):
    """What a student hands in: the reference with some texts replaced."""
    (name, text), *_ = room.references.files.items()
    for old, new in changes.items():
        assert old in text
        text = text.replace(old, new, 1)
    return HandIn(student, number, files={name: text}, digest=digest_of_files({name: text}))


def everybody(room):
    """The class."""
    return [handed(room, student, changes) for student, changes in WRONG.items()]


def scores(gradebook):
    """The newest score of everybody."""
    return {row.student: row.grade.score for row in gradebook.rows("arith") if row.grade}


def counting(room, monkeypatch):
    """Counts the workers that are started."""
    started = []
    start = room.source.start
    monkeypatch.setattr(room.source, "start", lambda budget: started.append(1) or start(budget))
    return started


def test_every_attempt_is_graded_and_written(room, gradebook):
    """Each student's grade is in the gradebook as it was told."""
    told = {}
    tally = room.run(
        everybody(room), gradebook, jobs=2, on_result=lambda who, grade, tally: told.setdefault(who.student, grade.score)
    )
    assert (tally.graded, tally.of, tally.stopped) == (4, 4, False)
    assert scores(gradebook) == told
    assert told["ada"] == 20
    assert max(told[name] for name in ("bob", "cleo", "dan")) < 20


def test_a_grade_comes_back_as_it_was(room, gradebook):
    """What is read from the gradebook is what was judged, but for the secret seed."""
    graded = []
    room.run(everybody(room), gradebook, jobs=1, on_result=lambda who, grade, tally: graded.append(grade))
    kept = {row.student: row.grade for row in gradebook.rows("arith")}
    for grade in graded:
        assert replace(grade, seed=None) == kept[grade.student]


def test_the_memory_of_a_submission_is_kept(room, gradebook):
    """What its worker used at most stands in the gradebook; who holds 100 MB for a moment has used them."""
    held = {"return float(np.sum(x))": "y = np.ones(2**24); __import__('time').sleep(0.3); return float(np.sum(x))"}
    room.run([handed(room, "ada", held)], gradebook, jobs=1)
    (row,) = gradebook.rows(room.assignment.name)
    assert row.grade.memory > 100 * 2**20


def test_what_is_graded_is_not_graded_again(room, gradebook, monkeypatch):
    """A second run over the same class starts no worker."""
    room.run(everybody(room), gradebook, jobs=2)
    started = counting(room, monkeypatch)
    tally = room.run(everybody(room), gradebook, jobs=2)
    assert (tally.standing, tally.graded, len(started)) == (4, 0, 0)


def test_a_copy_is_graded_by_its_original(room, gradebook, monkeypatch):
    """The same file from another student has the same grade, and nobody runs it twice."""
    room.run([handed(room, "bob", WRONG["bob"])], gradebook, jobs=1)
    started = counting(room, monkeypatch)
    room.run([handed(room, "eve", WRONG["bob"])], gradebook, jobs=1)
    assert started == []
    assert scores(gradebook)["eve"] == scores(gradebook)["bob"]


def test_stopping_keeps_what_was_done_and_a_second_run_goes_on(room, gradebook):
    """After a stop, nothing else is begun; the next run grades the rest, and only the rest."""
    stop = threading.Event()
    first = room.run(everybody(room), gradebook, jobs=1, stop=stop, on_result=lambda *_: stop.set())
    assert (first.graded, first.stopped) == (1, True)
    second = room.run(everybody(room), gradebook, jobs=1)
    assert (second.standing, second.graded, second.stopped) == (1, 3, False)


def test_another_seed_is_another_grading(room, gradebook, workers, cache):
    """Results of another seed are left as they are until it is asked for."""
    room.run(everybody(room), gradebook, jobs=2)
    other = replace(room, seed=8)
    assert other.run(everybody(room), gradebook, jobs=2).outdated == 4
    assert other.run(everybody(room), gradebook, jobs=2, again=True).graded == 4


CHANGES = {
    "points": [("points=6, hint", "points=5, hint"), ("points=4, depends", "points=5, depends")],
    "a message": [("Add every entry up.", "Add them all.")],
    "a tolerance": [("points=6, hint", "points=6, rtol=1e6, hint")],
}


@pytest.mark.parametrize("changes", CHANGES.values(), ids=CHANGES)
def test_judging_again_asks_nobody(room, gradebook, copy_of_small, workers, cache, monkeypatch, changes):
    """A change of points, tolerance or messages is judged from what was answered: no worker runs a submission."""
    room.run(everybody(room), gradebook, jobs=2)
    before = scores(gradebook)
    spec = copy_of_small / "checks.py"
    for old, new in changes:
        assert old in spec.read_text()
        spec.write_text(spec.read_text().replace(old, new, 1))
    monkeypatch.setattr(RememberingBench, "_load", lambda self: pytest.fail("a submission was run"))
    again = classroom_of(copy_of_small, workers, cache)
    with again.references:
        changed = list(again.changes(everybody(room), gradebook, jobs=2))
        assert scores(gradebook) == before  # told before anything is written
        again.run(everybody(room), gradebook, jobs=1, again=True)
    assert changed
    assert {change.student: change.after.score for change in changed}.items() <= scores(gradebook).items()


def test_judging_again_runs_what_must_run(room, gradebook, copy_of_small, workers, cache):
    """Where a check observes something else, its cases are asked again, and only they."""
    room.run([handed(room, "bob", WRONG["bob"])], gradebook, jobs=1)
    spec = copy_of_small / "checks.py"
    spec.write_text(spec.read_text().replace('"vector", 5', '"vector", 6'))
    again = classroom_of(copy_of_small, workers, cache)
    with again.references:
        bob = handed(room, "bob", WRONG["bob"])
        answers = again.grade(bob, gradebook.kept(bob.digest)).answers
    asked = {name for name, key in again.keys.items() if key in answers}
    assert {check for check, _ in asked} == {"total"}


def test_a_change_says_what_changed(room, gradebook, copy_of_small, workers, cache):
    """From what to what, and in which check."""
    room.run([handed(room, "ada", {})], gradebook, jobs=1)
    spec = copy_of_small / "checks.py"
    spec.write_text(
        spec.read_text().replace("points=6, hint", "points=5, hint", 1).replace("points=4, depends", "points=5, depends")
    )
    again = classroom_of(copy_of_small, workers, cache)
    with again.references:
        (change,) = again.changes([handed(room, "ada", {})], gradebook, jobs=1)
    assert "total: passed, 6 of 6 → passed, 5 of 5" in change.sentences


def test_an_unreadable_submission_is_kept_and_named(room, gradebook):
    """There is an attempt without a grade, and why."""
    tally = room.run([HandIn("finn", unreadable="the archive is damaged")], gradebook, jobs=1)
    assert [one.student for one in tally.unreadable] == ["finn"]
    (row,) = gradebook.rows("arith")
    assert (row.grade, row.unreadable) == (None, "the archive is damaged")


# The gradebook itself ---------------------------------------------------------------------------------------------


def test_the_seed_is_drawn_once_and_kept(tmp_path):
    """Everybody gets the same inputs, today and tomorrow, and nobody could have known them."""
    with Gradebook(tmp_path / "one.db") as one, Gradebook(tmp_path / "two.db") as two:
        assert one.seed("hw2") == one.seed("hw2") != one.seed("hw3")
        assert one.seed("hw2") != two.seed("hw2")
    with Gradebook(tmp_path / "one.db") as again:
        assert again.seed("hw2", 5) == again.seed("hw2") == 5


def test_a_gradebook_of_another_version_is_refused(tmp_path):
    """It says which it is, which this dlkit reads, and what to do; nothing is changed."""
    Gradebook(tmp_path / "gradebook.db").close()
    with closing(sqlite3.connect(tmp_path / "gradebook.db")) as connection, connection:
        connection.execute("update facts set value = '99'")
    with pytest.raises(GradebookError, match=r"has schema 99; this version of dlkit knows schemas up to \d+\. Upgrade dlkit"):
        Gradebook(tmp_path / "gradebook.db")


def test_a_file_that_is_no_gradebook_is_refused(tmp_path):
    """A file that holds something else is left as it is."""
    path = tmp_path / "notes.txt"
    path.write_text("not a database, but long enough to be looked at" * 100)
    with pytest.raises(GradebookError, match="the file contains something else"):
        Gradebook(path)


def test_a_folder_that_is_not_there_is_named(tmp_path):
    """It cannot be opened, and why that may be."""
    with pytest.raises(GradebookError, match="does its folder exist"):
        Gradebook(tmp_path / "nowhere" / "gradebook.db")


def test_two_graders_share_a_gradebook(room, tmp_path):
    """Both write, and everybody has one grade."""
    path = tmp_path / "shared.db"
    with Gradebook(path) as first, Gradebook(path) as second:
        stop = threading.Event()
        room.run(everybody(room), first, jobs=1, stop=stop, on_result=lambda *_: stop.set())
        room.run(everybody(room), second, jobs=2)
        room.run(everybody(room), first, jobs=2)
        assert scores(first) == scores(second)
        assert len(scores(first)) == 4


def test_a_locked_gradebook_is_told(room, tmp_path, monkeypatch):
    """Another program that does not let go costs a sentence, not what was written before."""
    monkeypatch.setattr("autograder.classroom.gradebook.database.LOCKED_SECONDS", 0.1)
    with Gradebook(tmp_path / "gradebook.db") as gradebook:
        room.run([handed(room, "ada", {})], gradebook, jobs=1)
        other = sqlite3.connect(tmp_path / "gradebook.db")
        other.execute("begin exclusive")
        with pytest.raises(GradebookError, match="is in use: another program"):
            room.run(everybody(room), gradebook, jobs=1)
        other.rollback()
        other.close()
        assert scores(gradebook) == {"ada": 20}


def test_a_full_disk_is_told_and_loses_nothing(room, tmp_path):
    """It says that the disk is full; what was written before is there."""
    with Gradebook(tmp_path / "gradebook.db") as gradebook:
        room.run([handed(room, "ada", {})], gradebook, jobs=1)

        def full(connection, _):
            connection.execute("PRAGMA max_page_count = 1")

        event.listen(gradebook._engine, "connect", full)
        gradebook.close()  # so that the next connection is full
        with pytest.raises(GradebookError, match="the disk is full"):
            room.run([handed(room, f"s{number}", WRONG["bob"]) for number in range(100)], gradebook, jobs=1)
    with Gradebook(tmp_path / "gradebook.db") as gradebook:
        assert scores(gradebook)["ada"] == 20
        assert len(scores(gradebook)) < 100


def test_what_is_kept_of_a_right_answer_is_a_mark(room, tmp_path):
    """The second right submission adds rows about its verdicts, and next to nothing about its answers."""
    with Gradebook(tmp_path / "gradebook.db") as gradebook:
        room.run([handed(room, "ada", {})], gradebook, jobs=1)
        with closing(sqlite3.connect(tmp_path / "gradebook.db")) as file:
            before = file.execute("select count(*), sum(length(data)) from kept").fetchone()
            room.run([handed(room, "bob", {"np.sum(x)": "np.sum(1 * x)"})], gradebook, jobs=1)
            after = file.execute("select count(*), sum(length(data)) from kept").fetchone()
    assert after[0] - before[0] == 1
    assert after[1] - before[1] < 2000


def test_answers_that_are_too_large_are_told_and_asked_again(room, tmp_path, monkeypatch):
    """A gradebook does not keep megabytes of one submission; grading it again runs it again."""
    monkeypatch.setattr(bundle, "ROOM", 0)
    ada = handed(room, "ada", WRONG["bob"])
    with Gradebook(tmp_path / "gradebook.db") as gradebook:
        tally = room.run([ada], gradebook, jobs=1)
        assert (tally.graded, tally.not_kept) == (1, 1)
        kept = gradebook.kept(ada.digest)
        assert kept.keys() == {room.keys[OPENED]}
        graded = room.grade(ada, kept)
        assert graded.grade.score == 10
        assert graded.answers.keys() >= set(room.keys.values()) - kept.keys()


def test_a_gradebook_that_may_not_be_written_is_told(room, tmp_path):
    """It can be read, and says why it takes nothing."""
    with Gradebook(tmp_path / "gradebook.db") as gradebook:
        room.run([handed(room, "ada", {})], gradebook, jobs=1)
    with Gradebook(f"sqlite:///file:{tmp_path}/gradebook.db?mode=ro&uri=true") as gradebook:
        assert scores(gradebook) == {"ada": 20}
        with pytest.raises(GradebookError, match="read-only"):
            room.run(everybody(room), gradebook, jobs=1)


def test_a_fault_of_ours_about_one_costs_nobody(room, gradebook, monkeypatch):
    """Whatever goes wrong in the grader with one submission, it has no points lost, and the others are graded."""

    def failing(assignment, submission, *arguments, **options):
        if submission.student == "bob":
            raise RuntimeError("ours")
        return graded(assignment, submission, *arguments, **options)

    graded = classroom.grade
    monkeypatch.setattr(classroom, "grade", failing)
    tally = room.run(everybody(room), gradebook, jobs=2)
    assert (tally.graded, tally.faulty) == (4, 1)
    bob = next(row.grade for row in gradebook.rows("arith") if row.student == "bob")
    assert {check.outcome for check in bob.checks} == {Outcome.GRADER_ERROR}
    assert bob.max_score == 0
    monkeypatch.undo()
    assert room.run(everybody(room), gradebook, jobs=2).graded == 1  # the next time, bob is graded
