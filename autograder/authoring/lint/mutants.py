"""The rule on mutants: a slip in the reference loses points, or is explained."""

from __future__ import annotations

import zlib
from collections import Counter
from functools import partial

import numpy as np

from autograder.authoring.lint.differences import Search, search
from autograder.authoring.lint.finding import Finding, Level, Report
from autograder.authoring.lint.subject import Subject
from autograder.authoring.lint.survivors import SURVIVORS, Explained, SurvivorsError, explained_in
from autograder.authoring.lint.trying import caught
from autograder.authoring.mutation import DROPPED, Mutant, mutants

SURVIVE = 0.02  # of the mutants may, unexplained: as many as an author may yet have to look at
SAMPLE = 40  # mutants of an assignment, for a quick look
TRIES, SECONDS, QUICK_SECONDS = 200, 20.0, 3.0  # for finding a case that would catch a survivor
SEEDS = (0, 1, 3)  # other than the public one


def mutation(subject: Subject) -> Report:
    """Slips in the reference's functions lose points; survivors come with the case that would catch them.

    Raises:
        LintError: a worker could not be set up.
        SpecError: the reference does not answer.
    """
    try:
        explained = explained_in(subject.references.folder)
    except SurvivorsError as error:
        return Report("mutants", "", (Finding(Level.ERROR, SURVIVORS, str(error)),))
    every = [mutant for name in subject.functions if name not in explained.left_out for mutant in mutants(subject.source, name)]
    findings = [*_stale(subject, explained, every), *_unasked(subject, explained)]
    asked = [mutant for mutant in every if subject.functions[mutant.function]]
    every = [mutant for mutant in asked if mutant.key not in explained.equivalent]
    chosen = _sample(every, subject.assignment.name) if subject.quick else every
    tried = chosen if subject.quick else asked  # with those that are called equivalent, to see that they are
    why = subject.each(lambda one: caught(subject, one.source, subject.functions[one.function]), _prepared(subject, tried))
    kept = [mutant for mutant, sentence in zip(tried, why, strict=True) if not sentence]
    survivors = [mutant for mutant in kept if mutant.key not in explained.equivalent]
    unexplained = [mutant for mutant in survivors if mutant.key not in explained.survivors]
    level = Level.ERROR if len(survivors) > SURVIVE * len(chosen) else Level.WARNING
    shown = dict(zip((mutant.key for mutant in unexplained), subject.each(partial(_shown, subject), unexplained), strict=True))
    findings += [Finding(level, mutant.function, _sentence(mutant, shown[mutant.key])) for mutant in unexplained]
    if not subject.quick:
        findings += _caught_after_all(explained, kept)
    share = 100 * len(survivors) / len(chosen) if chosen else 0.0
    summary = (
        f"{len(chosen)}{f' of {len(every)}' if len(chosen) < len(every) else ''} mutants of "
        f"{len({mutant.function for mutant in every})} functions, {len(survivors)} survive ({share:.1f} %); "
        f"{len(explained.equivalent)} more are explained as equivalent"
        + (f"; left out: {', '.join(explained.left_out)}" if explained.left_out else "")
    )
    details = {
        "mutants": len(chosen),
        "survivors": [
            {
                "function": mutant.function,
                "line": mutant.line,
                "was": mutant.was,
                "becomes": mutant.becomes,
                "reason": explained.survivors.get(mutant.key, ""),
                "caught by": shown[mutant.key].found if mutant.key in shown else "",
            }
            for mutant in survivors
        ],
        "equivalent": len(explained.equivalent),
        "kinds": dict(Counter(mutant.kind for mutant in chosen)),
        "left out": dict(explained.left_out),
    }
    return Report("mutants", summary, tuple(findings), details)


def _prepared(subject: Subject, chosen: list[Mutant]) -> list[Mutant]:
    """The same mutants, once the reference has answered what they will be asked."""
    for name in dict.fromkeys(mutant.function for mutant in chosen):
        for check in subject.functions[name]:
            subject.asked(check)
    return chosen


def _shown(subject: Subject, mutant: Mutant) -> Search:
    return search(subject, mutant, SEEDS, TRIES, QUICK_SECONDS if subject.quick else SECONDS)


def _sentence(mutant: Mutant, looked: Search) -> str:
    """What to say about a survivor: the case that would catch it, or that none was found."""
    if looked.found:
        return f"{mutant.description} keeps every point. A case that would catch it: {looked.found}"
    advice = f"No difference found in {looked.tries} tries. If it is the same function, explain why in {SURVIVORS}"
    return f"{mutant.description} keeps every point. {advice}"


def _unasked(subject: Subject, explained: Explained) -> list[Finding]:
    text = "no check tests it, so nobody would notice a mistake in it: add one, or remove the function"
    names = [name for name, checks in subject.functions.items() if not checks and name not in explained.left_out]
    return [Finding(Level.WARNING, name, text) for name in names]


def _caught_after_all(explained: Explained, kept: list[Mutant]) -> list[Finding]:
    """Mutants that the author explains and that lose points: no survivors, and not equivalent."""
    gone = explained.reasons.keys() - {mutant.key for mutant in kept}
    return [
        Finding(
            Level.WARNING, f"{SURVIVORS}, {function}", f"`{was}` -> `{becomes or DROPPED}` loses points: remove its explanation"
        )
        for function, was, becomes in sorted(gone)
    ]


def _stale(subject: Subject, explained: Explained, every: list[Mutant]) -> list[Finding]:
    """Explanations of what is not there any more."""
    keys = {mutant.key for mutant in every}
    gone = [
        Finding(
            Level.ERROR,
            f"{SURVIVORS}, {function}",
            f"explains `{was}` -> `{becomes or DROPPED}`, which is not a mutant of the reference: correct or remove it",
        )
        for function, was, becomes in explained.reasons
        if (function, was, becomes) not in keys
    ]
    text = "is in [left_out], but the reference has no such function: remove it"
    return gone + [
        Finding(Level.ERROR, f"{SURVIVORS}, {name}", text) for name in explained.left_out if name not in subject.functions
    ]


def _sample(every: list[Mutant], name: str) -> list[Mutant]:
    """Some mutants, the same ones in every run."""
    rng = np.random.default_rng(zlib.crc32(name.encode()))
    places = rng.permutation(len(every))[:SAMPLE]
    return [every[place] for place in sorted(places)]
