"""Where the course lies, and how files of it are loaded."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from dlkit.course import CourseError, reference, root


@pytest.fixture
def small_course(tmp_path: Path) -> Path:
    """A course with one assignment and a reference that needs nothing."""
    (tmp_path / "assignments" / "hw0").mkdir(parents=True)
    solution = tmp_path / "solutions" / "hw0"
    solution.mkdir(parents=True)
    (solution / "topic.py").write_text("def answer():\n    return 42\n")
    (solution / "misconceptions.py").write_text("raise RuntimeError\n")
    return tmp_path


def test_the_root_is_found_from_a_folder_below(small_course: Path):
    """A command works in the course's folder and in every folder below it."""
    assert root(small_course) == root(small_course / "assignments" / "hw0") == small_course


def test_no_root_is_one_sentence(tmp_path: Path):
    """Outside of a course, the message says what was looked for, and where."""
    with pytest.raises(CourseError, match=r"^No folder with assignments/ and solutions/ was found in .* or above it\.$"):
        root(tmp_path)


def test_a_reference_is_loaded_by_name(small_course: Path, monkeypatch: pytest.MonkeyPatch):
    """`reference("hw0")` is the module beside misconceptions.py, which is not loaded."""
    monkeypatch.chdir(small_course)
    assert reference("hw0").answer() == 42


def test_a_students_file_takes_the_references_place(small_course: Path, tmp_path: Path):
    """With `source`, that file is loaded, and no course is needed."""
    mine = tmp_path / "mine.py"
    mine.write_text("def answer():\n    return 7\n")
    assert reference("hw0", mine).answer() == 7


def test_an_unknown_assignment_names_the_known_ones(small_course: Path, monkeypatch: pytest.MonkeyPatch):
    """A name that does not exist is answered with those that do."""
    monkeypatch.chdir(small_course)
    with pytest.raises(CourseError, match=r"There is no solutions/hw9; there are: hw0\."):
        reference("hw9")


@pytest.mark.parametrize(("text", "message"), [("def f(:\n", "SyntaxError"), ("1 / 0\n", "ZeroDivisionError: division by zero")])
def test_a_file_that_does_not_load_says_why(tmp_path: Path, text: str, message: str):
    """A student's file with a mistake in it gives its path and the error, not a traceback."""
    path = tmp_path / "broken.py"
    path.write_text(text)
    with pytest.raises(CourseError, match=rf"broken\.py cannot be loaded: {message}"):
        reference("hw0", path)


def test_a_missing_file_is_named(tmp_path: Path):
    """A path that leads nowhere is repeated."""
    with pytest.raises(CourseError, match=r"nowhere\.py is not a file"):
        reference("hw0", tmp_path / "nowhere.py")


def test_asking_for_figures_loads_nothing_heavy():
    """The list of figures is there without NumPy, matplotlib or TensorFlow."""
    code = "import sys, dlkit.course, dlkit.figures; sys.exit(bool({'numpy', 'matplotlib', 'tensorflow'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
