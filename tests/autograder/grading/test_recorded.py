"""Recorded references: a kit without solutions grades as the course with them does, for the public seed."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from support import ROOT, SMALL

from autograder.assignment import load, solutions_folder
from autograder.checks.base import Case
from autograder.grading import recorded as module
from autograder.grading import variants
from autograder.grading.bench import HANDLER
from autograder.grading.diagnosis.sample import Sample
from autograder.grading.diagnosis.variant import distance
from autograder.grading.grade import PUBLIC_SEED, grade, questions
from autograder.grading.recorded import RECORD, Recorded, RecordError, fingerprint, record, references_of, stale
from autograder.grading.references import References, SeedError
from autograder.observation.answer import Answer, Ending
from autograder.outcome import Outcome
from autograder.sandbox.workers import source as source_of_workers
from autograder.submission import Submission

REFERENCE = (SMALL / "solutions/arith/arith.py").read_text()
SOURCES = {
    "the reference": REFERENCE,
    "the mean": REFERENCE.replace("float(np.sum(x))", "float(np.mean(x)) if len(x) else 0.0"),
    "a sum": REFERENCE.replace("x * float", "x + float"),
    "neither": REFERENCE.replace("x * float", "x - float"),
    "raises": REFERENCE.replace("float(np.sum(x))", "float(x.totals())"),
    "in place": REFERENCE.replace("left = {", "stock.update({}); stock['figs'] = 0.0; left = {"),
    "a stub": 'def total(x):\n    raise NotImplementedError\n\ndef scale(x, factor):\n    """Nothing."""\n',
}


@pytest.fixture(scope="session")
def data(small) -> bytes:
    """The record of the small assignment."""
    cases = questions(small.assignment, small.assignment.checks, PUBLIC_SEED)
    return record(small.references, cases, PUBLIC_SEED)


@pytest.fixture
def kit(tmp_path, data) -> Path:
    """The small assignment's folder in a kit: its record, and no solutions."""
    folder = tmp_path / "kit" / "assignments" / "arith"
    shutil.copytree(SMALL / "assignments/arith", folder)
    (folder / RECORD).write_bytes(data)
    return folder


def graded(folder: Path, text: str, **options: object):
    """Grade a source in a kit."""
    assignment = load(folder)
    with (
        source_of_workers(HANDLER) as workers,
        references_of(assignment, solutions_folder(folder, "arith"), None, workers) as references,
    ):
        return grade(assignment, Submission("somebody", {"arith.py": text}), references, workers, **options)


def without_times(result):
    """A grade without what it took."""
    return replace(result, seconds=0.0, memory=0, checks=tuple(replace(check, seconds=0.0) for check in result.checks))


@pytest.mark.parametrize("text", SOURCES.values(), ids=SOURCES)
def test_a_record_judges_and_explains_as_the_solutions_do(kit, small, text):
    """Every outcome, sentence, point and diagnosis is the same without solutions."""
    assert without_times(graded(kit, text)) == without_times(small.grade(text))


def test_a_record_names_a_mistake(kit):
    """The sentence for a known mistake is in the record."""
    result = graded(kit, SOURCES["the mean"])
    assert (result.checks[0].misconception, result.checks[0].explanation) == (
        "total-is-mean",
        "That is the mean; the sum was asked for.",
    )


def test_a_record_holds_the_contract(kit, small):
    """How functions are called is known without solutions, and a renamed parameter costs nothing."""
    assert load(kit).contract == small.assignment.contract != {}
    renamed = small.source.replace("def total(x: np.ndarray)", "def total(numbers)").replace("np.sum(x)", "np.sum(numbers)")
    assert graded(kit, renamed).score == 20


def test_a_mistake_that_raises_is_recognised(tmp_path, copy_of_small):
    """Two failures are the same by digests of their kind and words; no text of the exception is in the record."""
    solutions = copy_of_small.parent.parent / "solutions" / "arith"
    listed = (solutions / "misconceptions.py").read_text()
    mistake = '    Misconception("total-raises", "total", "Arrays have no `totals`.", ("np.sum(x)", "x.totals()")),\n]'
    (solutions / "misconceptions.py").write_text(listed.replace("\n]", "\n" + mistake))
    assignment = load(copy_of_small)
    with source_of_workers(HANDLER) as workers, References(assignment, solutions, None, workers) as references:
        data = record(references, questions(assignment, assignment.checks, PUBLIC_SEED), PUBLIC_SEED)
    assert b"has no attribute" not in module._body(data)
    (copy_of_small / RECORD).write_bytes(data)
    shutil.rmtree(solutions.parent)
    result = graded(copy_of_small, REFERENCE.replace("float(np.sum(x))", "float(x.totals())"))
    assert (result.checks[0].outcome, result.checks[0].misconception) == (Outcome.CRASHED, "total-raises")


def test_a_record_is_the_same_each_time(small, data):
    """Recording twice gives the same bytes."""
    cases = questions(small.assignment, small.assignment.checks, PUBLIC_SEED)
    assert record(small.references, cases, PUBLIC_SEED) == data


def test_a_busy_machine_records_as_many_variants(copy_of_small, data, monkeypatch):
    """How long the reference takes is read from the record that there is, where a busy machine measures three times as much."""
    (copy_of_small / RECORD).write_bytes(data)
    monkeypatch.setattr(variants, "OVERHEAD", 3 * variants.OVERHEAD)
    assignment = load(copy_of_small)
    solutions = solutions_folder(copy_of_small, "arith")
    with source_of_workers(HANDLER) as workers, References(assignment, solutions, None, workers) as references:
        again = record(references, questions(assignment, assignment.checks, PUBLIC_SEED), PUBLIC_SEED)
    assert again == data


def test_a_slower_function_is_measured_anew(small, data):
    """A reference that takes ten times as long as on record is another one."""
    check = small.assignment.checks[0]
    cases = questions(small.assignment, [check], PUBLIC_SEED)[check.name]
    made = small.references.variants(check, cases)
    measured = replace(made, pace=None).seconds
    assert [replace(made, pace=factor * measured).seconds for factor in (3, 10)] == [3 * measured, measured]


def test_solutions_are_asked_where_they_are(copy_of_small, data, light):
    """A record beside solutions is not used."""
    (copy_of_small / RECORD).write_bytes(data)
    with references_of(load(copy_of_small), solutions_folder(copy_of_small, "arith"), None, light) as references:
        assert type(references) is References


def test_another_seed_is_refused_in_a_sentence(kit):
    """Nothing is known of other inputs than the public seed's."""
    with pytest.raises(
        SeedError,
        match=r"only the public seed is in this kit.*recorded answers for seed 2 instead of solutions\. Received: seed 7",
    ):
        graded(kit, REFERENCE, seed=7)


def test_a_spec_that_asks_something_else_is_noticed(kit):
    """Other inputs than the recorded ones are not judged by the recorded answers."""
    spec = kit / "checks.py"
    spec.write_text(spec.read_text().replace("rng.uniform(1, 9, 4)", "rng.uniform(1, 9, 5)"))
    with pytest.raises(RecordError, match="the spec has changed since its answers were recorded"):
        graded(kit, REFERENCE)


def test_a_spec_with_another_hint_is_used_with_a_notice(kit, light):
    """What does not change a question grades on; that the file was changed is said."""
    spec = kit / "checks.py"
    spec.write_text(spec.read_text().replace("Add every entry up.", "Add them all."))
    assignment = load(kit)
    with references_of(assignment, solutions_folder(kit, "arith"), None, light) as references:
        assert "checks.py has changed since its answers were recorded" in references.notices[0]
    assert graded(kit, REFERENCE).perfect


def test_other_versions_are_used_and_another_major_one_is_mentioned(kit, light, monkeypatch):
    """Answers of TensorFlow 2.21 serve 2.20; those of Keras 3 serve Keras 4 with a word."""
    ours = dict(module.versions())
    path = kit / RECORD
    monkeypatch.setattr(module, "versions", lambda: {**ours, "tensorflow": "2.999.0", "numpy": ours["numpy"] + ".1"})
    with Recorded(load(kit), path, light) as references:
        assert references.notices == ()
    monkeypatch.setattr(module, "versions", lambda: {**ours, "keras": "99.1"})
    with Recorded(load(kit), path, light) as references:
        assert [notice.partition(",")[0] for notice in references.notices] == [f"arith was recorded with keras {ours['keras']}"]


DAMAGES = {
    "cut off": lambda data: data[:-9],
    "a changed byte": lambda data: data[:-40] + bytes([data[-40] ^ 1]) + data[-39:],
    "something else": lambda data: b"PK\x03\x04" + data,
    "empty": lambda data: b"",
    "another version": lambda data: data.replace(b"record 1", b"record 9", 1),
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_record_is_refused_in_a_sentence(kit, data, damage):
    """What cannot be read is not believed, and where to get it again is said."""
    (kit / RECORD).write_bytes(damage(data))
    with pytest.raises(RecordError, match=r"(is damaged|is not a record).*dlkit update"):
        graded(kit, REFERENCE)


def test_the_record_of_another_assignment_is_refused(kit, light):
    """Records are not interchanged."""
    other = kit.rename(kit.with_name("other"))
    with pytest.raises(RecordError, match="is the record of arith, not of other"):
        Recorded(load(other), other / RECORD, light)


def test_a_reference_that_fails_is_not_recorded(copy_of_small, light):
    """A course whose reference does not answer has nothing to give to students."""
    solutions = copy_of_small.parent.parent / "solutions" / "arith"
    text = (solutions / "arith.py").read_text()
    (solutions / "arith.py").write_text(text.replace("return x * float", "return 1 / 0 * float"))
    assignment = load(copy_of_small)
    cases = questions(assignment, assignment.checks, PUBLIC_SEED)
    with (
        References(assignment, solutions, None, light) as references,
        pytest.raises(module.SpecError, match="the reference of arith does not answer 'scale'"),
    ):
        record(references, cases, PUBLIC_SEED)


def test_a_record_of_other_solutions_is_stale(copy_of_small, data):
    """A changed reference, misconception or spec asks for a new record."""
    solutions = solutions_folder(copy_of_small, "arith")
    assert stale(load(copy_of_small), solutions)
    (copy_of_small / RECORD).write_bytes(data)
    assert not stale(load(copy_of_small), solutions)
    (solutions / "misconceptions.py").write_text((solutions / "misconceptions.py").read_text() + "\n# more\n")
    assert stale(load(copy_of_small), solutions)


X = np.linspace(-1, 1, 7)


@pytest.mark.parametrize(
    "other",
    [np.nextafter(X, 2), X * (1 + 3e-16), np.where(X == 0, -0.0, X)],
    ids=["last bits", "a factor", "another zero"],
)
def test_inputs_of_another_processor_are_the_same(other):
    """The last bits of what was computed do not count."""
    wanted = fingerprint(Case({"x": X, "more": {"n": 3}}))
    assert fingerprint(Case({"x": other, "more": {"n": 3}})) == wanted


@pytest.mark.parametrize(
    "other",
    [
        Case({"x": X + 1e-3}),
        Case({"x": X[:-1]}),
        Case({"x": X.reshape(7, 1)}),
        Case({"y": X}),
        Case({"x": X}, raises="ValueError"),
        Case({"x": X}, kept={"labels": np.ones(2)}),
        Case({"x": np.where(X == 0, np.nan, X)}),
    ],
    ids=["values", "length", "shape", "name", "asks for an error", "labels", "nan"],
)
def test_other_inputs_are_told_apart(other):
    """What a submission could see, or what scores it, counts."""
    assert fingerprint(other) != fingerprint(Case({"x": X}))


def test_a_failure_has_no_words():
    """What is written of an exception is two digests."""
    answer = Answer(
        Ending.RAISED, error="ValueError: secret 12", place="line 3: return secret", inside="secret", printed="secret"
    )
    sealed = module._sealed(answer)
    assert b"secret" not in sealed
    assert module._opened(sealed).failure == answer.failure
    assert replace(answer, error="ValueError: secret 13").failure[0] == answer.failure[0]


LARGE = np.random.default_rng(0).normal(size=(60, 70))


@pytest.mark.parametrize(
    "mine, found",
    [
        (LARGE, True),
        (LARGE * (1 + 1e-9), True),
        (LARGE + 0.1, False),
        (LARGE.T, False),
        (LARGE.astype(int), False),
        (np.where(LARGE.max() == LARGE, 9.0, LARGE), False),
    ],
    ids=["the same", "another processor's", "other numbers", "transposed", "whole numbers", "one that is larger"],
)
def test_a_large_wrong_answer_is_recognised_by_a_sample(mine, found):
    """Of a misconception's large array some entries and the largest are kept; they tell it from another."""
    sealed = module._sealed(Answer(Ending.RETURNED, {"answer": LARGE}), sampled=True)
    assert len(sealed) < LARGE.nbytes / 4
    kept = module._opened(sealed).observation["answer"]
    assert isinstance(kept, Sample)
    assert (distance(mine, kept, 1e-6) is not None) == found


def test_the_reference_is_recorded_whole():
    """What answers are judged by is never a sample."""
    opened = module._opened(module._sealed(Answer(Ending.RETURNED, {"answer": LARGE})))
    assert np.array_equal(opened.observation["answer"], LARGE)


@pytest.mark.slow
@pytest.mark.parametrize("which", ["assignments/hw2", "examples/hw2/ada"])
def test_the_packaged_record_of_hw2_judges_as_its_solutions_do(which, courses):
    """The template and a wrong submission: points, outcomes and the names of mistakes."""
    course = courses("hw2")
    text = (ROOT / which / course.file).read_text(encoding="utf-8")
    with Recorded(course.assignment, course.folder / RECORD, course.workers) as references:
        graded = grade(course.assignment, Submission("somebody", {course.file: text}), references, course.workers)
    assert [shape(check) for check in graded.checks] == [shape(check) for check in course.grade(text).checks]
    assert graded.max_score == 100


def shape(check):
    """A result without its numbers, which another processor may round otherwise."""
    return check.name, check.outcome, check.score, check.misconception, check.explanation
