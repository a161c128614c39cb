"""Where the course lies, and how files of it are loaded."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from dlkit.course import CourseError, anywhere, reference, root


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


def test_a_kit_is_a_course_for_a_notebook(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Where there are recorded answers and no solutions, in the folder, above it or directly below it."""
    monkeypatch.delenv("DLKIT_COURSE", raising=False)
    kit = tmp_path / "kit"
    (kit / "assignments" / "hw0").mkdir(parents=True)
    (kit / "assignments" / "hw0" / "recorded.observations").touch()
    for folder in (kit, kit / "assignments" / "hw0", tmp_path):
        monkeypatch.chdir(folder)
        assert anywhere() == kit


def test_which_of_several_courses_is_asked(small_course: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Two just below are refused with their names; DLKIT_COURSE names one, and a wrong name is a sentence."""
    monkeypatch.delenv("DLKIT_COURSE", raising=False)
    for name in ("a", "b"):
        for part in ("assignments", "solutions"):
            (tmp_path / "both" / name / part).mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "both" / "a" / "assignments")
    assert anywhere() == tmp_path / "both" / "a"
    (tmp_path / "assignments").rename(tmp_path / "put away")  # no course around
    monkeypatch.chdir(tmp_path / "both")
    with pytest.raises(CourseError, match="several courses here: a, b"):
        anywhere()
    monkeypatch.setenv("DLKIT_COURSE", str(tmp_path / "both" / "b"))
    assert anywhere() == tmp_path / "both" / "b"
    monkeypatch.setenv("DLKIT_COURSE", str(tmp_path / "nothing"))
    with pytest.raises(CourseError, match="has no assignments/"):
        anywhere()
