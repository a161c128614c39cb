"""The rules, one function each: what has to hold before a spec may grade anyone.

Each takes the assignment under lint and says what it looked at and what is to be mended.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from autograder.assignment import SpecError
from autograder.assignment.misconception import Misconception
from autograder.authoring.derive import handout, stub
from autograder.authoring.lint.answers import answers
from autograder.authoring.lint.finding import Finding, Level, Report
from autograder.authoring.lint.giveaways import giveaways
from autograder.authoring.lint.moving import moving
from autograder.authoring.lint.mutants import mutation
from autograder.authoring.lint.predicted import predicted
from autograder.authoring.lint.reaching import milestone
from autograder.authoring.lint.rewritings import respelt
from autograder.authoring.lint.subject import Asked, Subject, is_slow, unknown_in
from autograder.authoring.lint.trying import LintError, caught_with
from autograder.authoring.stubs import derived_in
from autograder.checks.base import ARGUMENT, EFFECT, Case, Check
from autograder.checks.outputs import Outputs
from autograder.checks.training import Training
from autograder.grading.bench import HANDLER, Bench, UnreadyError
from autograder.grading.grade import PUBLIC_SEED
from autograder.grading.judging import judge
from autograder.observation import Observation, Odd, Texts, Value
from autograder.observation.answer import Answer, Ending
from autograder.outcome import CheckResult, Outcome
from autograder.sandbox.spawned import Spawned

SEEDS, QUICK_SEEDS = (PUBLIC_SEED, *(seed for seed in range(20) if seed != PUBLIC_SEED)), (PUBLIC_SEED, 0)
MISTAKE_SEEDS = SEEDS[:12]  # with which a known mistake has to be caught
TOLD_APART = 0.95  # of the misconceptions, at least, are named as what they are
HALF, QUARTER = 0.5, 0.25  # of a time limit
THREADS = 2
NUMBERS = {"zeros": 0.0, "ones": 1.0, "0.5 everywhere": 0.5, "nan": np.nan}
Rule = Callable[[Subject], Report]


def handouts(subject: Subject) -> Report:
    """The stub is the reference without its bodies, and the handout's table is the spec's."""
    findings = []
    for file in subject.assignment.files:
        wanted = {file: stub(subject.references.files[file], file, subject.references.misconceptions.values())}
        findings += [_out_of_date(subject, file) for file, text in wanted.items() if _text(subject, file) != text]
    readme = _text(subject, "README.md")
    if readme is None:
        findings.append(Finding(Level.ERROR, "README.md", "there is no handout; `dlkit new` makes a template"))
    elif handout(readme, subject.whole, "README.md") != readme:
        findings.append(_out_of_date(subject, "README.md"))
    findings += _derivations(subject)
    points = f"{subject.whole.points:g} points{f' and {bonus:g} bonus points' if (bonus := subject.whole.bonus) else ''}"
    return Report("handout", f"stub and handout agree with the reference and the spec; {points}", tuple(findings))


def _derivations(subject: Subject) -> Iterator[Finding]:
    """The formulas that students derive without hints, and the hints for what nobody derives."""
    derived = derived_in(subject.references.files[subject.assignment.files[0]])
    told = subject.whole.levels.keys()
    for function in sorted(derived - told):
        yield Finding(
            Level.ERROR, function, "the stub leaves out its derivation, but there are no hints for it: give it `levels`"
        )
    for function in sorted(told - derived):
        text = 'it has `levels`, but nothing is left to derive: put the formula below "Derivation:" in the reference\'s docstring'
        yield Finding(Level.ERROR, function, text)


def reference(subject: Subject) -> Report:
    """The reference earns every point, whatever the seed; slow checks are asked for once."""
    seeds = QUICK_SEEDS if subject.quick else SEEDS
    fast = [check for check in subject.assignment.checks if not is_slow(check)]

    def lost(seed: int) -> list[Finding]:
        checks = fast if seed != PUBLIC_SEED or subject.quick else subject.assignment.checks
        return [
            Finding(Level.ERROR, result.name, f"the reference loses points with seed {seed}: {result.message}. {advice}")
            for result in subject.grade(subject.references.files, checks, seed).checks
            if result.outcome is not Outcome.PASSED
        ]

    advice = "Draw cases for which it is right, or fix it"
    findings = [finding for found in subject.each(lost, seeds) for finding in found]
    return Report("reference", f"the reference earns every point for {len(seeds)} seeds", tuple(findings))


def template(subject: Subject) -> Report:
    """The untouched stub earns nothing and crashes nothing; a program to repair earns nothing where it runs, too."""
    mistakes = subject.references.misconceptions.values()
    files = {name: stub(text, name, mistakes) for name, text in subject.references.files.items()}
    findings = [
        Finding(Level.ERROR, result.name, f"the stub is {result.outcome.words}; expected: not started. {result.message}")
        for result in subject.grade(files, subject.assignment.checks).checks
        if result.outcome is not Outcome.NOT_STARTED
    ]
    findings += _paid_for_broken(subject, files)
    return Report("template", "the untouched stub is `not started` in every check", tuple(findings))


def _paid_for_broken(subject: Subject, files: Mapping[str, str]) -> list[Finding]:
    """The programs to repair that earn points as they are: a student who changes a name in one would get them.

    Raises:
        LintError: a worker could not be set up.
    """
    checks = [check for check in subject.assignment.checks if check.function in subject.references.given]
    if not checks:
        return []
    with Bench(subject.assignment, subject.workers) as bench:
        try:
            bench.load(files, checks)
        except UnreadyError as error:
            raise LintError(str(error)) from None
        results = [_run(subject, bench, check) for check in checks]
    text = "the program as it is handed out earns {:g} points (case {}): mark the case `trivial=True`, or ask for more"
    return [
        Finding(
            Level.ERROR,
            result.name,
            text.format(result.score, ", ".join(repr(case.name) for case in result.cases if case.outcome is Outcome.PASSED)),
        )
        for result in results
        if result.score
    ]


def _run(subject: Subject, bench: Bench, check: Check) -> CheckResult:
    asked = subject.asked(check)
    return judge(check, asked.cases, dict(bench.each(check, asked.cases)), asked.expected)


def constants(subject: Subject) -> Report:
    """The same number everywhere, or the input itself, earns no point."""
    findings = []
    checks = [check for check in subject.assignment.checks if not (subject.quick and is_slow(check))]
    for done, check in enumerate(checks, 1):
        asked = subject.asked(check)
        answers = {words: _filled(asked, number) for words, number in NUMBERS.items()}
        if isinstance(check, Outputs):  # of the others, the observation is not the function's own answer
            answers["the input itself"] = _echoed(asked)
        for words, given in answers.items():
            result = _verdict(asked, given)
            if result.score:
                right = ", ".join(repr(case.name) for case in result.cases if case.outcome is Outcome.PASSED)
                text = f"{words} as an answer earns {result.score:g} points (case {right}): "
                findings.append(Finding(Level.ERROR, check.name, text + "mark the case `trivial=True`, or draw another case"))
        subject.on_progress(done, len(checks))
    return Report("constants", f"{', '.join(NUMBERS)} and the input itself earn nothing", tuple(findings))


def values(subject: Subject) -> Report:
    """Whatever the reference answers is compared by value, and what scores a model is out of its reach."""
    findings = []
    checks = [check for check in subject.assignment.checks if not (subject.quick and is_slow(check))]
    for done, check in enumerate(checks, 1):
        asked = subject.asked(check)
        told = {name: answer.observation for name, answer in asked.expected.items() if answer.ending is Ending.RETURNED}
        if sentence := unknown_in(told):
            findings.append(Finding(Level.ERROR, check.name, sentence))
        elif told and not any(_has_value(asked.cases[name], seen) for name, seen in told.items()):
            text = "this check compares no value of the answer, only claims about what happened. Compare a value, too"
            findings.append(Finding(Level.ERROR, check.name, text))
        beside = [name for name, case in asked.cases.items() if "y_test" not in case.kept]
        if isinstance(check, Training) and beside:
            text = f"case {beside[0]!r}: a model can read the labels of the inputs that score it: add X_test and y_test"
            findings.append(Finding(Level.WARNING, check.name, text))
        subject.on_progress(done, len(checks))
    return Report("values", f"{len(checks)} checks compare values", tuple(findings))


def _has_value(case: Case, seen: Observation) -> bool:
    """Whether a case asks for a value that a claim cannot stand for: of the answer, or of an argument that may change."""
    if case.raises:
        return False
    if any(name.startswith(ARGUMENT) and name.removeprefix(ARGUMENT) in case.writable for name in seen):
        return True
    return any(not name.startswith(EFFECT) and value != Odd("None") for name, value in _plain(seen))


def _plain(seen: Observation) -> Iterator[tuple[str, object]]:
    """The entries of an observation, of each array that it is one: arrays have no single `!=`."""
    return ((name, "an array" if isinstance(value, np.ndarray) else value) for name, value in seen.items())


def misconceptions(subject: Subject) -> Report:
    """Each known wrong answer loses points, with every seed, and is named as what it is; a harmless one keeps them."""
    known = list(subject.references.misconceptions.values())
    if not known:
        text = "there are no misconceptions, so students get only the author's hint. List common mistakes in misconceptions.py"
        return Report("misconceptions", "", (Finding(Level.WARNING, subject.assignment.name, text),))
    seeds = (PUBLIC_SEED,) if subject.quick else MISTAKE_SEEDS
    judged = subject.each(lambda mistake: _judged(subject, mistake, seeds), known)
    findings = [finding for found, _ in judged for finding in found]
    named = [name for mistake, (_, name) in zip(known, judged, strict=True) if not mistake.harmless and name == mistake.id]
    harmful = [mistake for mistake in known if not mistake.harmless]
    level = Level.ERROR if len(named) < TOLD_APART * len(harmful) else Level.WARNING
    for mistake, (_, name) in zip(known, judged, strict=True):
        if not mistake.harmless and name != mistake.id:
            taken = f"recognised as {name!r}" if name else "not recognised"
            text = f"it is {taken}: add a case for which they differ, or merge the two"
            findings.append(Finding(level, f"misconception {mistake.id}", text))
    summary = f"{len(harmful)} misconceptions lose points with each of {len(seeds)} seeds, {len(named)} are recognised"
    return Report("misconceptions", summary, tuple(findings))


def precision(subject: Subject) -> Report:
    """A right answer stays right in the other precision, where a check does not ask for more digits than float32 has."""
    findings = []
    checks = [check for check in subject.assignment.checks if not is_slow(check) and check.rtol >= Check.rtol]
    with Bench(subject.assignment, subject.workers) as bench:
        bench.load(subject.references.files, checks)
        for done, check in enumerate(checks, 1):
            asked = subject.asked(check)
            for name, case in asked.cases.items():
                words, cast = _in_other_precision(case)
                if cast is None or asked.expected[name].ending is not Ending.RETURNED:
                    continue
                answer = bench.ask(check, name, cast)
                if answer.ending is not Ending.RETURNED:
                    continue  # it refuses mixed precision aloud, as TensorFlow does: nothing is graded wrong
                sentence = _difference(check, cast, answer, asked.expected[name])
                if sentence:
                    text = f"case {name!r}: with the same numbers in {words}, the reference itself is wrong: {sentence}. "
                    advice = "Draw numbers away from an edge, or allow a larger `rtol`"
                    findings.append(Finding(Level.WARNING, check.name, text + advice))
            subject.on_progress(done, len(checks))
    same = len(checks) - len({finding.where for finding in findings})
    return Report("precision", f"float32 and float64 get the same grade in {same} of {len(checks)} checks", tuple(findings))


def threads(subject: Subject) -> Report:
    """Two threads get the grade that one gets.

    Raises:
        LintError: a worker could not be set up.
    """
    findings = []
    checks = [check for check in subject.assignment.checks if not is_slow(check)]
    with Spawned(HANDLER, threads=THREADS) as fresh, Bench(subject.assignment, fresh) as bench:
        try:
            bench.load(subject.references.files, checks)
        except UnreadyError as error:
            raise LintError(str(error)) from None
        for done, check in enumerate(checks, 1):
            asked = subject.asked(check)
            answers = {name: bench.ask(check, name, case) for name, case in asked.cases.items()}
            result = judge(check, asked.cases, answers, asked.expected)
            if result.outcome is not Outcome.PASSED:
                text = f"with {THREADS} threads, the reference loses points: {result.message}. Allow a larger `rtol`, or seed it"
                findings.append(Finding(Level.ERROR, check.name, text))
            subject.on_progress(done, len(checks))
    return Report("threads", f"{THREADS} threads get the same grade as one in {len(checks)} checks", tuple(findings))


def runtime(subject: Subject) -> Report:
    """The reference is far from its time limits: a student's machine may be slow, and so may their code."""
    findings = []
    slowest = 0.0
    for check in subject.assignment.checks:
        if subject.quick and is_slow(check):
            continue
        limit = check.timeout or subject.assignment.timeout
        for name, answer in subject.asked(check).expected.items():
            share = answer.seconds / limit
            slowest = max(slowest, share)
            if share > QUARTER:
                level = Level.ERROR if share > HALF else Level.WARNING
                text = f"the reference needs {answer.seconds:.1f} of {limit:g} s for case {name!r}: "
                findings.append(Finding(level, check.name, text + "make it smaller, or give it a `timeout`"))
    return Report("runtime", f"the slowest case takes {100 * slowest:.0f} % of its time limit", tuple(findings))


RULES: Mapping[str, Rule] = {
    "handout": handouts,
    "giveaways": giveaways,
    "predictions": predicted,
    "milestone": milestone,
    "reference": reference,
    "template": template,
    "constants": constants,
    "values": values,
    "moving": moving,
    "answers": answers,
    "misconceptions": misconceptions,
    "mutants": mutation,
    "rewritings": respelt,
    "precision": precision,
    "threads": threads,
    "runtime": runtime,
}
SLOW_RULES = ("threads",)  # left out of a quick look: it starts TensorFlow anew


def _out_of_date(subject: Subject, file: str) -> Finding:
    return Finding(Level.ERROR, file, f"is out of date: run `dlkit derive {subject.folder}`")


def _text(subject: Subject, file: str) -> str | None:
    path = subject.folder / file
    return path.read_text(encoding="utf-8") if path.is_file() else None


def _verdict(asked: Asked, given: Mapping[str, Answer]) -> CheckResult:
    """The verdict on made-up answers, in the cases that ask for an answer and not for an exception."""
    cases = {name: case for name, case in asked.cases.items() if not case.raises and name in given}
    if not cases:
        return CheckResult(
            asked.check.name, asked.check.function, Outcome.FAILED, 0.0, asked.check.points, stretch=asked.check.stretch
        )
    return judge(asked.check, cases, given, asked.expected)


def _filled(asked: Asked, number: float) -> dict[str, Answer]:
    def fill(value: Value) -> Value:
        if isinstance(value, Texts):
            return replace(value, words=("",) * len(value.words))
        if not isinstance(value, np.ndarray):
            return "" if isinstance(value, str) else value
        fits = value.dtype.kind == "f" or number in (0, 1)
        return np.full(value.shape, number if fits else 0).astype(value.dtype)

    return {name: _with_entries(answer, fill) for name, answer in asked.expected.items()}


def _echoed(asked: Asked) -> dict[str, Answer]:
    """The first input of the same shape in place of each array; only the cases that have one."""
    given: dict[str, Answer] = {}
    for name, answer in asked.expected.items():
        arrays = [value for value in asked.cases[name].inputs.values() if isinstance(value, np.ndarray) and value.size]
        same: dict[tuple[int, ...], Any] = {value.shape: value for value in reversed(arrays)}
        entries = [value for value in answer.observation.values() if isinstance(value, np.ndarray)]
        if entries and all(value.shape in same for value in entries):
            given[name] = _with_entries(answer, partial(_like, same))
    return given


def _like(same: Mapping[tuple[int, ...], Any], value: Value) -> Value:
    if not isinstance(value, np.ndarray):
        return value
    like: Value = same[value.shape].astype(value.dtype)
    return like


def _with_entries(answer: Answer, change: Callable[[Value], Value]) -> Answer:
    observation: Observation = answer.observation
    return replace(answer, observation={n: v if n.startswith(EFFECT) else change(v) for n, v in observation.items()})


def _judged(subject: Subject, mistake: Misconception, seeds: Sequence[int]) -> tuple[list[Finding], str]:
    """What is wrong with a misconception, and as what it is recognised with the public seed."""
    where = f"misconception {mistake.id}"
    try:
        files = subject.with_main(mistake.put_into(subject.source))
    except SpecError as error:
        return [Finding(Level.ERROR, where, f"{error}: correct it")], mistake.id
    own = [check for check in subject.functions.get(mistake.function, []) if check.function == mistake.function]
    if not own:
        return [Finding(Level.ERROR, where, f"no check tests `{mistake.function}`: add one, or remove this")], mistake.id
    if subject.quick:
        own = [check for check in own if not is_slow(check)] or own
    fast = [check for check in own if not is_slow(check)]
    found = caught_with(subject, files[subject.main], own, seeds[:1])
    if fast:
        again = caught_with(subject, files[subject.main], fast, seeds[1:])
        found |= {seed: why for seed, why in again.items() if why or len(fast) == len(own)}  # a slow check may catch it yet
    if mistake.harmless:
        text = "a right alternative loses points with seed {}: {}. Allow it"
        return [Finding(Level.ERROR, where, text.format(seed, why)) for seed, why in found.items() if why][:1], ""
    kept = [seed for seed, why in found.items() if not why]
    findings = []
    if kept:
        some = f" (caught with {len(found) - len(kept)} of {len(found)} seeds, so it costs points only by chance)"
        text = f"keeps every point with seed {kept[0]}{some if len(kept) < len(found) else ''}: add a case for which it is wrong "
        findings.append(Finding(Level.ERROR, where, f"{text}with every seed"))
    if mistake.given:  # as it is handed out, it is not started: there is nothing to recognise
        return findings, mistake.id
    results = subject.grade(files, own).checks if found[PUBLIC_SEED] else ()
    names = [result.misconception for result in results if result.misconception]
    return findings, mistake.id if mistake.id in names else str(names[0]) if names else ""


def _in_other_precision(case: Case) -> tuple[str, Case | None]:
    """The case with its floating-point arrays in the other precision, and what that is called; None where it has none."""
    kinds = {value.dtype for value in _arrays(case.inputs) if value.dtype.kind == "f"}
    if len(kinds) != 1 or case.raises:
        return "", None
    other = np.dtype(np.float32 if kinds == {np.dtype(np.float64)} else np.float64)
    return str(other), replace(case, inputs=_cast(case.inputs, other))


def _arrays(tree: Any) -> Iterator[Any]:
    if isinstance(tree, np.ndarray):
        yield tree
    elif isinstance(tree, Mapping | list | tuple):
        for part in tree.values() if isinstance(tree, Mapping) else tree:
            yield from _arrays(part)


def _cast(tree: Any, dtype: np.dtype[Any]) -> Any:
    if isinstance(tree, np.ndarray):
        return tree.astype(dtype) if tree.dtype.kind == "f" else tree
    if isinstance(tree, Mapping):
        return {name: _cast(part, dtype) for name, part in tree.items()}
    return type(tree)(_cast(part, dtype) for part in tree) if isinstance(tree, list | tuple) else tree


def _difference(check: Check, case: Case, actual: Answer, expected: Answer) -> str:
    """How an answer in another precision differs; that its dtype does is no difference."""
    lenient: Any = check
    if getattr(check, "exact_dtype", False):
        lenient = replace(check, exact_dtype=False)  # type: ignore[call-arg]
    observations = [{name: _rounded(value) for name, value in answer.observation.items()} for answer in (actual, expected)]
    try:
        return str(lenient.compare(*observations, {**case.inputs, **case.kept}))
    except Exception:  # a comparison that is made for one precision
        return ""


def _rounded(value: Value) -> Value:
    return value.astype(np.float32) if isinstance(value, np.ndarray) and value.dtype.kind == "f" else value
