"""Packed for Gradescope: the zip is laid out as Gradescope does, and its own scripts run. Our failure leaves no results."""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import stat
import subprocess
import sys
import zipfile
from pathlib import Path

import commandline
import pytest
from support import ROOT, SMALL

from autograder.assignment import load
from autograder.export import withholding
from autograder.outcome import CaseResult, CheckResult, Grade, Outcome
from autograder.sandbox import workers
from autograder.selftest.trial import ATTACKS
from autograder.submission import Submission
from dlkit.packing import on_gradescope, within
from dlkit.packing.gradescope import gradescope
from dlkit.packing.on_gradescope import Settings
from dlkit.packing.wheel import NAME, pins, requirements
from dlkit.packing.within import Terms, grade_within, longest

REFERENCE = (SMALL / "solutions" / "arith" / "arith.py").read_text()
MEAN = REFERENCE.replace("float(np.sum(x))", "float(np.mean(x)) if len(x) else 0.0")
VISIBILITY = {"hidden", "after_due_date", "after_published", "visible"}
NOT_OURS = "That is the grader's fault"


@pytest.fixture(scope="session")
def packed(tmp_path_factory):
    """The small assignment, packed by the command; the bytes of the zip."""
    folder = tmp_path_factory.mktemp("packed")
    (folder / "seed").write_text("41\n")
    command = ["gradescope", SMALL / "assignments" / "arith", "--seed-file", folder / "seed", "--out", folder / "a.zip"]
    commandline.run([*map(str, command)], ROOT, dict(os.environ)).check_returncode()
    return (folder / "a.zip").read_bytes()


@pytest.fixture
def root(packed, tmp_path):
    """What Gradescope makes of the zip: /autograder, elsewhere."""
    found = tmp_path / "autograder"
    for name in ("source", "submission", "results"):
        (found / name).mkdir(parents=True)
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        for info in archive.infolist():
            path = Path(archive.extract(info, found / "source"))
            path.chmod(info.external_attr >> 16 & 0o777)
    shutil.copy2(found / "source" / "run_autograder", found / "run_autograder")
    return found


def run(root, submission=None, **environment):
    """Run the zip's own run_autograder on a submission's text; the results, and what staff see."""
    done = started(root, submission, **environment)
    assert done.returncode == 0, done.stdout + done.stderr
    return validated(root), done.stdout + done.stderr


def failed(root, submission=None, **environment):
    """Run it where the grader fails; what staff see. Gradescope finds a status and no results, which is an autograder_error."""
    done = started(root, submission, **environment)
    assert (done.returncode, (root / "results" / "results.json").exists()) == (1, False), done.stdout + done.stderr
    return done.stdout + done.stderr


def started(root, submission, **environment):
    """The process of run_autograder, ended."""
    if submission is not None:
        (root / "submission" / "arith.py").write_text(submission)
    environment = {**os.environ, "DLKIT_AUTOGRADER": str(root), "DLKIT_PYTHON": sys.executable, **environment}
    return subprocess.run(
        [root / "run_autograder"], cwd=root, env=environment, text=True, capture_output=True, timeout=120, check=False
    )


def validated(root):
    """The results, held to Gradescope's specification; no student reads a traceback or where the grader has put their work."""
    text = (root / "results" / "results.json").read_text()
    found = json.loads(text, parse_constant=lambda word: pytest.fail(f"{word} is not JSON"))
    assert text.endswith("\n") and found["tests"]
    assert isinstance(found.get("score", 0), int | float) and isinstance(found.get("execution_time", 0), int | float)
    for item in (found, *found["tests"]):
        assert item.get("visibility", "visible") in VISIBILITY
    for test in found["tests"]:
        assert test["status"] in ("passed", "failed")
        assert {type(test[key]) for key in ("score", "max_score") if key in test} <= {int, float}
    seen = [item["output"] for item in (found, *found["tests"]) if item.get("visibility") != "hidden"]
    assert not [output for output in seen if "Traceback" in output or str(root / "submission") in output]
    return found


def points(found):
    """What Gradescope shows as the points: None where it has none to show."""
    scores = [test["score"] for test in found["tests"] if "score" in test]
    return found.get("score", sum(scores) if scores else None)


def test_the_scripts_are_at_the_root_and_can_be_executed(packed):
    """setup.sh and run_autograder have the bit to execute and LF; bash takes both."""
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        for name in ("setup.sh", "run_autograder"):
            assert archive.getinfo(name).external_attr >> 16 & stat.S_IXUSR
            script = archive.read(name)
            assert script.startswith(b"#!/usr/bin/env bash\n") and b"\r" not in script
            assert subprocess.run(["bash", "-n"], input=script, check=False).returncode == 0


def test_the_same_course_and_seed_give_the_same_bytes(packed, dlkit, tmp_path):
    """A zip holds no time and no name of a machine."""
    (tmp_path / "seed").write_text("41")
    folder = SMALL / "assignments" / "arith"
    done = dlkit("gradescope", folder, "--seed-file", tmp_path / "seed", "--out", tmp_path / "b.zip")
    assert "the default of 0.5 CPU and 768 MB" in done.stdout, done.stderr
    assert (tmp_path / "b.zip").read_bytes() == packed


def test_the_wheel_in_the_zip_installs_and_grades(root, tmp_path):
    """pip installs dlkit from the zip without a network, and the installed one grades."""
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-index", "--no-deps", "--target", tmp_path / "site"]
    subprocess.run([*command, root / "source" / NAME], check=True, capture_output=True)
    assert f'"$root/source/{NAME}"' in (root / "source" / "setup.sh").read_text()
    found, said = run(root, REFERENCE, PYTHONPATH=str(tmp_path / "site"))
    assert points(found) == 20, said


@pytest.mark.parametrize(("name", "needs"), [("hw2", True), ("hw4", False)])
def test_tensorflow_is_installed_for_what_uses_it(name, needs):
    """The build of another assignment is smaller, its container too, and both are said."""
    assignment, settings = load(ROOT / "assignments" / name), Settings(name, 2)
    packed = gradescope(assignment, ROOT / "assignments" / name, ROOT / "solutions" / name, settings)
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        setup, told = archive.read("setup.sh").decode(), archive.read("README.txt").decode()
    assert (f"{NAME}[tensorflow-cpu]" in setup) is needs
    assert ("1.5 GB" in told) is needs and ("because it installs TensorFlow" in told) is needs


def test_every_requirement_is_pinned(root):
    """constraints.txt holds a version of all that dlkit needs, as it is installed here."""
    pinned = (root / "source" / "constraints.txt").read_text().splitlines()
    assert pinned == pins()
    names = {line.partition("==")[0] for line in pinned}
    assert {re.match(r"[\w-]+", text)[0].lower() for text in requirements()} <= names
    assert {"h5py", "ml-dtypes"} <= names  # what those need in their turn


def test_a_right_submission_earns_all_points(root):
    """Each check is a test; the layers that were in force go to staff."""
    (root / "submission_metadata.json").write_text(
        json.dumps(
            {"id": 7, "users": [{"name": "Ada \ud800"}], "assignment": {"total_points": "100.0", "submission_method": "GitHub"}}
        )
    )
    found, said = run(root, REFERENCE)
    assert (points(found), [test["status"] for test in found["tests"]]) == (20, ["passed"] * 4)
    assert (found["extra_data"]["submission"], found["extra_data"]["method"]) == (7, "GitHub")
    assert "by Ada" in said and "landlock" in said
    assert "worth 20 points, but the assignment on Gradescope 100" in said


@pytest.mark.parametrize("text", ["", "{}", "[]", "not JSON", '{"users": 3, "assignment": null}', None])
def test_metadata_may_be_anything(root, text):
    """Empty, missing or strange metadata are read as none."""
    if text is not None:
        (root / "submission_metadata.json").write_text(text)
    about = on_gradescope.metadata(root / "submission_metadata.json")
    assert (on_gradescope.names(about), on_gradescope.method(about)) == ("", None)
    on_gradescope.say_about(about, load(SMALL / "assignments" / "arith"))


def test_a_wrong_submission_is_explained(root):
    """A student reads what differs and what is likely missing."""
    found, _ = run(root, MEAN)
    assert 0 < points(found) < 20
    assert "likely: That is the mean; the sum was asked for." in found["tests"][0]["output"]


def test_hidden_checks_keep_their_points_and_say_nothing(root):
    """A hidden check is hidden in the results, not left out."""
    settings = on_gradescope.Settings.read(root / "source" / "settings.json")
    kept = {**json.loads(settings.to_json()), "hidden": ["scale"], "visibility": "after_due_date"}
    (root / "source" / "settings.json").write_text(json.dumps(kept))
    found, _ = run(root, REFERENCE)
    assert {test["name"]: test["visibility"] for test in found["tests"]} == {
        "total": "visible",
        "scale": "after_due_date",
        "sell": "visible",
        "light": "visible",
    }
    assert points(found) == 20


@pytest.mark.parametrize(
    ("options", "hidden"),
    [
        (["--bonus", "ignore"], []),
        (["--hidden", "scale"], ["scale"]),
        (["--hidden", "total"], ["total", "light"]),
        (["--visible", "scale"], ["total", "sell", "light"]),
        (["--visibility", "after_published"], ["total", "scale", "sell", "light"]),
    ],
)
def test_what_is_hidden_can_be_chosen(dlkit, tmp_path, options, hidden):
    """By check or function, by what is visible, or all for a time."""
    done = dlkit("gradescope", SMALL / "assignments" / "arith", "--out", tmp_path / "a.zip", *options)
    assert done.returncode == 0, done.stderr
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        found = json.loads(archive.read("settings.json"))
    assert (found["hidden"], found["bonus"]) == (hidden, "cap" if hidden else "ignore")


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--hidden", "scael"], "Did you mean 'scale'?"),
        (["--hidden", "scale", "--visible", "total"], "give one of them"),
        (["--out", "/proc/none/a.zip"], "cannot be written"),
    ],
)
def test_slips_are_refused_in_a_sentence(dlkit, tmp_path, options, sentence):
    """Exit status 2, no traceback, no zip."""
    done = dlkit("gradescope", SMALL / "assignments" / "arith", "--out", tmp_path / "a.zip", *options)
    assert (done.returncode, sentence in done.stderr, "Traceback" in done.stderr) == (2, True, False), done.stderr
    assert not (tmp_path / "a.zip").exists()


def test_a_thief_gets_nothing(root):
    """A program that is after the reference in the zip and after results.json reaches neither, and keeps what is right."""
    theirs = root / "source" / "course" / "solutions" / "arith" / "arith.py"
    thief = (ATTACKS / "reads_submission.py").read_text().replace("@SUBMISSION@", str(theirs)).replace("attacked", "total")
    forger = f"""
def scale(x, factor):
    for mode in "wa":
        try:
            open({str(root / "results" / "results.json")!r}, mode).write('{{"score": 20}}')
        except OSError:
            pass
    return 0 * x
"""
    found, _ = run(root, REFERENCE + thief + forger)
    marks = {test["name"]: test["score"] for test in found["tests"] if test["visibility"] == "visible"}
    assert marks == {"total": 0, "scale": 0, "sell": marks["sell"], "light": 0}
    assert "PermissionError" in found["tests"][0]["output"]
    assert found["score"] == marks["sell"]


@pytest.mark.parametrize(
    ("files", "sentence"),
    [
        ({}, "nothing was handed in; expected arith.py"),
        ({"notes.txt": "", ".DS_Store": ""}, "has no arith.py, which this assignment asks for"),
        ({"one.py": "", "two.py": ""}, "Received: one.py, two.py"),
        ({"a/arith.py": "", "b/arith.py": ""}, "has no arith.py"),
        ({"arith.py": "x" * (2**20 + 1)}, "larger than 1 MB"),
    ],
)
def test_what_cannot_be_graded_is_said_to_the_student(root, files, sentence):
    """No points yet, and the reason in a sentence that names no folder of the grader's."""
    for name, text in files.items():
        (root / "submission" / name).parent.mkdir(exist_ok=True)
        (root / "submission" / name).write_text(text)
    assert on_gradescope.main([str(root)]) == 0
    found = validated(root)
    assert points(found) == 0
    assert sentence in found["output"]


@pytest.mark.parametrize("name", ["my homework/arith.py", "arith (1).py"])
def test_another_name_or_folder_is_forgiven(root, name):
    """One outer folder, or the only Python file under another name, is taken as it is meant."""
    (root / "submission" / name).parent.mkdir(exist_ok=True)
    (root / "submission" / name).write_text(REFERENCE)
    assert on_gradescope.main([str(root)]) == 0
    assert points(validated(root)) == 20


def test_the_file_of_another_assignment_is_refused(root):
    """It has none of the functions: that is said, and none of its lines run."""
    (root / "submission" / "xor_mlp.py").write_text("def forward_221(x, params):\n    return x\n")
    assert on_gradescope.main([str(root)]) == 0
    found = validated(root)
    assert points(found) == 0
    assert "Check which assignment the file is for" in found["output"]


def test_a_whole_repository_may_be_handed_in(root):
    """What lies beside the file is not looked at, whatever it is."""
    (root / "submission" / "conftest.py").write_text("raise SystemExit")
    (root / "submission" / "data").symlink_to("/etc")
    assert points(run(root, REFERENCE)[0]) == 20


def test_a_syntax_error_is_said_with_its_line(root):
    """It costs all points, and says where it is."""
    found, _ = run(root, "def total(x:\n    return 0\n")
    assert points(found) == 0
    assert "line 1" in found["tests"][0]["output"]


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("course/solutions/arith/arith.py", "raise RuntimeError", "the reference itself did not answer"),
        ("course/assignments/arith/checks.py", "1 / 0", "ZeroDivisionError"),
        ("settings.json", "", "JSONDecodeError"),
    ],
)
def test_our_own_fault_is_nobodys_zero(root, name, text, said):
    """There are no results, so Gradescope counts an error of the autograder; staff read what is broken."""
    (root / "source" / name).write_text(text)
    assert said in failed(root, REFERENCE)


def test_a_grader_that_does_not_start_is_an_error_of_the_autograder(root):
    """Where there is no Python, the script fails and leaves no results, not even older ones."""
    (root / "results" / "results.json").write_text('{"score": 20}')
    assert "did not end normally" in failed(root, REFERENCE, DLKIT_PYTHON="/none/python")


def test_without_protection_nothing_is_run(root, monkeypatch, tmp_path, capsys):
    """A kernel without Landlock: no results, and staff are told what to do; unless it was packed to grade all the same."""
    witness = tmp_path / "witness"
    (root / "submission" / "arith.py").write_text(f"open({str(witness)!r}, 'w')\n" + REFERENCE)
    monkeypatch.setattr(within, "source", lambda handler, few: workers.source(handler, without=["landlock"], few=few))
    assert on_gradescope.main([str(root)]) == 1
    assert not (root / "results" / "results.json").exists() and not witness.exists()
    assert "pack again with --unsafe-no-isolation" in capsys.readouterr().out

    settings = {**json.loads((root / "source" / "settings.json").read_text()), "unsafe": True}
    (root / "source" / "settings.json").write_text(json.dumps(settings))
    assert on_gradescope.main([str(root)]) == 0
    found = validated(root)
    assert (points(found), witness.exists()) == (20, True)
    assert found["extra_data"]["unsafe"] is True and "without isolation" in found["extra_data"]["notice"]


def test_the_rehearsal_finds_a_course_that_cannot_be_used(root):
    """The build of the image fails where the reference does not earn all points, and keeps its answers where it does."""
    assert on_gradescope.main([str(root), "--try"]) == 0
    assert list((root / "source" / "kept").rglob("*.observations"))
    broken = root / "source" / "course" / "solutions" / "arith" / "arith.py"
    broken.write_text("def total(x):\n    return None\n")
    assert on_gradescope.main([str(root), "--try"]) == 1


STUBS = {  # what setup.sh calls, but for the network: each says what it was called with
    "apt-get": "",
    "python3": """
mkdir -p "$3/bin"
printf '#!/bin/sh\\necho "pip $*" >> "$LOG"\\n' > "$3/bin/python"
printf '#!/bin/sh\\necho "uv $*" >> "$LOG"\\n' > "$3/bin/uv"
printf '[ "$1" = venv ] && mkdir -p "$4/bin" && ln -s "$REAL" "$4/bin/python"\\nexit 0\\n' >> "$3/bin/uv"
chmod +x "$3/bin/"*
""",
}


def test_setup_installs_and_rehearses(root, tmp_path):
    """setup.sh asks apt and uv for what is in the zip, and ends by grading the reference; its failure is the build's."""
    for name, script in STUBS.items():
        (tmp_path / "bin").mkdir(exist_ok=True)
        (tmp_path / "bin" / name).write_text(f'#!/bin/sh\necho "{name} $*" >> "$LOG"\n{script}')
        (tmp_path / "bin" / name).chmod(0o755)
    real = tmp_path / "bin" / "real"  # a link to the interpreter would lose its environment
    real.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    real.chmod(0o755)
    environment = {
        **os.environ,
        "PATH": f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}",
        "LOG": str(tmp_path / "log"),
        "REAL": str(real),
        "DLKIT_AUTOGRADER": str(root),
    }

    def build():
        shutil.rmtree(root / "python", ignore_errors=True)
        command = ["bash", root / "source" / "setup.sh"]
        return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)

    done = build()
    assert done.returncode == 0 and "20 of 20 points" in done.stdout, done.stdout + done.stderr
    said = (tmp_path / "log").read_text()
    assert "apt-get install --yes" in said and f"uv venv --python {sys.version_info[0]}.{sys.version_info[1]} " in said
    asked = re.search(r"uv pip install --python (\S+) --constraint (\S+) (\S+\.whl)$", said, re.MULTILINE)
    assert all(Path(path).exists() for path in asked.groups())
    (root / "source" / "course" / "solutions" / "arith" / "arith.py").write_text("")
    assert build().returncode == 1


def small_terms(tmp_path, seconds):
    return load(SMALL / "assignments" / "arith"), Terms(2, seconds, True, tmp_path / "kept")


def test_a_slow_submission_uses_up_its_own_time(tmp_path):
    """What is not asked by the end has run out of time: nobody leaves unjudged what they cannot do by being slow."""
    assignment, terms = small_terms(tmp_path, 5.0)
    slow = REFERENCE.replace("def total(x: np.ndarray) -> float:", "def total(x):\n    import time; time.sleep(1.9)")
    grade = grade_within(assignment, SMALL / "solutions" / "arith", Submission("", {"arith.py": slow}), terms)
    assert not grade.faults
    assert grade.checks[-1].outcome is Outcome.TIMED_OUT
    assert "the whole submission" in grade.checks[-1].message
    assert grade.seconds < 15


def test_a_slow_import_uses_up_a_submissions_own_time(tmp_path):
    """A file that spends the time while it is imported has run out of time: nobody is "too slow" but itself, and 0 is 0."""
    assignment, terms = small_terms(tmp_path, 6.0)
    slow = REFERENCE.replace("def total(", "import time; time.sleep(3.2)\n\n\ndef total(").replace(
        "return float(np.sum(x))", "time.sleep(1.5)"
    )
    grade = grade_within(assignment, SMALL / "solutions" / "arith", Submission("", {"arith.py": slow}), terms)
    assert not grade.faults
    assert grade.checks[-1].outcome is Outcome.TIMED_OUT


def test_a_slow_grader_costs_no_points(tmp_path):
    """Where the time went into our own work, what was not asked is not judged."""
    assignment, terms = small_terms(tmp_path, 4.0)
    shutil.copytree(SMALL / "solutions" / "arith", tmp_path / "solutions")
    slow = REFERENCE.replace("return x * float", "import time; time.sleep(60)\n    return x * float")
    (tmp_path / "solutions" / "arith.py").write_text(slow)
    grade = grade_within(assignment, tmp_path / "solutions", Submission("", {"arith.py": REFERENCE}), terms)
    assert {check.name: check.score for check in grade.checks[1:]} == {"scale": None, "sell": None, "light": None}
    assert grade.checks[0].score in (6, None)  # nothing, on a machine that is busy with other things
    assert grade.seconds < 15


def test_the_longest_time_is_known_before(tmp_path, copy_of_small, dlkit):
    """Cases that all run out of time: the first of a check with all its seconds, the others with a part; staff are warned."""
    assignment = load(copy_of_small)
    assert longest(assignment, 2) == pytest.approx(4 * 2.0 + (8 - 4) * 1.0 + 8 * 0.5)
    spec = copy_of_small / "checks.py"
    spec.write_text(spec.read_text().replace("timeout=2.0", "timeout=200.0"))
    done = dlkit("gradescope", copy_of_small, "--out", tmp_path / "a.zip")
    assert done.returncode == 0 and "Set a longer --limit, here and on Gradescope" in done.stderr


def test_a_container_bounds_what_a_submission_may_use(root, monkeypatch, capsys):
    """Too little memory is said to staff, and to a submission in a sentence, before the system ends everything."""
    for module in (within, on_gradescope):
        monkeypatch.setattr(module, "memory_here", lambda: 200 * 2**20)
    hog = "    return np.ones(300 * 2**20 // 8).sum() and float(np.sum(x))"
    (root / "submission" / "arith.py").write_text(REFERENCE.replace("    return float(np.sum(x))", hog))
    assert on_gradescope.main([str(root)]) == 0
    found = validated(root)
    assert "out of memory" in found["tests"][0]["output"]
    assert "200 MB" in capsys.readouterr().out


def test_a_grader_that_is_ended_leaves_no_results(root, monkeypatch):
    """A grader that the system ends in the middle leaves nothing that Gradescope could take for a grade."""
    (root / "results" / "results.json").write_text('{"score": 20}')
    monkeypatch.setattr(on_gradescope, "graded", lambda root: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        on_gradescope.main([str(root)])
    assert not (root / "results" / "results.json").exists()


def test_what_was_judged_stays_where_the_rest_was_not(root):
    """A fault of ours in some checks costs no points of the others: there are results, and staff read what failed."""
    solution = root / "source" / "course" / "solutions" / "arith" / "arith.py"
    solution.write_text(solution.read_text().replace("def scale(", "def scaled("))
    found, _ = run(root, REFERENCE)
    assert {test["name"]: "score" in test for test in found["tests"][:4]}["scale"] is False
    assert 0 < points(found) < 20 and NOT_OURS in found["output"]


SPY = """
import json
def total(x):
    print("input:", x)
    raise ValueError("input: " + json.dumps(x.tolist()))

def scale(x, factor):
    return 0.123 * x + factor

class Sent(Exception):
    pass

def sell(price, kind="apple", **more):
    raise type("Sent" + str(price).encode().hex(), (Exception,), {})(price)
"""


def test_no_secret_input_and_no_expected_number_is_shown(root):
    """Whatever a submission prints, raises or returns, students see no number; staff see inputs and numbers."""
    found, _ = run(root, SPY)
    seen = [found, *(test for test in found["tests"] if test["visibility"] != "hidden")]
    shown = "\n".join(item["output"] for item in seen)
    assert not re.search(r"\d\.\d|input:|Sent|np\.array|see it|printed", re.sub(r"\d+ of \d+ points|[\d.]+ of 20", "", shown)), (
        shown
    )
    assert "raised ValueError" in shown and "run `dlkit grade arith`" in shown
    staff = found["tests"][-1]
    assert staff["visibility"] == "hidden" and "np.array" in staff["output"] and "input:" in staff["output"]


@pytest.mark.parametrize(
    ("message", "shown"),
    [
        ("it is 0.5; expected 0.25 (twice it)", withholding.WRONG),
        ("it is 'spam'; expected 'ham'", withholding.WRONG),
        ("3 of 4 entries differ, first at [0, 1]: 0.5; expected 0.7", withholding.WRONG),
        ("every entry is 8 times the expected value", withholding.WRONG),
        ("there is a `x0_25` in the answer that is not asked for", withholding.WRONG),
        (
            "the shape is (731, 5); expected (3, 5); the numbers are right",
            "the shape is wrong; expected (3, 5); the numbers are right",
        ),
        ("every entry has the wrong sign", "every entry has the wrong sign"),
        ("no error was raised; expected ValueError", "no error was raised; expected ValueError"),
    ],
)
def test_a_message_is_made_of_what_tells_nothing(message, shown):
    """Numbers and a student's own words are left out; shapes, signs and errors that were asked for stay."""
    case = CaseResult("small", Outcome.FAILED, message, "0.25", "f(0.25)")
    check = CheckResult("f", "f", Outcome.FAILED, 0.0, 2.0, f'case "small": {message}', cases=(case,))
    (made,) = withholding.withheld(Grade("hw", "", "", 1, (check,))).checks
    assert made.message == f'case "small": {shown}'
    assert made.cases == (CaseResult("small", Outcome.FAILED, shown),)


@pytest.mark.parametrize(
    ("explanation", "kept"),
    [
        ("The sum was taken for the mean.", True),
        ("Every number is half the expected one: a 1/2 too many, or a 2 that is missing.", True),
        ("Your answer is always the one for `rate=0.3`: is `rate` used?", False),
        ("Every number is 7 times the expected one.", False),
    ],
)
def test_a_reason_that_tells_a_value_is_not_given(explanation, kept):
    """A reason found by machine may name an input's value: then it is left to staff."""
    check = CheckResult("f", "f", Outcome.FAILED, 0.0, 2.0, explanation=explanation)
    (made,) = withholding.withheld(Grade("hw", "", "", 1, (check,))).checks
    assert made.explanation == (explanation if kept else "")


def test_two_who_hand_in_together_are_both_named_to_staff(root):
    """A group's submission is graded once; staff read both names, and the results have none of them."""
    users = [{"name": "Ada Farouk", "email": "ada@x.edu", "id": 1}, {"name": "Ben Li", "email": "ben@x.edu", "id": 2}]
    about = {"id": 8, "users": users, "assignment": {"group_submission": True, "group_size": 2, "total_points": "20.0"}}
    (root / "submission_metadata.json").write_text(json.dumps(about))
    found, said = run(root, REFERENCE)
    assert points(found) == 20 and "by Ada Farouk, Ben Li" in said
    assert "Ada" not in json.dumps(found) and "Ben" not in json.dumps(found)


@pytest.mark.skipif(
    os.name != "posix" or os.geteuid() != 0 or Path("/autograder").exists(), reason="needs root, and no /autograder"
)
def test_the_real_place_works(root):
    """/autograder itself, with nothing said of where it is."""
    shutil.copytree(root, "/autograder", symlinks=True)
    try:
        found, _ = run(Path("/autograder"), REFERENCE, DLKIT_AUTOGRADER="/autograder")
        assert points(found) == 20
    finally:
        shutil.rmtree("/autograder")
