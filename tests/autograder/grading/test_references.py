"""References: observed once, kept under everything they depend on, and our fault where they fail."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from autograder.assignment import SpecError, load, solutions_folder
from autograder.grading import digests
from autograder.grading import references as module
from autograder.grading.bench import HANDLER, LAID_OUT_MOST, Bench
from autograder.grading.grade import grade
from autograder.grading.references import References
from autograder.outcome import Outcome
from autograder.sandbox.workers import source as source_of_workers
from autograder.submission import Submission


def graded(folder: Path, cache: Path | None, source: str | None = None, **options):
    """Grade the reference, or a source, in a private course; also how many files the references laid out."""
    assignment = load(folder)
    with (
        source_of_workers(HANDLER) as workers,
        References(assignment, solutions_folder(folder, assignment.name), cache, workers) as references,
    ):
        loads = []
        lay_out = references._bench.lay_out
        references._bench.lay_out = lambda *asked: loads.append(1) or lay_out(*asked)  # type: ignore[method-assign]
        text = source or references.files["arith.py"]
        return grade(assignment, Submission("", {"arith.py": text}), references, workers, **options), len(loads)


def test_kept_observations_need_no_second_worker(copy_of_small, tmp_path):
    """The first grading observes the reference; the second does not load it at all."""
    assert graded(copy_of_small, tmp_path / "kept")[1] == 1
    grade, loads = graded(copy_of_small, tmp_path / "kept")
    assert (grade.score, loads) == (20, 0)


CHANGES = {
    "the reference": lambda folder: _append(folder.parent.parent / "solutions/arith/arith.py"),
    "what is asked": lambda folder: _exchange(folder / "checks.py", 'Outputs("total", ', 'Outputs("total", returns=("sum",), '),
    "how long it may take": lambda folder: _exchange(folder / "checks.py", 'Outputs("total", ', 'Outputs("total", timeout=9, '),
}
LEFT = {
    "points": lambda folder: _exchange(folder / "checks.py", 'points=6, hint="Add', 'points=6.0, hint="Add'),
    "a hint": lambda folder: _exchange(folder / "checks.py", "Add every entry up.", "Add all of them up."),
    "a tolerance": lambda folder: _exchange(folder / "checks.py", 'Outputs("total", ', 'Outputs("total", rtol=0.1, '),
    "a comment": lambda folder: _append(folder / "checks.py"),
}


def _append(path: Path) -> None:
    path.write_text(path.read_text() + "\n# another word\n")


def _exchange(path: Path, old: str, new: str) -> None:
    assert path.read_text().count(old) == 1
    path.write_text(path.read_text().replace(old, new))


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_change_of_what_they_depend_on_makes_them_void(copy_of_small, tmp_path, change):
    """A changed reference, and a check that asks something else, is observed anew."""
    graded(copy_of_small, tmp_path / "kept")
    change(copy_of_small)
    assert graded(copy_of_small, tmp_path / "kept", only=["total"])[1] == 1


@pytest.mark.parametrize("change", LEFT.values(), ids=LEFT)
def test_a_change_of_how_answers_are_judged_leaves_them(copy_of_small, tmp_path, change):
    """Nobody is asked again for other points, words or tolerances: a regrade takes a moment."""
    graded(copy_of_small, tmp_path / "kept")
    change(copy_of_small)
    assert graded(copy_of_small, tmp_path / "kept")[1] == 0


def test_another_seed_or_version_makes_them_void(copy_of_small, tmp_path, monkeypatch):
    """Other inputs and other libraries have observations of their own."""
    graded(copy_of_small, tmp_path / "kept")
    assert graded(copy_of_small, tmp_path / "kept", seed=9)[1] == 1
    monkeypatch.setattr(module, "versions", lambda: {"numpy": "0.1"})
    assert graded(copy_of_small, tmp_path / "kept")[1] == 1


def test_one_worker_observes_the_reference_and_its_misconceptions(copy_of_small):
    """Files of our own are laid out one after the other in one worker, and a fresh one from time to time."""
    assignment = load(copy_of_small)
    check = assignment.check("total")
    with source_of_workers(HANDLER) as workers, Bench(assignment, workers) as bench:
        reference = solutions_folder(copy_of_small, assignment.name) / "arith.py"
        right, wrong = reference.read_text(), "def total(x):\n    return -1.0\n"
        seen = []
        for number in range(LAID_OUT_MOST + 1):
            bench.lay_out({"arith.py": wrong if number % 2 else right}, [check])
            name, asked = next(iter(check.inputs(np.random.default_rng(2)).items()))
            seen.append((bench._worker, float(next(iter(bench.ask(check, name, asked).observation.values())))))
    workers_seen = [worker for worker, _ in seen]
    assert [answer == -1.0 for _, answer in seen] == [bool(number % 2) for number in range(LAID_OUT_MOST + 1)]
    assert len(set(map(id, workers_seen))) == 2


@pytest.mark.parametrize("watched", [True, False], ids=["a submission", "a file of ours"])
def test_only_the_calls_of_submissions_are_watched(copy_of_small, watched):
    """What a rule asks is looked for in a submission; the reference and the misconceptions are spared the cost."""
    assignment = load(copy_of_small)
    check = assignment.check("scale")
    name, asked = next(iter(check.inputs(np.random.default_rng(2)).items()))
    source = "import numpy as np\n\n\ndef scale(x, factor):\n    return np.multiply(x, factor)\n"
    with source_of_workers(HANDLER) as workers, Bench(assignment, workers, watched=watched) as bench:
        opened = bench.load({"arith.py": source}, [check])
        answer = bench.ask(check, name, asked)
    assert ("scale" in opened.broken, answer.calls is not None) == (watched, watched)


def test_the_reference_is_not_watched(copy_of_small, tmp_path):
    """The expected answers come from a worker that watches nothing."""
    assignment = load(copy_of_small)
    with (
        source_of_workers(HANDLER) as workers,
        References(assignment, solutions_folder(copy_of_small, assignment.name), None, workers) as references,
    ):
        check = assignment.check("scale")
        answers = references.expected(check, check.inputs(np.random.default_rng(2)))
    assert {answer.calls for answer in answers.values()} == {None}


def test_a_damaged_file_is_observed_anew(copy_of_small, tmp_path):
    """Kept observations that cannot be read are replaced, not believed."""
    graded(copy_of_small, tmp_path / "kept")
    for path in (tmp_path / "kept").rglob("*.observations"):
        path.write_bytes(path.read_bytes()[:-7])
    grade, loads = graded(copy_of_small, tmp_path / "kept")
    assert (grade.score, loads) == (20, 1)


def test_a_misconception_is_observed_only_as_far_as_it_explains(copy_of_small, tmp_path):
    """One that differs from the submission in the first case is not asked for the others, and what is known is kept."""
    source = (copy_of_small.parent.parent / "solutions/arith/arith.py").read_text()
    wrong = source.replace("float(np.sum(x))", "float(np.mean(x)) if len(x) else 0.0")
    grade, loads = graded(copy_of_small, tmp_path / "kept", wrong, only=["total"])
    assert grade.checks[0].misconception == "total-is-mean"
    assert loads == 3  # the reference, the mean, the largest entry
    sizes = sorted(path.stat().st_size for path in (tmp_path / "kept").rglob("*.observations"))
    grade, loads = graded(copy_of_small, tmp_path / "kept", wrong, only=["total"])
    assert (grade.checks[0].misconception, loads) == ("total-is-mean", 0)
    assert sizes == sorted(path.stat().st_size for path in (tmp_path / "kept").rglob("*.observations"))
    assert sizes[0] < 0.6 * sizes[-1]


def test_a_folder_that_cannot_be_written_costs_time_only(copy_of_small, tmp_path):
    """Where nothing can be kept, grading works all the same."""
    (tmp_path / "kept").write_text("a file where a folder should be")
    assert graded(copy_of_small, tmp_path / "kept")[0].score == 20


def test_a_reference_that_raises_is_a_grader_error(copy_of_small):
    """What the reference cannot answer costs nobody a point, and the other checks keep theirs."""
    reference = copy_of_small.parent.parent / "solutions/arith/arith.py"
    good = reference.read_text()
    reference.write_text(good.replace("return x * float", "return 1 / 0 * float"))
    grade, _ = graded(copy_of_small, None, good)
    results = {check.name: check for check in grade.checks}
    assert (results["scale"].outcome, results["scale"].score) == (Outcome.GRADER_ERROR, None)
    assert "the reference itself did not answer: raised: ZeroDivisionError" in results["scale"].message
    assert (grade.score, grade.max_score) == (14, 14)


def test_a_reference_with_a_syntax_error_is_a_grader_error(copy_of_small):
    """A reference that is no Python judges nobody."""
    reference = copy_of_small.parent.parent / "solutions/arith/arith.py"
    good = reference.read_text()
    reference.write_text("def broken(:\n")
    grade, _ = graded(copy_of_small, None, good)
    assert {check.outcome for check in grade.checks} == {Outcome.GRADER_ERROR}
    assert (grade.score, grade.max_score) == (0, 0)


def test_a_missing_reference_is_said_before_anything_runs(copy_of_small):
    """Without solutions there is nothing to compare with: the author hears so."""
    (copy_of_small.parent.parent / "solutions/arith/arith.py").unlink()
    assignment = load(copy_of_small)
    with (
        source_of_workers(HANDLER) as workers,
        References(assignment, solutions_folder(copy_of_small, "arith"), None, workers) as references,
        pytest.raises(SpecError, match=r"no reference for arith: .* does not exist"),
    ):
        grade(assignment, Submission("", {"arith.py": ""}), references, workers)


def test_misconceptions_that_cannot_be_read_do_not_stop_grading(copy_of_small):
    """A broken list of misconceptions costs the explanation, not the grade."""
    (copy_of_small.parent.parent / "solutions/arith/misconceptions.py").write_text("misconceptions = [1 / 0]")
    source = (copy_of_small.parent.parent / "solutions/arith/arith.py").read_text().replace("np.sum", "np.max")
    grade, _ = graded(copy_of_small, None, source)
    assert grade.checks[0].outcome is Outcome.FAILED
    assert grade.checks[0].misconception is None


def test_a_checks_digest_is_made_once(small, monkeypatch):
    """Each variant of a reference asks for it again; another check, even an equal one, has a digest of its own."""
    made = []
    whole = digests._digest_of_observing
    monkeypatch.setattr(digests, "_digest_of_observing", lambda check: made.append(check) or whole(check))
    one = replace(small.assignment.check("total"))
    equal, other = replace(one), replace(one, label="another")
    first, second, third = (digests.digest_of_observing(check) for check in (one, equal, other))
    assert first == second == digests.digest_of_observing(one) and first != third
    assert [id(check) for check in made] == [id(one), id(equal), id(other)]
