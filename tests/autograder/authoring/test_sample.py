"""Sample classes: what the truth says is what a grading finds."""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from dataclasses import replace
from functools import cache

import pytest
from sampling import sample
from support import ROOT

from autograder.assignment import SpecError, load, solutions_folder
from autograder.authoring.sample import KINDS, LAYOUTS, SampleError, invent, sortable, write
from autograder.grading.references import misconceptions_in
from autograder.outcome import Outcome
from autograder.submission import take_in

ASSIGNMENTS = sorted(path.parent.name for path in ROOT.glob("assignments/*/checks.py"))
SLOW = 30
SIZE = 20  # students, among whom there is every kind
CANVAS = re.compile(r"^(?P<name>.+?)(?P<late>_LATE)?_(?P<key>\d+)_(?P<attachment>\d+)_xor_mlp(-1)?\.py$")
MOODLE = re.compile(r"^(?P<name>[^_]+)_(?P<key>\d+)_assignsubmission_file$")


@cache
def class_of(name, students, seed=0):
    """A class for one of the course's assignments."""
    folder = ROOT / "assignments" / name
    return invent(load(folder), solutions_folder(folder, name), students, seed)


def text_of(person):
    """What somebody handed in last."""
    return next(iter(person.attempts[-1].files.values()))


def made(tmp_path, layout="folders", students=40):
    """A written class of hw2: its folder and its truth by the key of each student."""
    assignment = load(ROOT / "assignments" / "hw2")
    write(class_of("hw2", students, 3), assignment, 3, tmp_path / "inbox", layout)
    truth = json.loads((tmp_path / "inbox/truth.json").read_text(encoding="utf-8"))
    return tmp_path / "inbox", {person["key"]: person for person in truth["students"]}


@pytest.mark.parametrize("students", [1, 2, 5, 19, 60])
def test_a_class_has_so_many_students(students):
    """As many as were asked for, each with an id of their own, and an ordinary one among them."""
    invented = class_of("hw2", students)
    assert len({person.id for person in invented}) == len({person.number for person in invented}) == students
    assert "ordinary" in {person.kind for person in invented}


def test_every_kind_is_there_from_twenty_students_on():
    """Twenty students are enough for one of each kind, somebody late and somebody who handed in twice."""
    invented = class_of("hw2", SIZE)
    assert {person.kind for person in invented} == {*KINDS, "ordinary"}
    assert any(person.late for person in invented)
    assert any(len(person.attempts) == 2 for person in invented)


def test_some_mistakes_are_common():
    """The commonest mistake is made by many, and most are made by few."""
    counts = Counter(mistake for person in class_of("hw2", 100) for mistake in person.attempts[-1].mistakes.values())
    ordered = sorted(counts.values())
    assert ordered[-1] >= 5 * ordered[len(ordered) // 2]


def test_another_seed_makes_another_class():
    """The seed decides."""
    assert class_of("hw2", 5, seed=1) != class_of("hw2", 5, seed=2)


@pytest.mark.parametrize("name", sample(ASSIGNMENTS, 2))
def test_mistakes_are_known_ones_in_functions_of_their_own(name):
    """What the truth names exists, is about that function, and is in no function that was left out."""
    known = misconceptions_in(ROOT / "solutions" / name)
    for person in class_of(name, SIZE):
        for attempt in person.attempts:
            for function, mistake in [*attempt.mistakes.items(), *attempt.variants.items()]:
                assert known[mistake].function == function
                assert known[mistake].harmless == (mistake in attempt.variants.values())
                assert function not in (*attempt.unfinished, person.function)
        if person.kind in ("ordinary", "copy"):
            assert 1 <= len(person.attempts[-1].mistakes) <= 3


@pytest.mark.parametrize("name", sample(ASSIGNMENTS, 2))
def test_files_differ_and_can_be_read(name):
    """No two files are alike, and each is Python but for the one with the syntax error."""
    invented = class_of(name, SIZE)
    assert len({text_of(person) for person in invented}) == SIZE
    for person in invented:
        if person.kind == "syntax":
            with pytest.raises(SyntaxError):
                compile(text_of(person), person.id, "exec")
        else:
            compile(text_of(person), person.id, "exec")


def test_a_first_attempt_is_worse():
    """Who hands in twice had all the mistakes before, and more missing."""
    twice = [person.attempts for person in class_of("hw2", 60) if len(person.attempts) == 2]
    for first, last in twice:
        assert last.mistakes.items() <= first.mistakes.items()
        assert set(last.unfinished) < set(first.unfinished)


@pytest.mark.parametrize("name", sample(ASSIGNMENTS, 3))
def test_a_perfect_student_earns_every_point(name, courses):
    """Another hand and other right ways cost nothing."""
    course = courses(name)
    perfect = [person for person in class_of(name, SIZE) if person.kind == "perfect"]
    person = max(perfect, key=lambda one: len(one.attempts[-1].variants))
    checks = [check.name for check in course.assignment.checks if (check.timeout or 0) < SLOW]
    grade = course.grade(text_of(person).replace("\r\n", "\n"), only=checks)
    assert [(check.name, check.message) for check in grade.checks if check.outcome is not Outcome.PASSED] == []


@pytest.mark.parametrize("kind", ["ordinary", "unfinished"])
def test_a_grading_of_hw2_finds_the_truth(kind, courses):
    """Points are lost where there is a mistake that can be asked for; what is unfinished is not started; nothing else fails."""
    course = courses("hw2")
    person = max((one for one in class_of("hw2", 60) if one.kind == kind), key=lambda one: len(one.attempts[-1].mistakes))
    attempt = person.attempts[-1]
    grade = course.grade(text_of(person).replace("\r\n", "\n"))
    lost = {check.function for check in grade.checks if check.score < check.max_score and check.outcome is not Outcome.SKIPPED}
    skipped = {check.function for check in grade.checks if check.outcome is Outcome.SKIPPED}
    assert lost == {*attempt.mistakes, *attempt.unfinished} - skipped
    assert lost
    for check in grade.checks:
        assert (check.outcome is Outcome.NOT_STARTED) == (check.function in attempt.unfinished)


@pytest.fixture(scope="module")
def graded(small):
    """A class of the small assignment, graded: each student with the check of each function."""
    invented = invent(small.assignment, small.references.folder, 20, 0)
    grades = [small.grade(text_of(person).replace("\r\n", "\n"), timeout=0.5) for person in invented]
    return [
        (person, grade, {check.function: check for check in grade.checks if check.name != "light"})
        for person, grade in zip(invented, grades, strict=True)
    ]


def test_each_mistake_is_named(graded):
    """The misconception that was put in is the one that is found, unless the function was skipped."""
    seen = 0
    for person, _, checks in graded:
        for function, mistake in person.attempts[-1].mistakes.items():
            if person.kind != "syntax" and checks[function].outcome is not Outcome.SKIPPED:
                assert checks[function].misconception == mistake
                seen += 1
    assert seen >= 10


ENDINGS = {"hang": Outcome.TIMED_OUT, "prints": Outcome.OVER_LIMIT}


@pytest.mark.parametrize("kind", ENDINGS)
def test_a_fault_ends_as_it_should(kind, graded):
    """An endless loop runs out of time, endless printing goes over the limit: in the function that the truth names."""
    person, _, checks = next(entry for entry in graded if entry[0].kind == kind)
    assert checks[person.function].outcome is ENDINGS[kind]


def test_a_crash_is_noticed(graded):
    """A line that does not run when the file is loaded is in the grade's notices; only such a student has one."""
    assert [bool(grade.notices) for person, grade, _ in graded] == [person.kind == "crash" for person, _, _ in graded]


def test_a_syntax_error_costs_everything(graded):
    """A file that cannot be read earns nothing."""
    assert [person.kind for person, grade, _ in graded if grade.score == 0 and person.kind == "syntax"] == ["syntax"]


def test_a_copy_earns_what_the_original_does(graded):
    """A copied file is another text with the same marks."""
    grades = {person.id: grade for person, grade, _ in graded}
    texts = {person.id: text_of(person) for person, _, _ in graded}
    person = next(person for person, _, _ in graded if person.kind == "copy")
    marks = [
        [(check.name, check.score, check.misconception) for check in grades[id].checks] for id in (person.id, person.copy_of)
    ]
    assert marks[0] == marks[1]
    assert texts[person.id] != texts[person.copy_of]


def test_canvas_names_tell_who_and_whether_late(tmp_path):
    """In the layout "canvas" names are as Canvas makes them; both attempts are there, and the mark is on the last one."""
    inbox, truth = made(tmp_path, "canvas")
    found = [CANVAS.match(path.name) for path in sorted((inbox / "submissions").iterdir())]
    assert all(found)
    for key, person in truth.items():
        files = sorted((match for match in found if match["key"] == key), key=lambda match: int(match["attachment"]))
        assert len(files) == person["attempts"]
        assert {match["name"] for match in files} == {sortable(person["name"])}
        assert [bool(match["late"]) for match in files] == [False] * len(person["earlier"]) + [person["late"]]


def test_moodle_folders_tell_who(tmp_path):
    """In the layout "moodle" each student has a folder with a clean name and the participant's id."""
    inbox, truth = made(tmp_path, "moodle")
    found = [MOODLE.match(path.name) for path in (inbox / "submissions").iterdir()]
    assert sorted(match["key"] for match in found) == sorted(truth)
    assert not any("'" in match["name"] for match in found)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_truth_and_the_roster_belong_to_the_files(layout, tmp_path):
    """Every file is in the truth, every student in the roster, with the id that the layout shows; nothing else is there."""
    inbox, truth = made(tmp_path, layout, students=20)
    told = {path for person in truth.values() for one in (person, *person["earlier"]) for path in one["paths"]}
    there = {path.relative_to(inbox).as_posix() for path in inbox.rglob("*") if path.is_file()}
    assert there == told | {"roster.csv", "truth.json"}
    with (inbox / "roster.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row[LAYOUTS[layout] or "student"] for row in rows] == list(truth)
    assert [row["name"] for row in rows] == [person["name"] for person in truth.values()]


def test_names_are_of_the_kind_that_breaks_programs(tmp_path):
    """A class of forty has names with an apostrophe, with a comma, and written from right to left."""
    _, truth = made(tmp_path)
    names = "\n".join(person["name"] for person in truth.values())
    assert all(re.search(pattern, names) for pattern in ("'", ", ", "[\u0590-\u06ff]", "[^\x00-\x7f]"))


def test_a_made_folder_can_be_taken_in(tmp_path):
    """Whoever grades a class reads its folders without a complaint."""
    inbox, truth = made(tmp_path)
    for person in truth.values():
        assert take_in(inbox / "submissions" / person["student"], ["xor_mlp.py"]).student == person["student"]


def test_a_folder_that_is_not_empty_is_refused(tmp_path):
    """Nothing is written over, or between, what is there."""
    (tmp_path / "thesis.tex").touch()
    with pytest.raises(SampleError, match=r"must be a new or empty folder.*Received: a folder that holds thesis\.tex"):
        write([], load(ROOT / "assignments/hw2"), 0, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.tex"]


def test_several_files_do_not_fit_into_one(tmp_path):
    """The layout "files" is refused where an assignment asks for several."""
    several = replace(load(ROOT / "assignments/hw2"), files=["a.py", "b.py"])
    with pytest.raises(SampleError, match="Received: hw2 with 2 files"):
        write([], several, 0, tmp_path / "inbox", "files")


def test_an_assignment_without_misconceptions_makes_no_class(copy_of_small):
    """Where no mistake is known, none can be made, and that is said."""
    solutions = solutions_folder(copy_of_small, "arith")
    (solutions / "misconceptions.py").unlink()
    with pytest.raises(SpecError, match=r"at least one misconception; add some to .*misconceptions\.py"):
        invent(load(copy_of_small), solutions, 5)


def test_a_misconception_that_is_not_python_is_the_authors_to_mend(copy_of_small):
    """A change after which the file cannot be read is named with its line."""
    solutions = solutions_folder(copy_of_small, "arith")
    broken = (
        'from autograder import Misconception\nmisconceptions = [Misconception("m", "total", "No.", ("np.sum(x)", "np.sum(x"))]\n'
    )
    (solutions / "misconceptions.py").write_text(broken)
    with pytest.raises(SpecError, match=r"must be Python\. Received: .* \(line \d+: return float\(np\.sum\(x\)"):
        invent(load(copy_of_small), solutions, 5)
