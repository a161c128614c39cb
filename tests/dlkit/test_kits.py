"""Kits: what students get, work in, update and hand in; and what instructors begin with."""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import zipfile
from pathlib import Path

import commandline
import pytest
from click.testing import CliRunner
from support import ROOT, SMALL

from autograder.authoring.derive import stub
from autograder.grading.recorded import RECORD
from autograder.inbox import find
from autograder.submission import take_in as take_in_submission
from dlkit import kit as kits
from dlkit.cli import main
from dlkit.kit import Kit, KitError, Manifest, read, take_in
from dlkit.kit.handing_in import pack
from dlkit.writing import zipped

REFERENCE = (SMALL / "solutions/arith/arith.py").read_text()
MEAN = REFERENCE.replace("float(np.sum(x))", "float(np.mean(x)) if len(x) else 0.0")
STARTED = MEAN.replace("    left = {name: stock[name] - sold[name] for name in stock}\n", "    raise NotImplementedError\n")
STUB = stub(REFERENCE, "arith.py")


def a_course(folder: Path) -> Path:
    """The small course as an instructor has it: with a handout, a figure and a stub."""
    shutil.copytree(SMALL, folder)
    arith = folder / "assignments" / "arith"
    (arith / "README.md").write_text("# Sums\n\n![](figures/sums.svg)\n")
    (arith / "figures").mkdir()
    (arith / "figures" / "sums.svg").write_text("<svg/>\n")
    (arith / "arith.py").write_text(STUB)
    return folder


def run(*arguments: str | Path, cwd: Path, cache: Path):
    """`dlkit` in a folder, as somebody types it there: its output, and its exit status."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "DLKIT_CACHE": str(cache), "COLUMNS": "100"}
    return commandline.run([*map(str, arguments)], cwd, environment)


@pytest.fixture(scope="module")
def released(tmp_path_factory):
    """The folder in which `dlkit release arith --out kit --zip` was typed."""
    folder = a_course(tmp_path_factory.mktemp("instructor") / "course")
    done = run(
        "release", "arith", "--out", "kit", "--zip", "--upload", "https://example.org/{assignment}", cwd=folder, cache=folder
    )
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture
def kit(released, tmp_path):
    """A student's kit: unzipped, and nothing of the course beside it."""
    with zipfile.ZipFile(released / "kit.zip") as archive:
        archive.extractall(tmp_path)
    return tmp_path / "kit"


@pytest.fixture
def typed(monkeypatch):
    """Type a command in a folder, in this process."""

    def run(folder, *arguments):
        monkeypatch.chdir(folder)
        return CliRunner().invoke(main, [str(argument) for argument in arguments])

    return run


# Releasing --------------------------------------------------------------------------------------------------------


def test_a_kit_holds_what_students_need_and_no_solution(kit):
    """Stub, handout with figures, spec, record, dlkit as a wheel, a README: and nothing else."""
    paths = {path.relative_to(kit).as_posix() for path in kit.rglob("*") if path.is_file()}
    wheel = next(path for path in paths if path.endswith(".whl"))
    arith = {f"assignments/arith/{name}" for name in ("README.md", "arith.py", "checks.py", "figures/sums.svg", RECORD)}
    assert paths == arith | {wheel, "README.md", "kit.json", "requirements.txt"}
    assert (kit / "assignments/arith/arith.py").read_text() == STUB
    assert f"./{wheel}\n" in (kit / "requirements.txt").read_text()


def test_the_readme_is_for_beginners(kit):
    """Set up on each system in two commands, grade, hand in: with the names of this kit, and nothing left to fill in."""
    text = (kit / "README.md").read_text()
    for command in (".venv/bin/pip install", r".venv\Scripts\pip install", "dlkit grade arith", "dlkit submit arith"):
        assert command in text
    assert "https://example.org/arith" in text
    assert "$" not in text


def test_a_kit_is_the_same_each_time(released, tmp_path, typed):
    """Two releases of one course are the same bytes."""
    done = typed(released, "release", "arith", "--out", tmp_path / "kit.zip", "--upload", "https://example.org/{assignment}")
    assert (done.exit_code, (tmp_path / "kit.zip").read_bytes()) == (0, (released / "kit.zip").read_bytes()), done.output


@pytest.mark.parametrize("text", [REFERENCE, MEAN, STUB], ids=["the reference", "a mistake", "the template"])
def test_grading_in_a_kit_prints_what_it_prints_in_the_course(released, kit, tmp_path, text):
    """Character by character, but for the seconds."""
    shutil.copytree(released / "assignments", tmp_path / "course/assignments")
    shutil.copytree(released / "solutions", tmp_path / "course/solutions")
    printed = []
    for folder in (kit, tmp_path / "course"):
        (folder / "assignments/arith/arith.py").write_text(text)
        done = run("grade", "arith", cwd=folder, cache=tmp_path)
        assert done.stderr == ""
        printed.append((done.returncode, re.sub(r"\d+\.\d s$", "", done.stdout, flags=re.MULTILINE)))
    assert printed[0] == printed[1]
    assert ("likely: That is the mean" in printed[0][1]) == (text == MEAN)


def test_another_seed_in_a_kit_is_refused_in_a_sentence(kit, tmp_path):
    """Only the public seed is recorded."""
    done = run("grade", "arith", "--seed", "7", cwd=kit, cache=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert "only the public seed is in this kit" in done.stderr


def test_a_class_in_a_kit_is_refused_in_a_sentence(kit, tmp_path):
    """A class is graded with a secret seed, which needs the solutions."""
    (kit / "inbox/ada").mkdir(parents=True)
    (kit / "inbox/ada/arith.py").write_text(MEAN)
    done = run("grade", "arith", "--submissions", "inbox", "--unsafe-no-isolation", cwd=kit, cache=tmp_path)
    assert (done.returncode, "only the public seed is in this kit" in done.stderr) == (2, True), done.stderr
    (kit / "public").write_text("2")
    done = run(
        "grade", "arith", "--submissions", "inbox", "--unsafe-no-isolation", "--seed-file", "public", cwd=kit, cache=tmp_path
    )
    assert (done.returncode, "1 graded" in done.stdout) == (0, True), done.stdout + done.stderr


def test_a_folder_that_is_no_kit_is_not_written_into(released, tmp_path, typed):
    """What is not ours stays as it is."""
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "mine.txt").write_text("mine")
    done = typed(released, "release", "arith", "--out", tmp_path / "notes")
    assert (done.exit_code, [path.name for path in (tmp_path / "notes").iterdir()]) == (2, ["mine.txt"])
    assert "must be a new or an empty folder, or an older kit" in done.output
    (tmp_path / "other.zip").write_bytes(zipped({"a.txt": b"a"}))
    done = typed(released, "release", "arith", "--out", tmp_path / "other.zip")
    assert (done.exit_code, "is not a kit: it has no kit.json" in done.output) == (2, True)


def test_a_kit_of_a_course_without_solutions_uses_its_records(released, kit, tmp_path, typed):
    """Whoever has records only can release them."""
    done = typed(kit, "release", "arith", "--out", tmp_path / "again", "--upload", "https://example.org/{assignment}")
    assert done.exit_code == 0, done.output
    assert read(tmp_path / "again").files == read(released / "kit").files


def test_a_handout_that_shows_what_is_not_there_is_refused(tmp_path, typed):
    """A broken link in a handout is found before students do."""
    course = a_course(tmp_path / "course")
    (course / "assignments/arith/README.md").write_text("![](figures/other.svg)\n")
    done = typed(course, "release", "arith", "--out", "kit")
    assert (done.exit_code, "links to figures/other.svg, which is not in the kit" in done.output) == (2, True)


def test_records_are_derived(tmp_path, typed):
    """`dlkit derive --record` writes what stands in for the solutions, and `--check` says when it is out of date."""
    course = a_course(tmp_path / "course")
    handout = course / "assignments/arith/README.md"
    handout.write_text(f"{handout.read_text()}\n<!-- points: begin -->\n<!-- points: end -->\n")
    typed(course, "derive", "arith")
    assert typed(course, "derive", "--check", "arith").exit_code == 0
    assert f"{RECORD} written" in typed(course, "derive", "--record", "arith").output
    assert typed(course, "derive", "--check", "arith").exit_code == 0
    assert typed(course, "derive", "--record", "arith").output == ""
    mistakes = course / "solutions/arith/misconceptions.py"
    mistakes.write_text(mistakes.read_text().replace("That is the mean;", "You took the mean;"))
    done = typed(course, "derive", "--check", "arith")
    assert (done.exit_code, f"{RECORD} is out of date" in done.output) == (1, True)


# Updating ---------------------------------------------------------------------------------------------------------

WORK = "assignments/a/work.py"
OLD = Kit({WORK: b"stub\n", "assignments/a/README.md": b"read\n", "wheels/1.whl": b"one"}, {"a": (WORK,)}, "here", "1")
NEWER = Kit({WORK: b"stub 2\n", "assignments/a/README.md": b"read 2\n", "wheels/2.whl": b"two"}, {"a": (WORK,)}, "", "2")


@pytest.fixture
def folder(tmp_path):
    """A folder with the old kit."""
    take_in(OLD, tmp_path)
    return tmp_path


def test_what_is_untouched_is_brought_up_to_date(folder):
    """Stub, handout and wheel are the newer ones; the old wheel is gone."""
    changes = take_in(NEWER, folder)
    assert (folder / WORK).read_text() == "stub 2\n"
    assert sorted(path.name for path in (folder / "wheels").iterdir()) == ["2.whl"]
    assert (changes.kept, changes.removed) == ((), ("wheels/1.whl",))
    assert read(folder).files == NEWER.files


def test_work_is_kept_and_the_new_stub_is_put_beside_it(folder):
    """Nobody's work is overwritten, and that there is a new stub is said."""
    (folder / WORK).write_text("mine\n")
    changes = take_in(NEWER, folder)
    assert ((folder / WORK).read_text(), (folder / f"{WORK}.new").read_text()) == ("mine\n", "stub 2\n")
    assert (changes.kept, changes.beside) == ((WORK,), {WORK: f"{WORK}.new"})


def test_work_is_kept_through_two_updates(folder):
    """What was kept once is still known as somebody's work the next time."""
    (folder / WORK).write_text("mine\n")
    for _ in range(2):
        take_in(NEWER, folder)
    take_in(Kit({WORK: b"stub 3\n"}, {"a": (WORK,)}), folder)
    assert (folder / WORK).read_text() == "mine\n"


def test_an_editor_that_changes_line_ends_has_written_nothing(folder):
    """A stub with the line ends of Windows is still the stub."""
    (folder / WORK).write_bytes(b"stub\r\n")
    assert take_in(NEWER, folder).kept == ()


def test_a_handout_with_notes_in_it_is_replaced_and_saved(folder):
    """What somebody wrote elsewhere than in their file is not lost either."""
    (folder / "assignments/a/README.md").write_text("read, and my notes\n")
    changes = take_in(NEWER, folder)
    assert changes.saved == {"assignments/a/README.md": "assignments/a/README.md.yours"}
    assert (folder / "assignments/a/README.md.yours").read_text() == "read, and my notes\n"
    assert (folder / "assignments/a/README.md").read_text() == "read 2\n"


def test_assignments_that_are_not_in_the_newer_kit_stay(folder):
    """A kit of the next assignment takes nothing of the last one away."""
    (folder / WORK).write_text("mine\n")
    take_in(Kit({"assignments/b/work.py": b"stub b\n"}, {"b": ("assignments/b/work.py",)}), folder)
    assert (folder / WORK).read_text() == "mine\n"
    manifest = kits.manifest_in(folder)
    assert (set(manifest.work), manifest.upload) == ({"a", "b"}, "here")
    assert (folder / "assignments/b/work.py").read_text() == "stub b\n"


def test_update_says_what_it_did(folder, tmp_path_factory, typed):
    """The command names what it kept, and asks to install a newer dlkit."""
    (folder / WORK).write_text("mine\n")
    path = tmp_path_factory.mktemp("downloads") / "kit.zip"
    path.write_bytes(NEWER.to_zip("kit"))
    done = typed(folder / "assignments", "update", path)
    assert done.exit_code == 0
    assert f"{WORK}: kept, because you edited it; its stub has changed, and the new stub is {WORK}.new" in done.output
    assert "pip install -r requirements.txt" in done.output


def test_update_says_that_a_kit_needs_more_libraries(folder, tmp_path, typed):
    """The same dlkit, but an assignment that uses TensorFlow: the command asks to install it."""
    path = tmp_path / "kit.zip"
    path.write_bytes(Kit({**OLD.files, "requirements.txt": b"tensorflow\n"}, OLD.work).to_zip("kit"))
    assert "This kit needs more libraries: run `pip install -r requirements.txt` again." in typed(folder, "update", path).output


GOOD = NEWER.contents()


def spoilt(method):
    """A kit's zip in which some packed bytes of the list are others, as after a download that went wrong."""
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w", method) as archive:
        for name, data in GOOD.items():
            archive.writestr(name, data)
        inside = archive.getinfo("kit.json")
    data = bytearray(memory.getvalue())
    start = inside.header_offset + 30 + len("kit.json")
    for at in range(start, start + inside.compress_size):
        data[at] ^= 0x5A
    return bytes(data)


BAD = {
    **{
        f"damaged: {name}": (spoilt(method), "is damaged")
        for name, method in (("deflated", zipfile.ZIP_DEFLATED), ("LZMA", zipfile.ZIP_LZMA), ("bzip2", zipfile.ZIP_BZIP2))
    },
    "not a zip": (b"hello", "is not a kit's zip, or is damaged"),
    "a zip of something else": (zipped({"kit/a.txt": b""}), "is not a kit: it has no kit.json"),
    "a file that was changed": (zipped({**GOOD, WORK: b"other"}), f"is damaged: {WORK} has changed"),
    "a file that is missing": (
        zipped({name: GOOD[name] for name in GOOD if name != WORK}),
        f"is incomplete: {WORK} is missing",
    ),
    "a path that leads out": (
        zipped({"kit.json": Manifest({"../evil.py": "0"}).to_bytes(), "../evil.py": b""}),
        "lists a file outside the kit. Received: '../evil.py'",
    ),
    "no list": (zipped({"kit.json": b"[]"}), "is not the file list of a kit"),
    "another format": (zipped({"kit.json": b'{"dlkit kit": 9}'}), "needs a newer dlkit"),
}


@pytest.mark.parametrize("data, sentence", BAD.values(), ids=BAD)
def test_what_is_no_kit_changes_nothing(folder, tmp_path_factory, typed, data, sentence):
    """A damaged or foreign file is refused in a sentence, before anything is written."""
    path = tmp_path_factory.mktemp("downloads") / "kit.zip"
    path.write_bytes(data)
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    done = typed(folder, "update", path)
    assert (done.exit_code, sentence in done.output) == (2, True), done.output
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


def test_update_outside_of_a_kit_says_where_to_go(tmp_path, typed):
    """There has to be a kit to update."""
    done = typed(tmp_path, "update", "kit.zip")
    assert (done.exit_code, "Go to the folder of your kit first" in done.output) == (2, True)


# Handing in -------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def graded(released, tmp_path_factory):
    """A kit in which a student has graded a wrong submission."""
    folder = tmp_path_factory.mktemp("student") / "kit"
    shutil.copytree(released / "kit", folder)
    (folder / "assignments/arith/arith.py").write_text(STARTED)
    assert run("grade", "arith", cwd=folder, cache=folder.parent).returncode == 1
    return folder


@pytest.fixture
def work(graded, tmp_path):
    """A private copy of the graded kit."""
    return shutil.copytree(graded, tmp_path / "kit")


def test_graded_work_is_packed(work, typed):
    """The zip holds the file and what was seen of it, and where to upload is said."""
    done = typed(work, "submit", "arith")
    assert done.exit_code == 0, done.output
    assert "arith-submission.zip: arith.py, last graded 12 of 20 points" in done.output
    assert "Upload it: https://example.org/arith" in done.output
    with zipfile.ZipFile(work / "arith-submission.zip") as archive:
        assert archive.namelist() == ["arith.py", "submission.json"]
        told = json.loads(archive.read("submission.json"))
        assert archive.read("arith.py").decode() == (work / "assignments/arith/arith.py").read_text()
    assert (told["assignment"], told["last_grade"]["score"], told["files"][0]["name"]) == ("arith", 12, "arith.py")
    assert re.fullmatch(r"[0-9a-f]{64}", told["files"][0]["sha256"])
    assert {"python", "dlkit"} <= set(told["versions"])


def test_work_that_is_no_python_is_packed_with_a_warning(work, typed):
    """A file that cannot be read earns nothing: whoever hands it in is told the line."""
    (work / "assignments/arith/arith.py").write_text("def total(x:\n    return 1\n")
    done = typed(work, "submit", "arith", "--anyway")
    assert done.exit_code == 0
    assert "Python cannot read this file, so it will earn no points: arith.py, line 1: '(' was never closed" in done.output


@pytest.mark.parametrize("missing", ["checks.py", "recorded.observations"])
def test_a_file_of_the_kit_that_is_missing_comes_back_by_update(kit, typed, missing):
    """What was deleted from a kit is named, with the command that puts it back."""
    (kit / "assignments/arith" / missing).unlink()
    done = typed(kit, "grade", "arith")
    assert done.exit_code == 2
    assert f"has no {missing}, which came with your kit. `dlkit update KIT.zip` restores" in done.output


def test_packing_twice_gives_the_same_bytes(work, typed):
    """What is handed in depends on the work only."""
    typed(work, "submit", "arith", "--out", "one.zip")
    typed(work / "assignments", "submit", "arith/", "--out", "../two.zip")
    assert (work / "one.zip").read_bytes() == (work / "two.zip").read_bytes()


def test_what_changed_since_it_was_graded_is_not_packed(work, typed):
    """A last change that nobody tried is the commonest way to lose points."""
    path = work / "assignments/arith/arith.py"
    path.write_text(path.read_text() + "# a last change\n")
    done = typed(work, "submit", "arith")
    assert (done.exit_code, (work / "arith-submission.zip").exists()) == (2, False)
    assert "arith.py has changed since it was last graded. Run `dlkit grade arith` first" in done.output
    done = typed(work, "submit", "arith", "--anyway")
    assert (done.exit_code, "arith.py has changed since it was last graded." in done.output) == (0, True)
    with zipfile.ZipFile(work / "arith-submission.zip") as archive:
        assert json.loads(archive.read("submission.json"))["last_grade"] is None


def test_the_untouched_stub_is_not_packed(kit, typed):
    """Whoever hands in the template has most likely saved their work elsewhere."""
    done = typed(kit, "submit", "arith")
    assert (done.exit_code, "arith.py is still the unmodified template" in done.output) == (2, True)


def test_work_that_was_never_graded_is_not_packed(kit, typed):
    """It has to be graded once, as a whole."""
    (kit / "assignments/arith/arith.py").write_text(MEAN)
    done = typed(kit, "submit", "arith")
    assert (done.exit_code, "arith.py has not been graded yet. Run `dlkit grade arith`" in done.output) == (2, True)


def test_what_is_not_started_is_mentioned(work, typed):
    """A function that is left out is no reason to refuse, and one to say so."""
    done = typed(work, "submit", "arith")
    assert (done.exit_code, "Not started yet: sell." in done.output) == (0, True), done.output


@pytest.mark.parametrize("text", ["", "[]", '{"files": 3}', "{"], ids=["empty", "a list", "odd", "cut off"])
def test_a_damaged_last_grade_is_as_none(work, typed, text):
    """What was kept cannot be believed when it cannot be read."""
    (work / ".dlkit" / "last-arith.json").write_text(text)
    assert "has not been graded yet" in typed(work, "submit", "arith").output


@pytest.mark.parametrize(
    "options", [["--check", "total"], ["--submission", "assignments/arith/arith.py", "--unsafe-no-isolation"]]
)
def test_only_a_whole_grade_of_ones_own_is_kept(kit, tmp_path, options):
    """Neither a part nor somebody else's submission counts as graded."""
    (kit / "assignments/arith/arith.py").write_text(MEAN)
    assert run("grade", "arith", *options, cwd=kit, cache=tmp_path).returncode == 1
    assert not (kit / ".dlkit").exists()


def test_outside_of_a_kit_nothing_is_kept_and_nothing_packed(tmp_path, dlkit, typed):
    """An instructor's course gets no files of grades, and `dlkit submit` says what it needs."""
    course = a_course(tmp_path / "course")
    assert dlkit("grade", course / "assignments/arith").returncode == 1
    assert not list(course.rglob(".dlkit"))
    done = typed(course, "submit", "arith")
    assert (done.exit_code, "is not in a kit" in done.output) == (2, True)


def test_what_is_packed_is_taken_in_by_graders(work, typed):
    """As one submission, and in an inbox; submission.json is nothing to them."""
    typed(work, "submit", "arith", "--out", "inbox/ada.zip")
    typed(work, "submit", "arith", "--out", "folders/bob/arith-submission.zip")
    text = (work / "assignments/arith/arith.py").read_text()
    assert dict(take_in_submission(work / "inbox/ada.zip", ["arith.py"]).files) == {"arith.py": text}
    for inbox, name in (("inbox", "ada"), ("folders", "bob")):
        (entry,) = find(work / inbox, ["arith.py"], assignment="arith").entries
        assert (entry.student, dict(entry.read().files)) == (name, {"arith.py": text})


def test_a_request_comes_with_the_work_and_into_the_gradebook(work, typed, dlkit, tmp_path):
    """With the check that it names; a class that is graded twice has it once."""
    from autograder.classroom.gradebook import Gradebook
    from autograder.classroom.gradebook.reading import requests

    done = typed(
        work, "submit", "arith", "--request", "scale: I think 2 is right", "--request", "Note: see me", "--out", "inbox/ada.zip"
    )
    assert done.exit_code == 0, done.output
    course = a_course(tmp_path / "course")
    for _ in range(2):
        result = dlkit("grade", course / "assignments/arith", "--submissions", work / "inbox", "--gradebook", tmp_path / "g.db")
        assert result.returncode == 0, result.stderr
    with Gradebook(tmp_path / "g.db") as book:
        found = [(one.student, one.check, one.text, one.source) for one in requests(book)]
    assert found == [("ada", "scale", "I think 2 is right", "submit"), ("ada", "", "Note: see me", "submit")]


@pytest.mark.parametrize("text", ["", "scale: ", "x" * 2001])
def test_a_request_without_a_text_is_refused(work, typed, text):
    """Nothing is packed."""
    done = typed(work, "submit", "arith", "--request", text, "--out", "r.zip")
    assert (done.exit_code, "--request needs a text" in done.output, (work / "r.zip").exists()) == (2, True, False)


def test_a_zip_that_claims_a_grade_is_graded_like_any_other(work, typed, dlkit):
    """What submission.json says of points is not believed."""
    typed(work, "submit", "arith", "--out", "ada.zip")
    with zipfile.ZipFile(work / "ada.zip") as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    files["submission.json"] = files["submission.json"].replace(b'"score": 12', b'"score": 20')
    (work / "ada.zip").write_bytes(zipped(files))
    done = dlkit("grade", SMALL / "assignments/arith", "--submission", work / "ada.zip")
    assert (done.returncode, "12 of 20 points" in done.stdout) == (1, True)


def test_a_pack_of_several_files_names_those_that_are_missing_work(tmp_path):
    """One of two files untouched is said, and no reason to refuse."""
    stubs = {f"assignments/a/{name}": b"stub\n" for name in ("one.py", "two.py")}
    take_in(Kit(stubs, {"a": tuple(stubs)}), tmp_path)
    (tmp_path / "assignments/a").mkdir(exist_ok=True)
    packed = pack(tmp_path / "assignments/a", "a", {"one.py": "mine\n", "two.py": "stub\n"}, anyway=True)
    assert packed.warnings == ("two.py is still the unmodified template.", "one.py and two.py have not been graded yet.")
    with pytest.raises(KitError, match=r"one\.py and two\.py are still the unmodified template"):
        pack(tmp_path / "assignments/a", "a", {"one.py": "stub\n", "two.py": "stub\n"})


# A new course -----------------------------------------------------------------------------------------------------


def test_a_checkout_lays_out_its_solutions_too(tmp_path, typed):
    """Where the solutions are at hand, the course has them, and can be graded with any seed."""
    done = typed(tmp_path, "init", "course", "hw2")
    assert (done.exit_code, "Without solutions" in done.output) == (0, False), done.output
    assert (tmp_path / "course/solutions/hw2/xor_mlp.py").read_bytes() == (ROOT / "solutions/hw2/xor_mlp.py").read_bytes()
    assert (tmp_path / "course/assignments/hw2/results/xor_surface.svg").is_file()
    assert typed(tmp_path / "course", "derive", "--check", "hw2").exit_code == 0


def test_solutions_come_from_a_zip_too(tmp_path, typed):
    """Of a zip, only the files that the assignments ask for are taken."""
    names = {"dlkit-0.1.0/solutions/hw2/xor_mlp.py": b"ours\n", "dlkit-0.1.0/solutions/hw2/other.py": b"", "../hw1/evil.py": b""}
    (tmp_path / "solutions.zip").write_bytes(zipped(names))
    done = typed(tmp_path, "init", "course", "hw1", "hw2", "--solutions", "solutions.zip")
    assert (done.exit_code, "Without solutions: hw1." in done.output) == (0, True), done.output
    assert [path.name for path in (tmp_path / "course/solutions").rglob("*.py")] == ["xor_mlp.py"]
    assert (tmp_path / "course/solutions/hw2/xor_mlp.py").read_text() == "ours\n"


NO_COURSE = {
    "a folder that is not empty": (["init", "."], "must be a new or an empty folder. Received: a folder that is not empty"),
    "a file": (["init", "notes.txt"], "must be a new or an empty folder. Received: a file"),
    "no such assignment": (["init", "course", "hw77"], "there is no assignment 'hw77'; there are: hw1, hw2"),
    "no solutions there": (["init", "course", "--solutions", "nowhere"], "nowhere does not exist"),
    "no zip": (["init", "course", "--solutions", "notes.txt"], "is neither a folder nor a zip of solutions"),
    "a zip of something else": (
        ["init", "course", "--solutions", "other.zip"],
        "other.zip contains no solutions; expected files such as",
    ),
}


@pytest.mark.parametrize("arguments, sentence", NO_COURSE.values(), ids=NO_COURSE)
def test_no_course_is_laid_out_over_something(tmp_path, typed, arguments, sentence):
    """What is wrong is said before anything is written."""
    (tmp_path / "notes.txt").write_text("mine")
    (tmp_path / "other.zip").write_bytes(zipped({"a.txt": b""}))
    done = typed(tmp_path, *arguments)
    assert (done.exit_code, sentence in done.output) == (2, True), done.output
    assert sorted(path.name for path in tmp_path.iterdir()) == ["notes.txt", "other.zip"]
