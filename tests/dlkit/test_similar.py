"""`dlkit similar`: similar submissions, as an instructor looks for them."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess

import click
import pytest
from click.testing import CliRunner

from autograder.classroom.gradebook import Gradebook, HandIn, Row
from autograder.classroom.similarity import AT_LEAST
from autograder.export.comparing import Work, for_dolos, works_of
from dlkit.cli import main

SPEC = """
from autograder import Assignment, Outputs
assignment = Assignment(title="Sums", files=["sums.py"], checks=[Outputs("f", on=lambda rng: {"a": {"x": 1.0}}, points=100)])
"""
STUB = "def f(x):\n    raise NotImplementedError\n"
MINE = """def f(x):
    total = 0
    for number, entry in enumerate(x):
        if number % 2 == 0:
            total = total + entry * entry
        else:
            total = total - abs(entry) / (number + 1)
    while total > 100:
        total = total / 2 - 1
    return total
"""
OTHER = """def f(x):
    even = sum(entry ** 2 for entry in x[::2])
    odd = sum(abs(x[place]) / (place + 1) for place in range(1, len(x), 2))
    return halved(even - odd)


def halved(value, most=100):
    return value if value <= most else halved(value / 2 - 1)
"""


@pytest.fixture
def listed(tmp_path, monkeypatch):
    """Run the command on a class: texts by student, each a list of attempts."""
    folder = tmp_path / "assignments" / "hw9"
    folder.mkdir(parents=True)
    (folder / "checks.py").write_text(SPEC)
    (folder / "sums.py").write_text(STUB)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")

    def run(works, *options):
        with Gradebook("gradebook.db") as book:
            for student, attempts in works.items():
                for number, text in enumerate(attempts, start=1):
                    files = None if text is None else {"sums.py": text}
                    why = "the archive is damaged" if text is None else ""
                    digest = f"{student}-{number}"
                    book.hand_in(
                        "hw9", [HandIn(student, number, f"{student.title()} X", files=files, digest=digest, unreadable=why)]
                    )
        return CliRunner().invoke(main, ["similar", "hw9", *options])

    return run


CLASS = {"ada": [STUB, MINE], "bob": [MINE.replace("total", "t")], "cleo": [MINE, OTHER], "dan": [None]}


def test_pairs_are_listed_with_names_attempts_and_the_caveat(listed):
    """The newest attempt of each counts; what is found is a lead."""
    result = listed(CLASS)
    assert result.exit_code == 0, result.output
    assert re.search(r"100 % +ada +Ada X +2 +bob +Bob X +1", result.output)
    assert "cleo" not in result.output
    assert "never a verdict" in result.output
    assert "1 of the class have no readable submission" in result.output


def test_the_pages_and_their_index_are_written(listed, tmp_path):
    """One page for each pair, and again over those that were written before."""
    for _ in range(2):
        result = listed(CLASS, "--out", "out")
        assert result.exit_code == 0, result.output
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["index.html", "pair-001.html"]
    assert 'href="pair-001.html"' in (tmp_path / "out" / "index.html").read_text(encoding="utf-8")
    assert "Ada X" in (tmp_path / "out" / "pair-001.html").read_text(encoding="utf-8")


def test_a_folder_of_somebody_else_is_left_alone(listed, tmp_path):
    """Refused before anything is compared; what was there is there."""
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "thesis.tex").write_text("years")
    result = listed(CLASS, "--out", "out")
    assert result.exit_code == 2
    assert "Received: a folder that holds thesis.tex" in result.output
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["thesis.tex"]


def test_a_place_that_cannot_be_written_is_a_sentence(listed, tmp_path):
    """A file where the folder should be."""
    (tmp_path / "out").write_text("a file")
    result = listed(CLASS, "--out", "out")
    assert result.exit_code == 2
    assert "Traceback" not in result.output
    assert "out cannot be written" in result.output


def test_nothing_in_common_is_said(listed):
    """How many were compared, and at which share."""
    result = listed({"ada": [MINE], "bob": [OTHER]}, "--at-least", "0.8")
    assert (result.exit_code, result.output) == (0, "Of 2 submissions, no two have 80 % or more in common.\n")


def test_the_list_is_cut_and_says_so(listed):
    """Of three pairs one is asked for."""
    result = listed({"ada": [MINE], "bob": [MINE], "cleo": [MINE]}, "--most", "1")
    assert "and 2 more pairs" in result.output


def test_one_student_has_nobody_to_be_compared_with(listed):
    """A sentence, and no table."""
    result = listed({"ada": [MINE]})
    assert (result.exit_code, result.output) == (0, "1 submission: there is nothing to compare.\n")


def test_an_empty_gradebook_is_refused(listed):
    """It says what to do first."""
    result = listed({})
    assert result.exit_code == 2
    assert "gradebook.db has no attempt at 'hw9': grade the class first, with --submissions." in result.output


def test_a_name_that_moves_the_cursor_is_written_out(listed):
    """A student's key may hold anything."""
    result = listed({"a\x1b[2Jda[red]": [MINE], "bob": [MINE]})
    assert "\x1b" not in result.output
    assert "a\\x1b[2Jda[red]" in result.output


def test_the_default_is_the_librarys():
    """What the help says is what a report uses."""
    option = next(option for option in main.commands["similar"].params if option.name == "at_least")
    assert isinstance(option, click.Option)
    assert option.default == AT_LEAST


def paths(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


@pytest.mark.parametrize(
    ("tool", "files", "command"),
    [
        (
            "jplag",
            ["base/sums.py", *(f"submissions/{who}/sums.py" for who in ("ada", "bob", "cleo"))],
            "java -jar jplag.jar -l python3 -bc out/base -r out-jplag out/submissions",
        ),
        (
            "compare50",
            ["base/sums.py", *(f"submissions/{who}/sums.py" for who in ("ada", "bob", "cleo"))],
            "compare50 'out/submissions/*' -d out/base -o out-compare50",
        ),
        (
            "dolos",
            ["base.py", "info.csv", *(f"submissions/{who}.py" for who in ("ada", "bob", "cleo"))],
            "dolos run -l python -i out/base.py out/info.csv",
        ),
    ],
)
def test_a_class_is_laid_out_as_another_tool_reads_it(listed, tmp_path, tool, files, command):
    """The newest work of each, the stub where the tool expects base code, and the command to run next."""
    result = listed(CLASS, "--to", tool, "out")
    assert result.exit_code == 0, result.output
    assert paths(tmp_path / "out") == files
    assert f"\n\n  {command}\n" in result.output and "1 of the class have no readable submission" in result.output
    texts = {path: (tmp_path / "out" / path).read_text() for path in files}
    assert next(text for path, text in texts.items() if path.startswith("base")) == STUB
    assert next(text for path, text in texts.items() if "ada" in path) == MINE


def test_info_csv_has_the_names_and_says_which_is_the_stub(listed, tmp_path):
    """Dolos shows `full_name`, and does not count what is `ignored`."""
    listed(CLASS, "--to", "dolos", "out")
    assert (tmp_path / "out" / "info.csv").read_text().splitlines() == [
        "filename,full_name,label,created_at,ignored",
        "submissions/ada.py,ada Ada X,,,false",
        "submissions/bob.py,bob Bob X,,,false",
        "submissions/cleo.py,cleo Cleo X,,,false",
        "base.py,stub,,,true",
    ]


def test_a_name_that_is_no_safe_path_becomes_one(listed, tmp_path):
    """Whatever a student's key holds, the folder lies where it should, and still tells who it is."""
    result = listed({"../Zoë": [MINE], "con": [OTHER]}, "--to", "jplag", "out")
    assert result.exit_code == 0, result.output
    names = sorted(path.name for path in (tmp_path / "out" / "submissions").iterdir())
    assert [name.partition(".")[0] for name in names] == ["student-con", "zoe"]


def test_anonymous_works_have_numbers_and_a_key(listed, tmp_path):
    """No name is in the folder, and the key tells whose each work is."""
    result = listed(CLASS, "--to", "dolos", "out", "--anonymous", "key.csv")
    assert result.exit_code == 0, result.output
    laid = "".join(paths(tmp_path / "out")) + (tmp_path / "out" / "info.csv").read_text()
    assert not re.search("ada|bob|cleo", laid, re.IGNORECASE)
    key = dict(line.split(",")[:2] for line in (tmp_path / "key.csv").read_text().splitlines()[1:])
    assert sorted(key.values()) == ["ada", "bob", "cleo"]
    mine = next(called for called, student in key.items() if student == "cleo")
    assert (tmp_path / "out" / "submissions" / f"{mine}.py").read_text() == OTHER


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--to", "jplag", "full"], "full must be a new or empty folder. Received: a folder that holds mine.txt"),
        (["--to", "jplag", "-"], "--to needs a folder"),
        (["--to", "jplag", "out", "--out", "pages"], "cannot be used together"),
        (["--anonymous", "key.csv"], "--anonymous needs --to"),
        (["--to", "dolos", "out", "--anonymous", "out/key.csv"], "The key must not lie in out"),
        (["--to", "dolos", "out", "--anonymous", "full/mine.txt"], "full/mine.txt is there already"),
    ],
)
def test_nothing_is_written_in_the_place_of_something_else(listed, tmp_path, options, sentence):
    """A folder that holds something, a key among the works and an older key are refused."""
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine.txt").write_text("mine")
    result = listed(CLASS, *options)
    assert (result.exit_code, sentence in result.output) == (2, True), result.output
    assert paths(tmp_path / "full") == ["mine.txt"] and not (tmp_path / "out").exists()


def test_several_files_are_one_for_dolos(tmp_path):
    """Dolos compares files: the files of a submission stand in one, each under its name."""
    works = [Work("ada", "ada", "", "", {"sums.py": "x = 1\n", "more.py": "y = 2\n"})]
    made = for_dolos(works, {}, "out")
    assert made.texts["submissions/ada.py"] == "# ---- more.py ----\ny = 2\n\n# ---- sums.py ----\nx = 1\n"
    assert "-i" not in made.command


def test_a_group_is_laid_out_once(tmp_path):
    """The work of two who handed in together is one, and its name tells of both."""
    row = Row("ada", "Ada X", 1, False, "", "", "", None, members=("bob",))
    (work,), _ = works_of({"ada": row}, {"ada": {"sums.py": MINE}})
    assert work.called == "ada_bob"


@pytest.mark.skipif(not shutil.which("compare50"), reason="compare50 is not installed")
def test_compare50_reads_what_is_laid_out(listed, tmp_path):
    """The printed command runs, and finds the copy."""
    told = listed(CLASS, "--to", "compare50", "out").output
    command = next(line for line in told.splitlines() if line.startswith("  compare50"))
    done = subprocess.run(shlex.split(command), cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0 and "3 submissions" in done.stdout and "1 distro file" in done.stdout, done.stdout + done.stderr
