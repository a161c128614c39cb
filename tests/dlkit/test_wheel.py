"""The wheel and the sdist: built without a network, and used outside of the repository."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import sysconfig
import tarfile
import zipfile
from pathlib import Path

import pytest
from collecting import needs
from leaks import NAMES, Search
from support import ROOT
from without_calls import LANDLOCK

needs("pip", "pip, which installs the wheel, is not in this environment")
needs("hatchling", "hatchling, which builds the wheel, is not installed: pip install -e '.[dev]'")


def build(root: Path, target: str, out: Path) -> Path:
    """Build a wheel or an sdist of a source tree."""
    command = [sys.executable, "-m", "hatchling", "build", "--target", target, "--directory", str(out)]
    subprocess.run(command, cwd=root, check=True, capture_output=True, text=True)
    (found,) = out.glob("*.whl" if target == "wheel" else "*.tar.gz")
    return found


def environment_with(wheel: Path, folder: Path) -> Path:
    """A virtual environment that has the wheel, and borrows what the wheel depends on; its `dlkit`."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
    python = folder / "bin" / "python"
    where = subprocess.run(
        [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"], check=True, capture_output=True, text=True
    )
    # What a .pth names is searched after the environment's own packages, and its own .pth files are not read: an editable
    # install of this repository stays out.
    (Path(where.stdout.strip()) / "borrowed.pth").write_text(sysconfig.get_path("purelib") + "\n")
    pip = [sys.executable, "-m", "pip", "--python", python, "install", "--quiet", "--no-deps", "--no-index", "--no-compile"]
    subprocess.run([*pip, "--disable-pip-version-check", wheel], check=True)
    return folder / "bin" / "dlkit"


def run(command: Path, *arguments: str, cwd: Path):
    """Run an installed `dlkit` in a folder outside of the repository, with nothing on the path that helps it.

    Without Landlock, which would keep workers from the packages that the environment only borrows.
    """
    without = [sys.executable, ROOT / "tests/support/without_calls.py", str(errno.ENOSYS), *map(str, LANDLOCK), "--"]
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    environment |= {"DLKIT_CACHE": str(cwd / "cache"), "COLUMNS": "100"}
    return subprocess.run(
        [*without, command, *arguments], cwd=cwd, env=environment, capture_output=True, text=True, timeout=120, check=False
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder outside of the repository."""
    return tmp_path_factory.mktemp("outside")


@pytest.fixture(scope="module")
def wheel(folder):
    """The wheel, as `pip wheel` makes it of the checkout."""
    return build(ROOT, "wheel", folder / "wheel")


@pytest.fixture(scope="module")
def instructor(wheel, folder):
    """The `dlkit` of somebody who installed the wheel."""
    return environment_with(wheel, folder / "instructor")


@pytest.fixture(scope="module")
def course(instructor, folder):
    """What `dlkit init course` laid out for them, and what it said."""
    done = run(instructor, "init", "course", cwd=folder)
    assert done.returncode == 0, done.stderr
    return folder / "course", done.stdout


@pytest.fixture(scope="module")
def kit(instructor, course):
    """The kit that they made of hw1."""
    done = run(instructor, "release", "hw1", "--out", "kit", cwd=course[0])
    assert done.returncode == 0, done.stderr
    return course[0] / "kit"


def test_the_wheel_holds_the_assignments_and_no_solution(wheel):
    """Handout, stub, spec, figures and record of each; and nothing of a reference, in any of its bytes."""
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    packaged = {
        f"dlkit/packaged/assignments/{name}/{file}"
        for name in NAMES
        for file in ("README.md", "checks.py", "recorded.observations")
    }
    assert packaged | {"dlkit/py.typed", "autograder/py.typed"} <= set(names)
    assert not [name for name in names if name.startswith(("solutions", "tests", "dlkit/packaged/solutions"))]
    assert Search().found({wheel.name: wheel.read_bytes()}) == []


def test_the_sdist_holds_everything_and_builds_the_same_wheel(wheel, tmp_path):
    """Solutions and tests are in it; the wheel that it builds holds the same files."""
    sdist = build(ROOT, "sdist", tmp_path)
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
        archive.extractall(tmp_path, filter="data")
    assert {"solutions/hw2/xor_mlp.py", "solutions/hw2/misconceptions.py", "tests/conftest.py", "examples/course.toml"} <= names
    again = build(tmp_path / sdist.name.removesuffix(".tar.gz"), "wheel", tmp_path / "wheel")
    assert {name: zipfile.ZipFile(again).read(name) for name in zipfile.ZipFile(again).namelist()} == {
        name: zipfile.ZipFile(wheel).read(name) for name in zipfile.ZipFile(wheel).namelist()
    }


def test_an_installed_dlkit_lays_out_a_course(course):
    """All assignments, the policies and next steps; what it means that there are no solutions is said."""
    folder, said = course
    assert sorted(path.name for path in (folder / "assignments").iterdir()) == NAMES
    assert "# due = " in (folder / "course.toml").read_text()
    assert "dlkit release hw1" in (folder / "README.md").read_text()
    assert not (folder / "solutions").exists()
    assert "for the public seed only" in said
    assert "--solutions" in said


def test_solutions_are_laid_out_where_they_are_given(instructor, tmp_path):
    """From a folder of a checkout or an sdist; then everything is there."""
    done = run(instructor, "init", "course", "hw1", "hw2", "--solutions", str(ROOT / "solutions"), cwd=tmp_path)
    assert (done.returncode, "Without solutions" in done.stdout) == (0, False), done.stderr
    assert (tmp_path / "course/solutions/hw2/xor_mlp.py").read_text() == (ROOT / "solutions/hw2/xor_mlp.py").read_text()
    assert sorted(path.name for path in (tmp_path / "course/solutions/hw1").iterdir()) == ["misconceptions.py", "perceptron.py"]


def test_a_kit_made_by_an_installed_dlkit_grades_outside_of_the_repository(kit, folder):
    """With nothing but the kit's own wheel, its record judges hw1: the reference has all points, a mistake has its name."""
    (wheel,) = (kit / "wheels").iterdir()
    student = environment_with(wheel, folder / "student")
    text = (ROOT / "solutions/hw1/perceptron.py").read_text()
    (kit / "assignments/hw1/perceptron.py").write_text(text)
    done = run(student, "grade", "hw1", cwd=kit)
    assert (done.returncode, "100 of 100 points" in done.stdout, done.stderr) == (0, True, ""), done.stdout
    assert "hw1-submission.zip: perceptron.py, last graded 100 of 100" in run(student, "submit", "hw1", cwd=kit).stdout
    assert "this dlkit has no assignments" in run(student, "init", "course", cwd=folder / "student").stderr
