"""`dlkit forget`: what is told before anything is deleted, and what is deleted of the files that dlkit wrote."""

from __future__ import annotations

import zipfile

import pytest

from autograder.classroom.gradebook import Gradebook, HandIn
from autograder.inbox.people import Person
from autograder.report.parts import packed


@pytest.fixture
def folder(tmp_path):
    """A course's folder: a gradebook with two students, feedback, a report, marks, and the course's own files."""
    with Gradebook(tmp_path / "gradebook.db") as book:
        book.enrol([Person("s0001", "Ada Lovelace"), Person("s0002", "Bob")])
        book.hand_in("hw1", [HandIn("s0001", files={"x.py": "text"}, digest="d")])
    (tmp_path / "gradebook.db.schema-1").write_bytes(b"a copy")
    for name in ("feedback-hw1/s0001.html", "feedback-hw1/s0002.html", "report-hw1/students/s0001.html"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    (tmp_path / "report-hw1/index.html").write_text("1. ADA LOVELACE")
    (tmp_path / "marks.csv").write_text("s0001,5\ns00011,6\n")
    (tmp_path / "others.csv").write_text("s00011,6\nAda Lovelaceson\n")
    (tmp_path / "roster.csv").write_text("id\ns0002\ns0001\n")
    (tmp_path / "course.toml").write_text("[extensions.s0001]\n")
    with zipfile.ZipFile(tmp_path / "feedback-hw1-moodle.zip", "w") as archive:
        archive.writestr("Ada Lovelace_123_assignsubmission_file_/feedback.html", "well done")
    return tmp_path


def test_it_tells_what_there_is_and_deletes_nothing(folder, dlkit):
    """Rows by what they are, files about the student alone, files that name others too, and what only a person can change."""
    said = dlkit("forget", "s0001", cwd=folder)
    assert said.returncode == 0, said.stderr
    assert (
        said.stdout
        == """\
s0001 (Ada Lovelace) in gradebook.db:
  1 entry in the list of students
  1 attempt
  1 text of a submission
Files about this student:
  feedback-hw1/s0001.html
  report-hw1/students/s0001.html
Files to write again, without the name:
  feedback-hw1-moodle.zip
  marks.csv
  report-hw1/index.html
For you to change or delete:
  course.toml, line 1
  roster.csv, line 3
  gradebook.db.schema-1
Take the student off the roster and out of the submissions, or the next grading brings them back.

Nothing has been deleted. To delete it, add --write.
"""
    )
    assert (folder / "feedback-hw1/s0001.html").is_file()
    assert "s0001 (Ada Lovelace)" in dlkit("forget", "lovelace ada", cwd=folder).stdout


def test_with_write_it_deletes(folder, dlkit):
    """The rows and the files about the student are gone; nobody else's are, and no file that names others."""
    said = dlkit("forget", "s0001", "--write", cwd=folder)
    assert (said.returncode, said.stdout[-9:]) == (0, "Deleted.\n")
    left = {path.relative_to(folder).as_posix() for path in folder.rglob("*.*") if path.is_file()}
    assert {"feedback-hw1/s0002.html", "report-hw1/index.html", "marks.csv", "roster.csv"} <= left
    assert not {"feedback-hw1/s0001.html", "report-hw1/students/s0001.html"} & left
    again = dlkit("forget", "s0001", "--write", cwd=folder)
    assert (again.returncode, "There is no student 's0001'" in again.stderr) == (2, True)


def test_a_name_is_found_in_the_packed_list_of_a_large_class(folder, dlkit):
    """The page of a large class holds most of its rows packed, where no search for a text finds them."""
    (folder / "report-hw1/index.html").write_text(f'<script id="packed">{packed("<tr><th>Ada Lovelace</th></tr>")}</script>')
    assert "report-hw1/index.html" in dlkit("forget", "s0001", cwd=folder).stdout
    (folder / "report-hw1/index.html").write_text('<script id="packed">H4sI</script>')
    assert "report-hw1/index.html" not in dlkit("forget", "s0001", cwd=folder).stdout


def test_other_folders_are_searched_if_they_are_named(folder, dlkit, tmp_path_factory):
    """Feedback elsewhere is found with --in; a link in it is not followed."""
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    (elsewhere / "s0001.md").write_text("feedback")
    (elsewhere / "s0001.html").symlink_to(folder / "gradebook.db")
    said = dlkit("forget", "s0001", "--in", elsewhere, "--write", cwd=folder)
    assert f"{elsewhere / 's0001.md'}" in said.stdout
    assert [path.name for path in elsewhere.iterdir()] == ["s0001.html"]
    assert (folder / "gradebook.db").is_file()
