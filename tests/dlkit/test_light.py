"""An environment without TensorFlow grades what needs none, and says in one sentence what it lacks and how to get it."""

from __future__ import annotations

import errno
import io
import json
import os
import shutil
import subprocess
import sys
import sysconfig
import warnings
import zipfile
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from support import ROOT
from without_calls import LANDLOCK

from autograder.assignment import load
from autograder.sandbox import installed
from dlkit import datasets
from dlkit.kit.making import _requirements
from dlkit.packing.needed import DATA_OF_SCIKIT_LEARN, memory, unused_by, uses_tensorflow
from dlkit.packing.wheel import libraries_of, requirements, requirements_of, wheel

LEFT_OUT = ("tensorflow", "keras")  # and whatever begins so
OF_A_CLASS = ("sqlalchemy", "alembic")  # of the extra `class`
SENTENCE = "need TensorFlow, which is not installed here. Install it:"
LINUX = {"sys_platform": "linux", "platform_machine": "x86_64"}

pytestmark = pytest.mark.xdist_group("light")


def environment(folder: Path) -> Path:
    """A virtual environment with all that is installed here but TensorFlow, Keras and what a gradebook needs; its Python."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
    python = folder / "bin" / "python"
    command = [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]
    site = Path(subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip())
    for path in Path(sysconfig.get_path("purelib")).iterdir():
        if not path.name.startswith((*LEFT_OUT, *OF_A_CLASS)):
            (site / path.name).symlink_to(path)
    return python


def dlkit(python: Path, *arguments: str | Path, cwd: Path = ROOT):
    """Run `dlkit` there, without Landlock, which would keep workers from what is only linked to."""
    without = [sys.executable, ROOT / "tests/support/without_calls.py", str(errno.ENOSYS), *map(str, LANDLOCK), "--"]
    variables = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    variables |= {"DLKIT_CACHE": str(python.parent / "cache"), "COLUMNS": "300"}
    command = [*without, python, "-m", "dlkit", *arguments]
    return subprocess.run(command, cwd=cwd, env=variables, capture_output=True, text=True, timeout=300, check=False)


def graded(python: Path, name: str, *arguments: str | Path, submission: Path | None = None):
    """What `dlkit grade` says of an assignment of the course, and each check's outcome."""
    out = python.parent / "grade.json"
    work = ["--submission", submission or f"solutions/{name}", "--unsafe-no-isolation"]
    done = dlkit(python, "grade", name, *work, "--json", out, *arguments)
    return done, {check["name"]: check for check in json.loads(out.read_text())["checks"]}


@pytest.fixture(scope="module")
def light(tmp_path_factory):
    """An environment without TensorFlow."""
    return environment(tmp_path_factory.mktemp("light"))


@pytest.fixture(scope="module")
def trap(tmp_path_factory):
    """An environment in which an import of TensorFlow or Keras leaves a file behind, and fails."""
    python = environment(tmp_path_factory.mktemp("trap"))
    (site,) = python.parent.parent.glob("lib/python*/site-packages")
    for name in LEFT_OUT:
        (site / name).mkdir()
        (site / name / "__init__.py").write_text(f"open({str(site / 'imported')!r}, 'w').close()\nraise ImportError('a trap')\n")
    return python, site / "imported"


@pytest.mark.slow
def test_grading_hw4_imports_no_tensorflow(trap):
    """Neither the grader nor a worker imports TensorFlow or Keras, from the first to the last check of hw4."""
    python, imported = trap
    done, checks = graded(python, "hw4")
    assert done.returncode == 0 and len(checks) == 11, done.stdout + done.stderr
    assert not imported.exists()


def test_the_trap_shows_an_import(trap):
    """A check that needs TensorFlow falls into the trap that the test above sets."""
    python, imported = trap
    graded(python, "hw1", "--check", "build_perceptron")
    assert imported.exists()


def test_nine_functions_of_hw1_are_graded_without_tensorflow(light):
    """The others are not judged: their points are left out, and the exit status says that something of ours is wrong."""
    done, checks = graded(light, "hw1")
    assert done.returncode == 3
    assert "100 of 100 points, 9 bonus" in done.stdout and SENTENCE in done.stdout
    assert "! not judged" in done.stdout and "grader error" not in done.stdout
    lacking = {name for name, check in checks.items() if check["outcome"] == "grader_error"}
    assert lacking == {"build_perceptron.architecture", "build_perceptron.weights"}
    assert all(checks[name]["score"] is None for name in lacking)


def test_a_file_that_imports_tensorflow_is_graded_where_it_needs_none(light, tmp_path):
    """What of hw2 stops for want of TensorFlow is not judged; a wrong answer is wrong, and a right one right."""
    text = (ROOT / "solutions/hw2/xor_mlp.py").read_text()
    text = text.replace("def gd_step(", "def gd_step(*_):\n    return tf.constant(1.0)\n\n\ndef _gd_step(")
    text = text.replace("def forward_221(", "@tf.function\ndef forward_221(")
    text = text.replace("def half_squared_error(", "def half_squared_error(f, y):\n    return (f - y) ** 2\n\n\ndef _half(")
    (tmp_path / "xor_mlp.py").write_text(text)
    names = ("gd_step", "half_squared_error", "activation_derivative", "sigmoid", "forward_221")
    done, checks = graded(light, "hw2", *(part for name in names for part in ("--check", name)), submission=tmp_path)
    assert [checks[name]["outcome"] for name in names] == ["grader_error", "failed", "passed", "grader_error", "grader_error"], (
        done.stdout
    )
    assert "did not run" not in done.stdout


def test_a_class_is_not_graded_in_part(light, tmp_path):
    """Where a check could not be judged, nobody is graded, and one sentence says what to install."""
    done = dlkit(light, "grade", "hw1", "--submissions", "examples", "--gradebook", tmp_path / "book.db")
    assert done.returncode == 2 and "Nobody was graded: TensorFlow is not installed" in done.stderr
    assert not (tmp_path / "book.db").exists()


def test_a_command_that_needs_a_gradebook_says_so(light, tmp_path):
    """It names the extra that brings what is missing, in one sentence."""
    done = dlkit(light, "marks", "hw4", cwd=tmp_path)
    assert done.returncode == 2 and "A gradebook needs sqlalchemy, which is not installed: " in done.stderr
    assert "'dlkit[class]'" in done.stderr and len(done.stderr.splitlines()) == 1


def test_what_runs_on_a_platform_needs_no_gradebook(light, tmp_path):
    """Gradescope and Classroom 50 are told a grade where nothing is installed but what one submission needs."""
    code = "from autograder.outcome import Grade; g = Grade('hw4', 'A title', '', 2, ()); "
    code += "from autograder.export import classroom50, gradescope; classroom50.release_body(g), gradescope.for_students(g); "
    code += "import sys; sys.exit('sqlalchemy' in sys.modules)"
    done = subprocess.run([light, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("command", [("train", "xor-mlp"), ("figures", "penalties")])
def test_a_command_that_needs_tensorflow_says_so(light, tmp_path, command):
    """In one sentence, without a traceback."""
    out = ("--out", tmp_path)
    done = dlkit(light, *command, *out)
    assert done.returncode == 2 and "TensorFlow, which is not installed here. Install it:" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_doctor_misses_tensorflow_and_calls_the_system_safe(light):
    """TensorFlow is not needed to contain strangers' code."""
    done = dlkit(light, "doctor")
    assert "✗ missing TensorFlow   not installed: what needs it is not graded" in done.stdout
    assert f"pip install {installed.build()}" in done.stdout
    assert " libraries " in done.stdout


def test_checks_that_need_tensorflow_say_so():
    """48 of the 85 functions are graded without it: those with no check that names TensorFlow among its imports."""
    functions: dict[tuple[str, str], bool] = {}
    for name in ("hw1", "hw2", "hw3", "hw4", "hw5", "hw6", "hw7"):
        for check in load(ROOT / "assignments" / name).checks:
            key = name, check.function
            functions[key] = functions.get(key, False) or "tensorflow" in check.imports
    assert len(functions) == 85
    assert sum(not needs for needs in functions.values()) == 48


@pytest.mark.parametrize(
    ("platform", "machine", "version", "expected"),
    [
        ("linux", "x86_64", (3, 13), "Install it: pip install tensorflow-cpu"),
        ("linux", "aarch64", (3, 13), "Install it: pip install tensorflow"),
        ("darwin", "arm64", (3, 14), "Install it: pip install tensorflow"),
        ("win32", "AMD64", (3, 11), "Install it: pip install tensorflow"),
        ("linux", "x86_64", (3, 15), "There is none for Python 3.15.0: use Python 3.11 to 3.14"),
    ],
)
def test_the_command_fits_the_machine_and_the_interpreter(monkeypatch, platform, machine, version, expected):
    """The smaller build where it exists, and no command where no TensorFlow does."""
    monkeypatch.setattr(installed.sys, "platform", platform)
    monkeypatch.setattr(installed.sys, "version_info", version)
    monkeypatch.setattr(installed.platform, "machine", lambda: machine)
    monkeypatch.setattr(installed.platform, "python_version", lambda: f"{version[0]}.{version[1]}.0")
    monkeypatch.setattr(installed, "installer", lambda: "pip install")
    assert installed.remedy("tensorflow") == installed.remedy("keras") == expected


@pytest.mark.parametrize(
    ("pip", "has_pip", "expected"),
    [
        ("bin/pip", True, "pip install"),
        ("other/bin/pip", True, "{python} -m pip install"),
        (None, False, "uv pip install --python {python}"),
    ],
)
def test_the_command_installs_where_dlkit_runs(monkeypatch, tmp_path, pip, has_pip, expected):
    """Into dlkit's own environment, whether it is activated or not, and whether it has pip."""
    python = tmp_path / "bin" / "python"
    monkeypatch.setattr(installed.sys, "prefix", str(tmp_path))
    monkeypatch.setattr(installed.sys, "executable", str(python))
    monkeypatch.setattr(installed.shutil, "which", lambda name: pip and str(tmp_path / pip))
    monkeypatch.setattr(installed.importlib.util, "find_spec", lambda name: object() if has_pip else None)
    assert installed.installer() == expected.format(python=python)


def names(lines, python, **machine):
    """The packages that these requirements name for an interpreter on a machine."""
    read = [Requirement(line) for line in lines if not line.startswith(("#", "./"))]
    where = {"python_version": python, "extra": "", **LINUX, **machine}
    return {one.name for one in read if one.marker is None or one.marker.evaluate(where)}


@pytest.mark.parametrize(
    ("python", "machine", "build"),
    [
        ("3.11", {}, {"tensorflow-cpu", "keras"}),
        ("3.14", {}, {"tensorflow-cpu"}),
        ("3.13", {"platform_machine": "aarch64"}, {"tensorflow", "keras"}),
        ("3.13", {"sys_platform": "darwin", "platform_machine": "arm64"}, {"tensorflow", "keras"}),
        ("3.13", {"sys_platform": "win32", "platform_machine": "AMD64"}, {"tensorflow", "keras"}),
        ("3.15", {}, set()),
    ],
)
def test_a_kit_names_the_tensorflow_of_the_machine(python, machine, build):
    """The build for the processor on Linux x86-64, the whole elsewhere, none where there is none."""
    lines = _requirements("dlkit-0-py3-none-any.whl", True).decode().splitlines()
    assert names(lines, python, **machine) == {"numpy", "scikit-learn"} | build
    assert names(requirements_of("tensorflow-cpu"), python, **machine) == build | {*OF_A_CLASS}
    assert names(libraries_of("tensorflow-cpu"), python, **machine) == build


def test_a_kit_that_uses_no_tensorflow_names_none():
    """What dlkit itself brings is enough."""
    lines = _requirements("dlkit-0-py3-none-any.whl", False).decode().splitlines()
    assert names(lines, "3.13") == {"numpy", "scikit-learn"}


class WithoutScikitLearn:
    """A finder that has scikit-learn not installed."""

    @staticmethod
    def find_spec(name, path=None, target=None):
        if name == "sklearn":
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)


@pytest.mark.parametrize(("names_of", "left_out"), [(("hw2",), True), (("hw1", "hw2", "hw7"), True), (("hw2", "hw3"), False)])
def test_a_kit_brings_scikit_learn_only_if_an_assignment_uses_it(names_of, left_out):
    """Neither its wheel nor its requirements name it otherwise; the wheel that everybody else gets does."""
    unused = unused_by([load(ROOT / "assignments" / name) for name in names_of])
    assert unused == ({"scikit-learn"} if left_out else set())
    lines = _requirements("dlkit-0-py3-none-any.whl", True, unused).decode().splitlines()
    assert ("scikit-learn" in names(lines, "3.13")) is not left_out
    for data, named in ((wheel("0", unused), not left_out), (wheel("0"), True)):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            assert (b"Requires-Dist: scikit-learn" in archive.read("dlkit-0.dist-info/METADATA")) is named


def test_the_data_of_scikit_learn_are_known(monkeypatch, tmp_path):
    """These and no others say that they need it, and how to get it."""
    for name in [one for one in sys.modules if one.partition(".")[0] == "sklearn"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(sys, "meta_path", [WithoutScikitLearn, *sys.meta_path])
    monkeypatch.setattr(datasets, "_download", lambda path, seconds: "no network")
    monkeypatch.setattr(datasets, "mnist_path", lambda: tmp_path / "none")
    need = set()
    for name in {*datasets.__all__} - {"Dataset"}:
        try:
            with warnings.catch_warnings(action="ignore"):
                getattr(datasets, name)(*["grade_apples"] * (name == "clinic"))
        except ModuleNotFoundError as error:
            assert "pip install scikit-learn" in str(error)
            need.add(name)
    assert need == DATA_OF_SCIKIT_LEARN


def test_only_hw4_uses_no_tensorflow():
    """Neither in a check, nor in a question, nor in an experiment; so it takes less memory, too."""
    found = {path.parent.name: load(path.parent) for path in ROOT.glob("assignments/hw*/checks.py")}
    assert [name for name, assignment in found.items() if not uses_tensorflow(assignment)] == ["hw4"]
    assert memory(found["hw4"]) < memory(found["hw2"])


@pytest.mark.parametrize("file", ["predictions.py", "milestone.py", "arith.py"])
def test_tensorflow_may_be_used_beside_the_checks(tmp_path, file):
    """A question that computes with Keras needs it, although no check does."""
    shutil.copytree(ROOT / "tests/courses/small/assignments/arith", tmp_path / "arith")
    assert not uses_tensorflow(load(tmp_path / "arith"))
    (tmp_path / "arith" / file).write_text("def seen(module):\n    from keras import layers\n")
    assert uses_tensorflow(load(tmp_path / "arith"))


def test_dlkit_itself_needs_no_tensorflow_and_no_gradebook():
    """Neither these nor Keras are among what `pip install dlkit` brings; with TensorFlow, one gets everything."""
    assert not names(requirements(), "3.13") & {"tensorflow", "tensorflow-cpu", "keras", *OF_A_CLASS}
    for build in ("tensorflow", "tensorflow-cpu"):
        assert {*OF_A_CLASS} <= names(requirements_of(build), "3.13")
