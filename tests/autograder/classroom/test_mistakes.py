"""Mistakes of a class: equal wrong answers are found in the gradebook, named, and told without running anybody's code."""

from __future__ import annotations

import json
import shutil
from contextlib import ExitStack
from dataclasses import replace

import pytest
from support import SMALL

from autograder.assignment import load
from autograder.classroom.gradebook import Gradebook, HandIn
from autograder.classroom.marks import marks
from autograder.classroom.mistakes import MistakeError, groups, met_as, often, to_name, with_source
from autograder.classroom.run import Classroom
from autograder.grading.digests import digest_of_files
from autograder.grading.met import MET, packed
from autograder.grading.recorded import RECORD, Recorded, record
from autograder.grading.references import References
from autograder.grading.remembering import RememberingBench
from autograder.policy import Course

ODD = "return float(np.sum(np.cos(x)) + 0.37)"  # which nobody would list
CLASS = {
    "ada": "return float(np.sum(x))",
    "bob": ODD,
    "bea": "x = np.asarray(x, dtype=np.float32)\n    return float(np.sum(np.cos(x)) + np.float32(0.37))",  # the same, less precisely
    "cleo": "return float(np.sum(np.sin(x)) + 0.73)",
    "dan": "while True: __import__('time').sleep(1)",
    "eve": "raise NotImplementedError",
}
SENTENCE = "You add up cosines."


def opened(course, cache, workers, seed=7):
    """A classroom of the small assignment, with its files as they are now."""
    assignment = load(course / "assignments" / "arith").within(0.5)
    references = References(assignment, course / "solutions" / "arith", cache, workers)
    return Classroom(assignment, references, workers, seed)


@pytest.fixture(scope="module")
def graded(tmp_path_factory, light, cache):
    """A course and its gradebook, graded once; each test takes a copy."""
    course = tmp_path_factory.mktemp("graded") / "course"
    shutil.copytree(SMALL, course)
    room = opened(course, cache, light)
    with room.references, Gradebook(course / "gradebook.db") as book:
        room.run(everybody(room), book, jobs=2)
    return course


@pytest.fixture
def course(graded, tmp_path):
    """A course whose class is graded, to be changed."""
    shutil.copytree(graded, tmp_path / "course")
    return tmp_path / "course"


@pytest.fixture
def gradebook(course):
    """The gradebook of the class."""
    with Gradebook(course / "gradebook.db") as found:
        yield found


@pytest.fixture
def empty(tmp_path):
    """An empty gradebook."""
    with Gradebook(tmp_path / "next.db") as found:
        yield found


@pytest.fixture
def classroom_of(course, cache, light):
    """Makes classrooms of the course."""
    with ExitStack() as stack:

        def make(seed=7):
            room = opened(course, cache, light, seed)
            stack.enter_context(room.references)
            return room

        yield make


@pytest.fixture
def room(classroom_of):
    """The classroom in which the class was graded."""
    return classroom_of()


def handed(room, student, body, number=1, submitted=""):
    """What a student hands in: the reference with another body of `total`."""
    (name, text), *_ = room.references.files.items()
    files = {name: text.replace("return float(np.sum(x))", body, 1)}
    return HandIn(student, number, files=files, digest=digest_of_files(files), submitted=submitted)


def everybody(room):
    """The class."""
    return [handed(room, student, body) for student, body in CLASS.items()]


def found(gradebook, at_least=2):
    """The groups of the class."""
    return groups(gradebook, "arith", marks(gradebook, Course(), "arith"), at_least).groups


def named(room, gradebook, student="bob", *, source=False):
    """The mistake of a student under a name, and written where the references find it."""
    mistake = to_name(gradebook, "arith", student, "total")
    met = met_as(mistake, room.assignment, 7, "total-cosines", SENTENCE)
    if source:
        met = with_source(met, mistake, gradebook.texts(mistake.row.files)["arith.py"], room.references, 7)
    (room.references.folder / MET).write_bytes(packed([met]))
    return met


def told(gradebook):
    """The misconception that each student's `total` was explained by, and the sentence."""
    checks = {row.student: row.grade.checks[0] for row in gradebook.rows("arith")}
    return {student: (check.misconception, check.explanation) for student, check in checks.items()}


def test_equal_wrong_answers_are_one_group(gradebook):
    """However precise they are; with the cases, the shortest function, and a sentence; those of one student only if asked for."""
    (group,) = found(gradebook)
    assert (group.check, group.function, group.students, group.named) == ("total", "total", ("bea", "bob"), "")
    assert group.code.endswith(f"    {ODD}") and '"""' not in group.code
    assert (group.cases, group.of, group.like) == (("vector", "matrix", "empty"), 3, "bea")
    assert group.sentence.startswith("vector: ")
    assert [one.students for one in found(gradebook, 1) if one.check == "total"] == [("bea", "bob"), ("cleo",)]


def test_the_group_tells_since_when(room, empty):
    """From the first attempt of anybody, also of who has mended it since; who has is in no group."""
    room.run(
        [
            handed(room, "ada", ODD, 1, "2026-10-01T10:00:00+02:00"),
            handed(room, "ada", CLASS["ada"], 2, "2026-10-05T10:00:00+02:00"),
            handed(room, "bob", ODD, 1, "2026-10-04T10:00:00+02:00"),
        ],
        empty,
        jobs=2,
    )
    (group,) = found(empty, 1)
    assert group.students == ("bob",)
    assert group.since.isoformat() == "2026-10-01T08:00:00+00:00"


def test_a_named_group_is_told_without_running_any_code(room, gradebook, classroom_of, monkeypatch):
    """A regrade gives the sentence to the whole group, to nobody else, and starts no worker for a submission."""
    named(room, gradebook)
    again = classroom_of()
    attempts = [one for one in everybody(room) if one.student != "dan"]  # a limit stopped his, so it is asked again
    monkeypatch.setattr(RememberingBench, "_load", lambda self: pytest.fail("a submission was run"))
    changes = {change.student: change.sentences for change in again.changes(attempts, gradebook, jobs=1)}
    assert changes == dict.fromkeys(("bob", "bea"), ("total: still failed, 0 of 6, explained as total-cosines",))
    again.run(attempts, gradebook, jobs=1, again=True)
    assert {student for student, about in told(gradebook).items() if about == ("total-cosines", SENTENCE)} == {"bob", "bea"}
    assert often(gradebook.rows("arith"))["total-cosines"] == 2
    assert found(gradebook)[0].named == "total-cosines"


def test_answers_are_known_for_their_inputs_only(room, gradebook, classroom_of, empty):
    """Another seed draws other inputs, and without the source nobody knows what the mistake would answer."""
    named(room, gradebook)
    other = classroom_of(8)
    other.run([handed(other, "bob", ODD)], empty, jobs=1)
    assert told(empty) == {"bob": (None, "")}


def test_a_source_is_known_for_every_seed(room, gradebook, classroom_of, empty):
    """It is run for the new inputs, in a worker in which no reference lies."""
    met = named(room, gradebook, source=True)
    assert ODD in met.source
    assert "def scale" not in met.source
    other = classroom_of(8)
    bodies = {"bob": f"x = x + 0.0\n    {ODD}", "bea": CLASS["bea"], "cleo": CLASS["cleo"]}
    other.run([handed(other, *one) for one in bodies.items()], empty, jobs=1)
    known = ("total-cosines", SENTENCE)
    assert told(empty) == {"bob": known, "bea": known, "cleo": (None, "")}


def test_a_source_never_shares_a_worker_with_the_reference(room, gradebook, classroom_of, monkeypatch):
    """A student wrote it: what it leaves behind must not reach an expected answer."""
    named(room, gradebook, source=True)
    references = replace(classroom_of(9)).references
    laid_out = []
    for bench in (references._bench, references._theirs):
        load_ = bench.load
        monkeypatch.setattr(
            bench,
            "load",
            lambda files, checks=(), bench=bench, load_=load_: laid_out.append((bench, *files.values())) or load_(files, checks),
        )
    other = Classroom(references.assignment, references, room.source, 9)
    other.grade(handed(other, "zoe", "return float(np.sum(np.tan(x)) + 0.21)"), {})
    kinds = {bench is references._theirs: text for bench, text in laid_out}
    assert ODD in kinds[True] and "def scale" not in kinds[True]
    assert references._theirs.protected


def test_a_kit_knows_what_has_a_source(room, gradebook, classroom_of, course, light):
    """The record of a kit has its answers to the public questions and its sentence, and no code."""
    named(room, gradebook, source=True)
    references = classroom_of(2).references
    again = Classroom(references.assignment, references, light, 2)
    kept = course / "assignments" / "arith" / RECORD
    kept.write_bytes(record(references, again.cases, 2))
    kit = Recorded(references.assignment, kept, light)
    assert kit.misconceptions["total-cosines"].feedback == SENTENCE
    graded = replace(again, references=kit).grade(handed(again, "bob", ODD), {}).grade
    assert (graded.checks[0].misconception, graded.checks[0].explanation) == ("total-cosines", SENTENCE)
    assert "np.cos" not in json.dumps(kit._payload)


def test_a_function_that_needs_more_is_refused(room, empty):
    """A source that does not make the mistake by itself would never match, or match others."""
    body = "return globals()['cos' + 'ines'](x)\n\n\ndef cosines(x):\n    " + ODD
    room.run([handed(room, "bob", body)], empty, jobs=1)
    with pytest.raises(MistakeError, match="`total` alone does not give these answers"):
        named(room, empty, source=True)


def test_answers_of_another_grading_are_refused(gradebook, course):
    """Nobody knows any more to which inputs they are the answers."""
    folder = course / "assignments" / "arith"
    spec = folder / "checks.py"
    spec.write_text(spec.read_text().replace('"vector", 5', '"vector", 6'))
    mistake = to_name(gradebook, "arith", "bob", "total")
    with pytest.raises(MistakeError, match="bob was graded with another spec, seed or version of dlkit"):
        met_as(mistake, load(folder).within(0.5), 7, "x", "y")


@pytest.mark.parametrize(
    ("student", "check", "sentence"),
    [
        ("bobb", "total", r"has no attempt of 'bobb' at 'arith'\. Did you mean 'bob'\?"),
        ("bob", "totl", r"has no check 'totl'\. Did you mean 'total'\?"),
        ("ada", "total", "ada passes 'total'"),
        ("dan", "total", "keeps no wrong answers of dan to 'total'.*Received: timed out"),
        ("eve", "total", "keeps no wrong answers of eve to 'total'.*Received: not started"),
    ],
)
def test_what_cannot_be_named_is_refused(gradebook, student, check, sentence):
    """With what is wrong, and what to do."""
    with pytest.raises(MistakeError, match=sentence):
        to_name(gradebook, "arith", student, check)


def test_a_gradebook_without_answers_is_refused(gradebook, monkeypatch):
    """As of a version that kept none."""
    monkeypatch.setattr(gradebook, "kept", lambda files, given=dict, only=None: {})
    with pytest.raises(MistakeError, match="keeps no wrong answers of bob"):
        to_name(gradebook, "arith", "bob", "total")
    assert found(gradebook) == ()
    assert groups(gradebook, "arith", marks(gradebook, Course(), "arith")).unknown > 0
