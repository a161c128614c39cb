"""`dlkit grade --submissions`: a class, as an instructor grades it."""

from __future__ import annotations

import errno
import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
import zipfile

import commandline
import pytest
from sampling import ALL
from support import ROOT, SMALL
from without_calls import LANDLOCK

from dlkit.cli import main

ARITH = SMALL / "assignments" / "arith"
REFERENCE = (SMALL / "solutions" / "arith" / "arith.py").read_text()
STUDENTS = {
    "ada": REFERENCE,
    "bob": REFERENCE.replace("np.sum(x)", "np.max(x)"),
    "cleo": REFERENCE.replace("return x *", "return x +"),
    "dan": REFERENCE.replace("return float(np.sum(x))", "raise ValueError(x)"),
    "finn": "def total(x:\n",
}
LOOP = REFERENCE.replace("return float(np.sum(x))", "while True: __import__('time').sleep(1)")  # takes its time limit, not a core


@pytest.fixture
def inbox(tmp_path):
    """A folder with one folder for each student."""
    folder = tmp_path / "inbox"
    for name, text in STUDENTS.items():
        (folder / name).mkdir(parents=True)
        (folder / name / "arith.py").write_text(text)
    return folder


@pytest.fixture
def grading(dlkit, tmp_path):
    """Grade a class into a gradebook of its own."""

    def run(inbox, *options, env=None):
        return dlkit("grade", ARITH, "--submissions", inbox, "--gradebook", tmp_path / "g.db", *options, env=env)

    return run


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """The gradebook of the class, graded once; a test that writes into it takes a copy."""
    folder = tmp_path_factory.mktemp("graded")
    for name, text in STUDENTS.items():
        (folder / "inbox" / name).mkdir(parents=True)
        (folder / "inbox" / name / "arith.py").write_text(text)
    command = ["grade", str(ARITH), "--submissions", str(folder / "inbox"), "--gradebook", str(folder / "g.db")]
    commandline.run(command, ROOT, {**os.environ, "DLKIT_CACHE": str(folder / "cache")}).check_returncode()
    return folder / "g.db"


@pytest.fixture
def book(graded, tmp_path):
    """A copy of the graded class's gradebook, and the option that says so."""
    shutil.copy(graded, tmp_path / "g.db")
    return "--gradebook", tmp_path / "g.db"


def grades(path):
    """The objects of a file of JSON lines, by student."""
    return {row["student"]: row for row in map(json.loads, path.read_text().splitlines())}


def written(path):
    """How many results a gradebook has; 0 while there is none."""
    if not path.is_file():
        return 0
    book = sqlite3.connect(path)
    try:
        return book.execute("select count(*) from results").fetchone()[0]
    except sqlite3.OperationalError:  # its tables are being made
        return 0
    finally:
        book.close()


def test_a_class_is_graded_and_told(grading, inbox, tmp_path):
    """Everybody has a grade; who needs a look has a line; the total and where the gradebook is."""
    (inbox / "dan" / "arith.py").write_text(LOOP)
    result = grading(inbox, "--jobs", "2", "--json", tmp_path / "grades.jsonl")
    assert result.returncode == 0, result.stderr
    assert "5 submissions (folders), 2 at a time" in result.stdout
    assert "! dan  total: timed out" in result.stdout
    assert "! finn  arith.py, line 1" in result.stdout
    assert "5 graded." in result.stdout
    assert "Median" in result.stdout
    found = grades(tmp_path / "grades.jsonl")
    assert set(found) == set(STUDENTS)
    assert found["ada"]["score"] == 20 == found["ada"]["max_score"]
    assert all(row["seed"] is None and row["schema"] == 1 for row in found.values())
    assert any(layer.startswith("landlock") for layer in found["ada"]["isolation"]) or sys.platform != "linux"


def test_results_are_logged_while_they_come(grading, inbox, tmp_path):
    """A line of the log and a JSON line for each result; on the screen no control code; a rerun adds what is new."""
    (inbox / "empty").mkdir()
    (inbox / "empty" / "notes.txt").write_text("nothing to grade")
    options = ("--log", tmp_path / "run.log", "--jsonl", tmp_path / "run.jsonl")
    result = grading(inbox, *options)
    assert result.returncode == 1  # one could not be graded
    assert result.stdout.replace("\n", "").isprintable()
    lines = (tmp_path / "run.log").read_text().splitlines()
    assert sum(" graded  " in line for line in lines) == 5
    assert any("ada  attempt 1  20 of 20  " in line for line in lines)
    assert any(" look    empty  " in line for line in lines)
    assert " begin   arith: " in lines[0]
    assert " end     5 graded; 1 without a file to grade." in lines[-1]
    found = grades(tmp_path / "run.jsonl")
    assert found["ada"]["score"] == 20
    assert found["ada"]["seed"] is None
    assert found["empty"]["score"] is None
    assert found["empty"]["unreadable"]
    shutil.rmtree(inbox / "empty")
    assert grading(inbox, *options).returncode == 0
    assert len((tmp_path / "run.jsonl").read_text().splitlines()) == 6  # nothing new


def test_a_log_is_never_written_into_a_gradebook(grading, inbox, book, tmp_path):
    """A slip of the keyboard costs no database."""
    before = (tmp_path / "g.db").read_bytes()
    for option in ("--log", "--jsonl"):
        result = grading(inbox, option, tmp_path / "g.db")
        assert result.returncode == 2
        assert "it is a gradebook or another database" in result.stderr
    assert (tmp_path / "g.db").read_bytes() == before


def test_a_student_is_counted_once(grading, tmp_path):
    """Three attempts of one are one student with one share of the points, of the attempt that counts."""
    for day, text in enumerate((STUDENTS["dan"], STUDENTS["ada"], STUDENTS["dan"]), 1):
        folder = tmp_path / "inbox" / f"ada+arith+2026-10-0{day} 10:00:00.000000 UTC+abcd"
        folder.mkdir(parents=True)
        (folder / "arith.py").write_text(text)
    result = grading(tmp_path / "inbox")
    assert "3 graded." in result.stdout
    counted = (
        "Median 100 % of the points (1 student, by the attempt that counts).  0-49 %: 0   50-79 %: 0   80-99 %: 0   100 %: 1"
    )
    assert " ".join(counted.split()) in " ".join(result.stdout.split())


def test_a_slip_in_the_policies_is_told_before_a_class_is_run(grading, inbox, tmp_path):
    """Names of checks and students are looked at first; of nobody's there is a question, and nothing is graded."""
    course = '[course]\ntimezone = "UTC"\n[assignments.arith]\ndue = 2026-10-12T10:00:00\n'
    (tmp_path / "course.toml").write_text(course + 'drop = ["totl"]\n[students.adda]\nextensions.arith = 2026-10-14T10:00:00\n')
    result = grading(inbox, "--course", tmp_path / "course.toml")
    assert result.returncode == 2
    assert "names `totl`, but arith has no such check. Did you mean 'total'?" in result.stderr
    assert "`students.adda` is not a student in the gradebook. Did you mean 'ada'?" in result.stderr
    assert written(tmp_path / "g.db") == 0
    (tmp_path / "course.toml").write_text(course + "[students.ada]\nextensions.arith = 2026-10-14T10:00:00\n")
    assert grading(inbox, "--course", tmp_path / "course.toml").returncode == 0


def test_a_zip_is_a_class_too(grading, inbox, tmp_path):
    """The same class in a zip has the same grades, and is known already."""
    grading(inbox)
    with zipfile.ZipFile(tmp_path / "inbox.zip", "w") as archive:
        for path in sorted(inbox.glob("*/*.py")):
            archive.write(path, path.relative_to(inbox))
    result = grading(tmp_path / "inbox.zip")
    assert "0 graded; 5 graded before" in result.stdout


def test_what_is_no_ones_work_for_this_assignment_is_told_first(grading, inbox, tmp_path):
    """A file of another assignment, two works of one student and odd names cost nobody else, and each has its sentence."""
    for name in ("cleo", "dan", "finn"):
        shutil.rmtree(inbox / name)
    tree = {
        "eve/xor_mlp.py": "def sigmoid(z):\n    return z\n",
        "ada@x.org/arith.py": STUDENTS["bob"],
        "gil/arith final.py": REFERENCE,
        "hal/arith.py": REFERENCE,
        "hal/conftest.py": "raise SystemExit",
        "hal/env/bin/python": "",
    }
    for name, text in tree.items():
        (inbox / name).parent.mkdir(parents=True, exist_ok=True)
        (inbox / name).write_text(text)
    (inbox / "hal" / "env" / "link").symlink_to("/")
    os.mkdir(os.fsencode(inbox) + b"/\xff")  # noqa: PTH102 - bytes that no Path holds
    (tmp_path / "roster.csv").write_text("Vorname;Nachname;Matrikelnummer;E-Mail-Adresse\nAda;L;ada;ada@x.org\nBob;R;bob;\n")
    done = grading(inbox, "--roster", tmp_path / "roster.csv", "--json", tmp_path / "g.jsonl")
    assert (done.returncode, done.stderr) == (1, "")
    looks = [line for line in done.stdout.splitlines() if line.startswith("! ")]
    assert looks[0].startswith("! \\udcff  the name on a submission is not plain text")
    assert looks[1].startswith("! ada  there are two submissions of ada")
    assert "ada and ada@x.org" in looks[1]
    assert looks[2].startswith("! eve  eve has no arith.py, which this assignment asks for; ")
    assert "Received: xor_mlp.py." in looks[2]
    grades = {grade["student"]: grade for grade in map(json.loads, (tmp_path / "g.jsonl").read_text().splitlines())}
    assert grades.keys() == {"bob", "gil", "hal"}
    assert grades["gil"]["score"] == grades["hal"]["score"] == grades["hal"]["max_score"]
    with sqlite3.connect(tmp_path / "g.db") as book:
        told = dict(
            book.execute("select attempts.student, results.grade from results join attempts on attempts.id = results.attempt")
        )
    book.close()
    assert json.loads(told["gil"])["notices"] == [["taken in", "arith final.py was graded as arith.py"]]
    assert json.loads(told["hal"])["notices"] == [
        ["taken in", "ignored: conftest.py, env/; only the files of the assignment are read"]
    ]


def test_work_that_fits_no_layout_is_told_and_counted(grading, inbox):
    """It may be a student's, so not all were graded."""
    for name in ("bob", "cleo", "dan", "finn"):
        shutil.rmtree(inbox / name)
    (inbox / "eve.py").write_text(REFERENCE)
    (inbox / "bob").mkdir()
    (inbox / "bob" / "arith.py").write_text(REFERENCE)
    done = grading(inbox)
    assert done.returncode == 1
    told = " ".join(done.stdout.split())
    assert (
        "skipped: eve.py: beside the folders of the students; if it is a student's work, it was not graded: put it into" in told
    )
    (inbox / "eve").mkdir()
    (inbox / "eve.py").rename(inbox / "eve" / "arith.py")
    assert grading(inbox).returncode == 0


def test_logins_of_a_roster_are_remembered_for_the_same_folders(grading, inbox, tmp_path):
    """A class that is graded again without its roster gets no second set of students."""
    for name in ("bob", "cleo", "dan", "finn"):
        shutil.rmtree(inbox / name)
    (inbox / "ada").rename(inbox / "project-octo-ada")
    (tmp_path / "roster.csv").write_text("identifier,github_username,github_id,name\nadal1,octo-ada,1,Ada\n")
    for options in (["--roster", tmp_path / "roster.csv"], []):
        done = grading(inbox, *options, "--json", tmp_path / "g.jsonl")
        assert [json.loads(line)["student"] for line in (tmp_path / "g.jsonl").read_text().splitlines()] == ["adal1"]
    assert "1 graded before" in done.stdout


def test_a_new_attempt_is_graded_alone(grading, inbox):
    """Only the file that changed is graded again."""
    grading(inbox)
    (inbox / "finn" / "arith.py").write_text(STUDENTS["bob"] + "\n# mine\n")
    result = grading(inbox)
    assert "1 graded; 4 graded before" in result.stdout


KILLS, CLASS = (20, 100) if ALL else (5, 24)
MOST = 3  # results before each kill, so that all come before the end, however fast the machine is


@pytest.mark.slow
def test_killed_at_any_moment_nothing_is_lost(dlkit, inbox, tmp_path):
    """kill -9 many times during a class: what was written stands, and the marks are those of an undisturbed run, to the byte."""
    texts = [STUDENTS["ada"], STUDENTS["bob"], STUDENTS["cleo"], STUDENTS["finn"]]
    for number in range(CLASS - len(STUDENTS)):
        (inbox / f"s{number:03}").mkdir()
        (inbox / f"s{number:03}" / "arith.py").write_text(f"{texts[number % len(texts)]}\n# {number}\n")
    rng = random.Random(1)  # noqa: S311 - moments, not secrets
    (tmp_path / "seed").write_text("12345")
    killed, quiet = tmp_path / "killed.db", tmp_path / "quiet.db"
    options = ["grade", ARITH, "--submissions", inbox, "--jobs", "2", "--seed-file", tmp_path / "seed", "--gradebook"]
    command = [sys.executable, "-m", "dlkit", *map(str, options), str(killed)]
    environment = {**os.environ, "DLKIT_CACHE": str(tmp_path / "cache")}
    standing = 0
    for kill in range(KILLS):
        grader = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        until = time.monotonic() + 60
        while kill and written(killed) <= standing and grader.poll() is None and time.monotonic() < until:
            time.sleep(0.02)
        until = time.monotonic() + rng.uniform(0, 0.3)  # the first at any moment of the beginning, the others between results
        while written(killed) < standing + MOST and time.monotonic() < until:
            time.sleep(0.005)
        grader.send_signal(signal.SIGKILL)
        grader.wait()
        assert written(killed) >= standing, "a result that had been written is gone"
        standing = written(killed)
    assert 0 < standing < CLASS, "it was to be killed in the middle"
    tables = []
    for book in (killed, quiet):
        assert dlkit(*options, book).returncode == 0
        tables.append(dlkit("marks", "arith", "--gradebook", book, "--csv", "-").stdout)
        with sqlite3.connect(book) as opened:
            query = (
                "select student, number, results.score, checks.name, checks.outcome, checks.score, checks.misconception, checks.message "
                "from attempts join results on attempt = attempts.id join checks on result = results.id order by 1, 2, 4"
            )
            tables.append(opened.execute(query).fetchall())
        opened.close()
    assert tables[0].count("\n") == CLASS + 1
    assert tables[:2] == tables[2:]


def test_two_graders_at_a_time_do_each_other_no_harm(inbox, tmp_path):
    """Both end well, and everybody has one grade."""
    for number in range(12):
        (inbox / f"s{number:02}").mkdir()
        (inbox / f"s{number:02}" / "arith.py").write_text(f"{REFERENCE}# {number}\n")
    command = [sys.executable, "-m", "dlkit", "grade", str(ARITH), "--submissions", str(inbox)]
    environment = {**os.environ, "DLKIT_CACHE": str(tmp_path / "cache")}
    graders = [
        subprocess.Popen([*command, "--gradebook", str(tmp_path / "g.db")], cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
        for _ in range(2)
    ]
    assert [grader.wait(120) for grader in graders] == [0, 0]
    with sqlite3.connect(tmp_path / "g.db") as book:
        assert book.execute("select count(*), count(distinct attempt) from results").fetchone() == (17, 17)
        assert book.execute("pragma integrity_check").fetchone() == ("ok",)
    book.close()


def test_ctrl_c_finishes_what_is_open(inbox, tmp_path):
    """It says that it stops, writes what was open, and how to go on; the status is 130."""
    for number in range(30):
        (inbox / f"s{number:02}").mkdir()
        (inbox / f"s{number:02}" / "arith.py").write_text(f"import time; time.sleep(0.2)\n{REFERENCE}# {number}\n")
    command = [sys.executable, "-m", "dlkit", "grade", str(ARITH), "--submissions", str(inbox), "--jobs", "1"]
    environment = {**os.environ, "DLKIT_CACHE": str(tmp_path / "cache"), "COLUMNS": "100"}
    grader = subprocess.Popen(
        [*command, "--gradebook", str(tmp_path / "g.db")], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
    )
    deadline = time.monotonic() + 120
    while not written(tmp_path / "g.db") and time.monotonic() < deadline:
        time.sleep(0.1)
    grader.send_signal(signal.SIGINT)
    told, _ = grader.communicate(timeout=60)
    assert grader.returncode == 130
    assert "running submissions will finish" in told
    assert "Rerun the command to resume." in told
    assert 0 < written(tmp_path / "g.db") < 35


def test_a_regrade_is_shown_before_it_is_written(dlkit, copy_of_small, inbox, tmp_path):
    """Who changes, from what to what; "no" leaves everything; --yes writes."""
    options = ("grade", copy_of_small, "--submissions", inbox, "--gradebook", tmp_path / "g.db", "--json", tmp_path / "j.jsonl")
    assert dlkit(*options).returncode == 0
    before = (tmp_path / "j.jsonl").read_text()
    spec = copy_of_small / "checks.py"
    spec.write_text(
        spec.read_text().replace("points=6, hint", "points=5, hint", 1).replace("points=4, depends", "points=5, depends")
    )
    assert "5 graded before with another spec" in dlkit(*options).stdout
    shown = dlkit(*options, "--regrade")  # there is nobody to answer: nothing may be written
    assert "total: passed, 6 of 6 → passed, 5 of 5" in shown.stdout
    assert "5 of 5 grades would change, none of them in the total." in shown.stdout
    assert "Nothing was written, so the earlier grades stand." in shown.stdout
    assert shown.returncode == 1  # what was asked for was not done
    assert (tmp_path / "j.jsonl").read_text() == before
    written = dlkit(*options, "--regrade", "--yes")
    assert written.returncode == 0
    assert (tmp_path / "j.jsonl").read_text() != before
    assert "No grade would change." in dlkit(*options, "--regrade", "--yes").stdout


def test_a_class_is_not_run_where_nothing_protects_files(inbox, tmp_path):
    """As on a kernel without Landlock: refused, nothing run; with --unsafe-no-isolation graded and stamped."""
    script = [sys.executable, str(ROOT / "tests/support/without_calls.py"), str(errno.ENOSYS), *map(str, LANDLOCK), "--"]
    command = [*script, sys.executable, "-m", "dlkit", "grade", str(ARITH), "--submissions", str(inbox)]
    command += ["--gradebook", str(tmp_path / "g.db"), "--json", str(tmp_path / "g.jsonl")]
    environment = {**os.environ, "DLKIT_CACHE": str(tmp_path / "cache")}
    refused = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert refused.returncode == 2
    assert "No submission was run: nothing on this system protects your files" in refused.stderr
    assert written(tmp_path / "g.db") == 0
    graded = subprocess.run([*command, "--unsafe-no-isolation"], cwd=ROOT, env=environment, capture_output=True, check=False)
    assert graded.returncode == 0
    assert all("files not protected" in row["isolation"] for row in grades(tmp_path / "g.jsonl").values())


REFUSED = {
    "nothing there": (["--submissions", "nowhere"], "there is no class to grade at nowhere"),
    "--check": (["--submissions", "inbox", "--check", "total"], "--check cannot be used with --submissions"),
    "--roster alone": (["--roster", "roster.csv"], "--roster is for a class: add --submissions"),
    "a seed that is none": (["--submissions", "inbox", "--seed-file", "inbox/ada/arith.py"], "must contain one whole number"),
    "a gradebook in no folder": (["--submissions", "inbox", "--gradebook", "no/such/g.db"], "does its folder exist"),
    "a gradebook that is none": (
        ["--submissions", "inbox", "--gradebook", "inbox/ada/arith.py"],
        "the file contains something else",
    ),
    "a database without its driver": (["--submissions", "inbox", "--gradebook", "nosuch://x/y"], "is not a gradebook"),
}


@pytest.mark.parametrize("options, sentence", REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_is_refused_in_a_sentence(dlkit, inbox, tmp_path, options, sentence):
    """Wrong usage has status 2, a sentence and no traceback."""
    result = dlkit("grade", ARITH, *options, cwd=tmp_path)
    assert result.returncode == 2, result.stdout + result.stderr
    assert sentence in " ".join(result.stderr.split())
    assert "Traceback" not in result.stderr


def test_a_scheduler_that_is_not_there_is_refused_in_a_sentence(inbox, tmp_path, monkeypatch, capsys):
    """In this process, so that nobody waits ten seconds for it: status 2, a sentence and no traceback."""
    pytest.importorskip("distributed")
    monkeypatch.setattr("autograder.classroom.remote.REACHED_SECONDS", 1)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DLKIT_CACHE", str(tmp_path / "cache"))
    with pytest.raises(SystemExit) as ended:
        main(["grade", str(ARITH), "--submissions", "inbox", "--scheduler", "tcp://127.0.0.1:9"])
    said = capsys.readouterr().err
    assert ended.value.code == 2, said
    assert "cannot be reached" in " ".join(said.split())
    assert "Traceback" not in said


# What counts ------------------------------------------------------------------------------------------------------


def test_marks_and_adjustments(dlkit, book):
    """Points by hand count, the raw grade stays, and the table says why."""
    assert dlkit("adjust", "arith", "bob", "--check", "total", "--points", "6", "--comment", "typo", *book).returncode == 0
    shown = dlkit("marks", "arith", *book)
    assert shown.returncode == 0, shown.stderr
    assert "typo" in shown.stdout
    table = dlkit("marks", "arith", *book, "--csv", "-").stdout.splitlines()
    assert table[0].startswith("student,name,attempt,raw,raw_max,mark,max")
    assert [line.split(",")[0] for line in table[1:]] == sorted(STUDENTS)
    bob = next(line.split(",") for line in table if line.startswith("bob"))
    assert float(bob[5]) > float(bob[3])


def test_more_points_than_there_are_is_told(dlkit, book):
    """60 for 6 counts, as extra credit may, but not without a word, and how to take it back."""
    done = dlkit("adjust", "arith", "bob", "--check", "total", "--points", "60", *book)
    assert done.returncode == 0
    assert "60 exceeds the maximum of 6 points. To undo: `dlkit adjust arith bob" in done.stderr
    assert dlkit("adjust", "arith", "bob", "--check", "total", "--points", "6", *book).stderr == ""


def test_what_is_so_for_everybody_is_told_once(dlkit, book, tmp_path):
    """A dropped check stands below the table of marks, not in each line."""
    (tmp_path / "course.toml").write_text('[course]\ntimezone = "UTC"\n[assignments.arith]\ndrop = ["total"]\n')
    shown = dlkit("marks", "arith", "--course", tmp_path / "course.toml", *book).stdout
    assert shown.count("was dropped for all") == 1
    assert "Everybody: `total` was dropped for all" in shown


def test_a_roster_is_remembered(dlkit, grading, inbox, tmp_path):
    """Whoever leaves it out the next time has the same class, not a second one under the names of the platform."""
    (tmp_path / "roster.csv").write_text("id,name,email,moodle_id\n" + "".join(f"s{i},,,{i}\n" for i in range(100, 105)))
    for i, name in enumerate(STUDENTS, 100):
        (inbox / name).rename(inbox / f"Student {i}_{i}_assignsubmission_file")
    assert "5 graded." in grading(inbox, "--roster", tmp_path / "roster.csv").stdout
    assert "0 graded; 5 graded before" in grading(inbox).stdout


def test_what_was_set_by_hand_can_be_taken_back(dlkit, book):
    """--undo leaves the marks as they were before."""
    before = dlkit("marks", "arith", *book, "--csv", "-").stdout
    dlkit("adjust", "arith", "bob", "--points", "1", *book)
    assert dlkit("marks", "arith", *book, "--csv", "-").stdout != before
    assert "undone" in dlkit("adjust", "arith", "bob", "--undo", *book).stdout
    assert dlkit("marks", "arith", *book, "--csv", "-").stdout == before


def test_a_history_tells_what_became_of_a_student(dlkit, book):
    """Attempts, gradings, the mark and what was done by hand."""
    dlkit("adjust", "arith", "bob", "--points", "3", "--comment", "=typo", *book)
    done = dlkit("history", "bob", *book)
    assert done.returncode == 0, done.stderr
    assert "3 of 20; attempt 1 counts" in done.stdout
    assert "=typo" in done.stdout
    assert "not yet" not in done.stdout


def test_gradings_are_listed_and_compared(dlkit, copy_of_small, inbox, tmp_path):
    """After a change of points: who changes, from what to what; the same grading against itself changes nothing."""
    options = ("grade", copy_of_small, "--submissions", inbox, "--gradebook", tmp_path / "g.db")
    book = ("--gradebook", tmp_path / "g.db")
    dlkit(*options)
    spec = copy_of_small / "checks.py"
    spec.write_text(
        spec.read_text().replace("points=6, hint", "points=5, hint", 1).replace("points=4, depends", "points=5, depends")
    )
    dlkit(*options, "--regrade", "--yes")
    listed = dlkit("history", *book).stdout.splitlines()
    assert [line.split()[0] for line in listed[1:]] == ["1", "2"]
    assert "another spec" in listed[2]
    shown = dlkit("compare", "1", "2", *book)
    assert shown.returncode == 1
    assert "total: passed, 6 of 6 → passed, 5 of 5" in shown.stdout
    assert "5 grades changed." in shown.stdout
    same = dlkit("compare", "2", "2", *book)
    assert (same.returncode, "No grade changed." in same.stdout) == (0, True)


WRONG = {
    "no gradebook": (["marks", "arith", "--gradebook", "none.db"], "There is no gradebook none.db"),
    "no such check": (["adjust", "arith", "bob", "--check", "totl", "--points", "1"], "Did you mean 'total'?"),
    "no such student": (["adjust", "arith", "bobb", "--points", "1"], "Did you mean 'bob'?"),
    "nothing to set": (["adjust", "arith", "bob"], "give --points, --excuse or --comment"),
    "setting and taking back": (["adjust", "arith", "bob", "--points", "1", "--undo"], "cannot be used with"),
    "points without end": (["adjust", "arith", "bob", "--points", "inf"], "'inf' is not a finite number"),
    "points too large to be": (["adjust", "arith", "bob", "--points", "1e400"], "'1e400' is not a finite number"),
    "points that are none": (["adjust", "arith", "bob", "--points", "nan"], "'nan' is not a finite number"),
    "a time without end": (["grade", "arith", "--timeout", "nan"], "'nan' is not a finite number"),
    "nearness that is none": (["course", "--near", "nan"], "'nan' is not a finite number"),
    "a share that is none": (["similar", "arith", "--at-least", "nan"], "'nan' is not a finite number"),
    "marks over a gradebook": (["marks", "arith", "--csv", "gradebook.db"], "gradebook.db cannot be written: it is a gradebook"),
    "an export over a gradebook": (["export", "csv", "arith", "--out", "gradebook.db"], "which would be lost; name another file"),
    "no such student of old": (["history", "bobb"], "Did you mean 'bob'?"),
    "no such grading": (["compare", "1", "7"], "has no grading '7'. There are: 1"),
    "another assignment": (["marks", "hw9"], "has no attempt at 'hw9'"),
    "a slip in the policies": (["marks", "arith", "--course", "course.toml"], "Did you mean"),
}


@pytest.mark.parametrize("arguments, sentence", WRONG.values(), ids=WRONG)
def test_slips_about_marks_are_sentences(dlkit, graded, tmp_path, arguments, sentence):
    """Wrong names and files have status 2, a sentence, and change nothing."""
    (tmp_path / "course.toml").write_text("[course]\ntimezon = 'UTC'\n")
    (tmp_path / "work").mkdir()
    shutil.copy(graded, tmp_path / "work" / "gradebook.db")
    if "--course" in arguments:
        arguments = [*arguments[:-1], str(tmp_path / "course.toml")]
    result = dlkit(*arguments, cwd=tmp_path / "work")
    assert result.returncode == 2, result.stdout
    assert sentence in " ".join(result.stderr.split())
    assert "Traceback" not in result.stderr
