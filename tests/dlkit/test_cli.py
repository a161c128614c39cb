"""The command line: what a user sees, and the exit status that a script sees."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from support import ROOT, SMALL

from autograder.assignment import load
from autograder.authoring import sample
from autograder.grading.bench import Bench
from autograder.grading.grade import grade
from autograder.grading.references import References
from autograder.sandbox.workers import source
from autograder.submission import Submission
from dlkit.cli import main
from dlkit.commands.authoring import LAYOUTS
from dlkit.commands.shared import Refusal, find_assignment

KEYS = ["schema", "assignment", "student", "score", "max_score", "seed", "isolation", "versions", "seconds", "checks"]
CHECK_KEYS = ["name", "function", "outcome", "score", "max_score", "message", "hint", "misconception", "seconds", "cases"]
REFERENCE = SMALL / "solutions" / "arith"


@pytest.fixture
def own(copy_of_small):
    """A private small course whose student's file is the reference."""
    text = (REFERENCE / "arith.py").read_text()
    (copy_of_small / "arith.py").write_text(text)
    return copy_of_small


def test_a_perfect_submission_exits_with_0(dlkit, own):
    """The file in the assignment's folder is graded; all passed is status 0."""
    done = dlkit("grade", own)
    assert done.returncode == 0, done.stderr
    assert "✓ passed            6/6    total" in done.stdout
    assert "20 of 20 points   4 of 4 checks passed" in done.stdout


@pytest.mark.parametrize("name", ["assignments/arith", "arith", "."])
def test_an_assignment_is_found_from_inside_its_folder(monkeypatch, copy_of_small, name):
    """The name that works at the top of a course works in each folder of it."""
    monkeypatch.chdir(copy_of_small)
    assert find_assignment(name).resolve() == copy_of_small
    monkeypatch.chdir(copy_of_small.parent)
    assert find_assignment(name if name != "." else "arith").resolve() == copy_of_small


def test_an_assignment_without_a_spec_is_not_looked_for_further_up(monkeypatch, copy_of_small):
    """A course within a folder of another may have lost a checks.py: the other course's assignment is not graded in its place."""
    inner = copy_of_small / "copy" / "assignments" / copy_of_small.name
    inner.mkdir(parents=True)
    for place in (inner, inner.parent, inner.parent.parent):
        monkeypatch.chdir(place)
        with pytest.raises(Refusal, match=r"has no checks\.py, which every assignment needs"):
            find_assignment(copy_of_small.name)


def test_a_syntax_error_is_told_without_tensorflow(monkeypatch):
    """Where the file cannot be read, nothing that an assignment imports is waited for."""
    warmed = []
    monkeypatch.setattr("autograder.sandbox.workers.Forked.warm", lambda self, modules: warmed.extend(modules))
    with source("autograder.observing:serve", "fork") as workers:
        assignment = load(ROOT / "assignments" / "hw2")
        with Bench(assignment, workers) as bench:
            assert "line 1" in bench.unreadable({"xor_mlp.py": "def f(:"}).error
            assert bench.unreadable({"xor_mlp.py": "x = 1"}) is None
        references = References(assignment, ROOT / "solutions" / "hw2", None, workers)
        result = grade(assignment, Submission("", {"xor_mlp.py": "def f(:"}), references, workers)
    assert result.score == 0
    assert warmed == []


def test_a_wrong_submission_is_explained(dlkit, own):
    """A wrong answer shows the case, the difference, the likely mistake and a call to copy; status 1."""
    text = (own / "arith.py").read_text()
    (own / "arith.py").write_text(text.replace("float(np.sum(x))", "float(np.mean(x)) if len(x) else 0.0"))
    done = dlkit("grade", own)
    assert done.returncode == 1
    assert 'case "vector": it is ' in done.stdout
    assert "likely: That is the mean; the sum was asked for." in done.stdout
    assert re.search(r"from arith import \*\n +total\(x=np\.array\(\[", done.stdout)
    assert "`total` must work first" in done.stdout


def test_the_call_to_copy_works(dlkit, own, monkeypatch):
    """The shown call, pasted under the shown import, runs and shows the wrong answer."""
    text = (own / "arith.py").read_text()
    (own / "arith.py").write_text(text.replace("x * float", "x + float"))
    done = dlkit("grade", own, "--check", "scale")
    call = re.search(r"scale\(.*\)", done.stdout)[0]
    program = f"from arith import *\nprint(list({call}))"
    shown = subprocess.run([sys.executable, "-c", program], cwd=own, capture_output=True, text=True, check=True)
    assert shown.stdout.startswith("[")


def test_another_submission_is_named_by_its_folder(dlkit, own, tmp_path):
    """`--submission` grades a folder or a file, whose name is the student's."""
    (tmp_path / "ada").mkdir()
    (tmp_path / "ada" / "arith.py").write_text((REFERENCE / "arith.py").read_text())
    assert "arith: Small sums, by ada" in dlkit("grade", own, "--submission", tmp_path / "ada").stdout


def test_an_archive_is_graded(dlkit, own, tmp_path):
    """`--submission` grades a zip, whose name is the student's."""
    with zipfile.ZipFile(tmp_path / "ada.zip", "w") as archive:
        archive.write(REFERENCE / "arith.py", "my homework/arith.py")
    done = dlkit("grade", own, "--submission", tmp_path / "ada.zip")
    assert (done.returncode, done.stdout.splitlines()[0]) == (0, "arith: Small sums, by ada")


def test_json_has_the_stable_shape(dlkit, own, tmp_path):
    """The object of schema 1 holds exactly the promised keys, in order, and the exit status stays."""
    done = dlkit("grade", own, "--json", tmp_path / "grade.json")
    grade = json.loads((tmp_path / "grade.json").read_text())
    assert done.returncode == 0
    assert list(grade) == KEYS
    assert all(list(check) == CHECK_KEYS for check in grade["checks"])
    assert all(list(case) == ["name", "outcome", "message"] for check in grade["checks"] for case in check["cases"])
    assert (grade["schema"], grade["assignment"], grade["score"], grade["max_score"]) == (1, "arith", 20, 20)
    assert "separate process" in grade["isolation"]
    assert {"python", "tensorflow", "keras", "numpy", "scikit-learn", "dlkit"} <= set(grade["versions"])


def test_json_names_the_misconception_and_carries_its_sentence(dlkit, own, tmp_path):
    """The id of the mistake and its sentence reach whoever reads the JSON."""
    text = (own / "arith.py").read_text()
    (own / "arith.py").write_text(text.replace("x * float", "x + float"))
    dlkit("grade", own, "--json", tmp_path / "grade.json")
    scale = json.loads((tmp_path / "grade.json").read_text())["checks"][1]
    assert (scale["misconception"], scale["hint"]) == ("scale-adds", "You add the factor.")


def test_json_on_stdout_is_alone_there(dlkit, own):
    """With `--json -` the report goes to stderr and stdout is one JSON object."""
    done = dlkit("grade", own, "--json", "-")
    assert json.loads(done.stdout)["score"] == 20
    assert "20 of 20 points" in done.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no device that is always full")
@pytest.mark.parametrize(
    "arguments", [("--help",), ("status",), ("hint", "{own}"), ("grade", "{own}"), ("grade", "{own}", "--json", "-")]
)
@pytest.mark.parametrize("buffered", ["", "1"], ids=["buffered", "unbuffered"])
def test_output_that_cannot_be_written_is_said(own, arguments, buffered):
    """Where the disk is full on which the output goes, a command says so in one sentence, and ends with status 2."""
    command = [sys.executable, "-m", "dlkit", *(word.format(own=own) for word in arguments)]
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
            env={**os.environ, "PYTHONUNBUFFERED": buffered},
        )
    assert "The output could not be written: No space left on device." in done.stderr
    assert "Traceback" not in done.stderr
    assert done.returncode == 2


def test_json_that_cannot_be_written_is_said(dlkit, own, tmp_path):
    """A path that cannot be written is a usage error, in a sentence."""
    done = dlkit("grade", own, "--json", tmp_path / "no" / "where.json")
    assert (done.returncode, "cannot be written" in done.stderr) == (2, True)


def test_a_part_is_graded(dlkit, own):
    """`--check` takes names of checks or functions, and counts only those."""
    done = dlkit("grade", own, "--check", "scale", "--check", "sell")
    assert "10 of 10 points   2 of 2 checks passed" in done.stdout


def test_colour_and_width_are_respected(dlkit, own):
    """NO_COLOR leaves no escape sequence, and lines keep to the width."""
    (own / "arith.py").write_text("def total(x): return 'a rather long text that has to be wrapped somewhere'\n")
    done = dlkit("grade", own, env={"NO_COLOR": "1", "COLUMNS": "60"})
    assert "\x1b" not in done.stdout
    shown = [line for line in done.stdout.splitlines() if not line.startswith("        ")]
    assert max(map(len, shown)) <= 60


def test_a_terminal_without_utf_8_gets_plain_symbols(dlkit, own):
    """Where the encoding has no check mark, plain characters and words carry the outcome."""
    done = dlkit("grade", own, env={"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0", "LC_ALL": "C"})
    assert "+ passed" in done.stdout
    assert "\\u" not in done.stdout


USAGE = {
    "no such assignment": (
        ["grade", "assignments/hw22"],
        "There is no assignment 'assignments/hw22'. Did you mean 'assignments/hw2'?",
    ),
    "a near name": (["grade", "hw9"], "There is no assignment 'hw9'. Did you mean 'hw"),
    "no assignment at all": (["grade", "tests"], "tests is not an assignment: it has no checks.py. There are: assignments/hw"),
    "a submission without the file": (
        ["grade", "hw2", "--submission", "tests"],
        "tests has no xor_mlp.py, which this assignment asks for",
    ),
    "no submission": (["grade", "hw2", "--submission", "nowhere"], "nowhere does not exist"),
    "an unknown check": (["grade", "hw2", "--check", "sigmod"], "hw2 has no check 'sigmod'. Did you mean 'sigmoid'?"),
    "an unknown option": (["grade", "hw2", "--sed", "3"], "No such option"),
    "a negative seed": (["grade", "hw2", "--seed", "-1"], "-1 is not in the range x>=0"),
    "a folder to stdout": (["report", "hw2", "--out", "-"], "--out needs a folder, and a folder cannot go to"),
    "a course to stdout": (["init", "-"], "DIR needs a folder, and a folder cannot go to"),
    "pages to stdout": (["similar", "hw2", "--out", "-"], "--out needs a folder"),
    "a class to stdout": (["sample-class", "hw2", "--out", "-"], "--out needs a folder"),
    "pictures to stdout": (["figures", "--out", "-"], "--out needs a folder"),
    "an autograder to stdout": (["classroom50", "hw2", "--out", "-"], "--out needs a folder"),
    "no time": (["grade", "hw2", "--timeout", "0"], "0.0 is not in the range x>0"),
}


@pytest.mark.parametrize("arguments, sentence", USAGE.values(), ids=USAGE)
def test_wrong_usage_exits_with_2_and_a_sentence(dlkit, arguments, sentence):
    """What the user got wrong is said without a traceback, with what to do."""
    done = dlkit(*arguments)
    assert done.returncode == 2
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr


def test_a_class_is_made_from_a_reference(dlkit, copy_of_small):
    """In a course without solutions, as `dlkit init` lays one out from a wheel, it is said what is missing, and how to get it."""
    shutil.rmtree(copy_of_small.parent.parent / "solutions")
    done = dlkit("sample-class", "arith", cwd=copy_of_small.parent.parent)
    assert done.returncode == 2
    assert "Expected solutions/arith beside assignments/. Received: no such folder." in done.stderr


def test_an_assignment_is_found_from_inside_its_own_folder(dlkit, copy_of_small):
    """In the folder of an assignment, where students edit, its name is enough; what is missing there is named."""
    done = dlkit("grade", "arith", cwd=copy_of_small)
    assert done.returncode == 2
    assert "../arith has no arith.py, which this assignment asks for" in done.stderr


def test_a_broken_spec_exits_with_3(dlkit, own):
    """A spec that cannot grade is the grader's fault."""
    spec = own / "checks.py"
    spec.write_text("import tensorflow\n" + spec.read_text())
    done = dlkit("grade", own)
    assert done.returncode == 3
    assert "The assignment cannot be graded" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_broken_reference_exits_with_3_and_leaves_its_points_out(dlkit, own):
    """A check that cannot be judged is said to be our fault, and the rest still counts."""
    reference = own.parent.parent / "solutions" / "arith" / "arith.py"
    reference.write_text(reference.read_text().replace("return x * float", "return 1 / 0 * float"))
    done = dlkit("grade", own)
    assert done.returncode == 3
    assert "14 of 14 points" in done.stdout
    assert "That is the grader's fault, not the submission's" in " ".join(done.stdout.split())


HELP = [["--help"], *([command, "--help"] for command in main.commands)]


@pytest.mark.parametrize("arguments", HELP, ids=" ".join)
def test_help_shows_an_example(dlkit, arguments):
    """Every `--help` has an example to copy."""
    done = dlkit(*arguments)
    assert (done.returncode, "Example" in done.stdout) == (0, True)


@pytest.mark.parametrize("option", ["--help", "--version"])
def test_help_and_version_load_nothing_heavy(option):
    """`dlkit --help` and `--version` answer without TensorFlow, NumPy or rich."""
    code = (
        "import sys\nfrom dlkit.cli import main\n"
        f"try: main(['{option}'])\nexcept SystemExit: pass\n"
        "sys.exit(', '.join(m for m in ('tensorflow', 'keras', 'numpy', 'sklearn', 'rich', 'matplotlib') if m in sys.modules) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.slow
def test_grading_loads_no_tensorflow_in_the_grader(own, tmp_path, monkeypatch):
    """The process that judges never imports TensorFlow, nor the student's file."""
    code = (
        "import sys\nfrom dlkit.cli import main\n"
        f"try: main(['grade', {str(ROOT / 'assignments' / 'hw2')!r}])\nexcept SystemExit: pass\n"
        "print(sorted(m for m in ('tensorflow', 'keras', 'xor_mlp') if m in sys.modules))"
    )
    monkeypatch.setenv("DLKIT_CACHE", str(tmp_path))
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_deriving_keeps_stub_and_handout_up_to_date(dlkit):
    """The repository's stubs and points tables are what `dlkit derive` makes of references and specs."""
    done = dlkit("derive", "--check", *sorted(str(path.parent) for path in ROOT.glob("assignments/*/checks.py")))
    assert (done.returncode, done.stdout) == (0, ""), done.stdout + done.stderr


def test_a_class_is_the_same_for_a_seed(dlkit, own, tmp_path):
    """`sample-class` makes the same files, byte for byte, in another process with another hash seed."""
    contents = []
    for number in ("1", "2"):
        done = dlkit("sample-class", own, "--students", "20", "--out", tmp_path / number, env={"PYTHONHASHSEED": number})
        assert (done.returncode, "arith, 20 students (" in done.stdout) == (0, True), done.stderr
        files = sorted(path for path in (tmp_path / number).rglob("*") if path.is_file())
        contents.append([(path.relative_to(tmp_path / number), path.read_bytes()) for path in files])
    assert contents[0] == contents[1]
    assert len(contents[0]) == 22


def test_a_class_is_made_in_an_empty_folder_only(dlkit, own, tmp_path):
    """A folder that holds something, or a file in its place, is refused in a sentence."""
    done = dlkit("sample-class", own, "--out", own)
    assert (done.returncode, done.stdout) == (2, "")
    assert "must be a new or empty folder" in done.stderr
    done = dlkit("sample-class", own, "--out", own / "arith.py")
    assert (done.returncode, "cannot be used: Not a directory" in done.stderr) == (2, True)


def test_the_layouts_of_a_class_are_those_that_can_be_made():
    """What `--layout` offers is what `autograder.authoring.sample` knows."""
    assert list(LAYOUTS) == list(sample.LAYOUTS)
