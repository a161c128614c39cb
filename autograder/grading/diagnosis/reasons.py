"""Which reasons together explain a submission's answers to a check."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from autograder.checks.base import Case, Check
from autograder.grading.diagnosis.evidence import Difference, Evidence
from autograder.grading.diagnosis.signs import CLEAR, EXACT, LOOSE, Sign
from autograder.grading.diagnosis.sketch import Sketched
from autograder.grading.diagnosis.variant import Reason, Variant
from autograder.observation import Array
from autograder.observation.answer import Answer
from autograder.observation.closeness import as_asked

MOST = 2  # reasons that are told of one check: more than a student reads at once
LOOKED_AT = 3  # differences for which misconceptions are asked
TIES = 2  # reasons that explain the same, of which a student reads both

MADE = ("otherwise", "changed", "together")  # the ways whose variants are made by machine

MOST_WORDS = 60  # that a student reads before the details
OR = " Or: "  # between the sentences of two reasons that explain the same
BOTH = " And: "  # between the sentences of two misconceptions at once

Step = Callable[[frozenset[Difference]], list[Reason]]
Variants = Callable[[], Iterable[Variant | Sketched]]


@dataclass(frozen=True)
class Ways:
    """The variants that may explain an answer, each kind made when it is needed.

    Attributes:
        known: the misconceptions.
        otherwise: the reference, asked otherwise.
        changed: the reference with changes by kind.
        together: two misconceptions at once.
    """

    known: Variants
    otherwise: Variants = tuple
    changed: Variants = tuple
    together: Variants = tuple


def find_reasons(
    check: Check,
    cases: Mapping[str, Case],
    answers: Mapping[str, Answer],
    expected: Mapping[str, Answer],
    said: Mapping[str, str],
    ways: Ways,
) -> list[Reason]:
    """The reasons for what is wrong, the one that explains most first; none where nothing is known.

    Args:
        check: what was asked.
        cases: its cases by name.
        answers: what the submission answered to each.
        expected: what the reference answered to each.
        said: the verdict's sentence on each case that is wrong.
        ways: the variants.
    """
    evidence = Evidence(check, cases, answers, expected, said)
    if not evidence.differences:
        return []
    known = _matches(evidence, ways.known())
    explained = frozenset().union(*(reason.differences for reason in known))
    evidence, form = _in_form(evidence, explained)
    known = [*known, *_matches(evidence, ways.known())] if form else known
    left = frozenset(evidence.differences)
    exact: list[Step] = [
        lambda rest: [reason for reason in known if reason.differences & rest],
        lambda rest: _signs(evidence, EXACT, rest),
        lambda rest: _one_by_one(evidence, ways.otherwise(), rest),
    ]
    made: list[Step] = [
        lambda rest: _one_by_one(evidence, ways.changed(), rest),
        lambda rest: _one_by_one(evidence, ways.together(), rest),
    ]
    for step in (*exact, *made):  # one reason for all of it, before several for its parts
        whole = [reason for reason in step(left) if reason.differences >= left]
        if whole or not left:
            return _told([*_cover(left, whole)[0], *form])
    clear: Step = lambda rest: _signs(evidence, CLEAR, rest)  # noqa: E731
    loose: Step = lambda rest: _signs(evidence, LOOSE, rest)  # noqa: E731
    found: list[Reason] = []
    for step in (*exact, clear, *made, loose):
        if left and len(found) < MOST:
            more, left = _cover(left, step(left))
            found += more
    return _told([*found, *form])


def told(reasons: Sequence[Reason], shown: str = "") -> str:
    """Several reasons as one text, numbered; where that is too long, without alternatives, and then without the last.

    A reason that does not explain the case that is shown says which one it is about.
    """
    sentences = [f"{_about(reason, shown)}{reason.sentence}" for reason in reasons]
    for said in (sentences, [sentence.partition(OR)[0] for sentence in sentences]):
        text = " ".join(f"({number}) {sentence}" for number, sentence in enumerate(said, 1)) if len(said) > 1 else "".join(said)
        if len(text.split()) <= MOST_WORDS:
            return text
    return told(reasons[:-1], shown) if len(reasons) > 1 else text


def _about(reason: Reason, shown: str) -> str:
    """Of which case a reason speaks, where it is not the one that is shown."""
    named = list(dict.fromkeys(at.case for at in reason.differences))
    if not shown or shown in named or any(f'"{name}"' in reason.sentence for name in named):
        return ""
    return f'In case "{min(named)}": ' if named else ""


def _matches(evidence: Evidence, variants: Iterable[Variant | Sketched]) -> list[Reason]:
    """The reasons of the variants that explain one of a few differences, from both ends: edge cases come last.

    Each is asked for that one alone, unless it explains it: to observe a variant costs time.
    """
    variants, found, left = list(variants), [], set(evidence.differences)
    ends = [at for pair in zip(evidence.differences, reversed(evidence.differences), strict=True) for at in pair]
    for at in list(dict.fromkeys(ends))[:LOOKED_AT]:
        if at in left:
            found += [reason for variant in variants if (reason := variant.reason(evidence, frozenset({at}))) is not None]
            left -= set().union(*(reason.differences for reason in found))
    return found


def _one_by_one(evidence: Evidence, variants: Iterable[Variant | Sketched], left: frozenset[Difference]) -> list[Reason]:
    """The reasons of the variants that explain the first of what is left: of a hundred variants, few are asked more."""
    return [reason for variant in variants if (reason := variant.reason(evidence, left)) is not None]


def _signs(evidence: Evidence, signs: Iterable[Sign], left: frozenset[Difference]) -> list[Reason]:
    """The first sign that explains each part of what is left."""
    found: list[Reason] = []
    for sign in signs:
        if not left:
            break
        for reason in sign(evidence):
            if reason.differences & left:
                found.append(reason)
                left -= reason.differences
    return found


def _cover(left: frozenset[Difference], reasons: list[Reason]) -> tuple[list[Reason], frozenset[Difference]]:
    """The fewest of these reasons that explain as much as all, and what then is left; of two that explain the same, both."""
    chosen: list[Reason] = []
    while left and reasons:
        best = max(reasons, key=lambda reason: (len(reason.differences & left), -reason.against, reason.whole, -reason.nearest))
        if not best.differences & left:
            break
        ties = [
            reason
            for reason in reasons
            if reason.differences == best.differences
            and (reason.against, reason.whole, reason.nearest) == (best.against, best.whole, best.nearest)
            and reason.sentence != best.sentence
            and " " not in best.id + reason.id
        ]
        if ties:
            best = replace(best, sentence=OR.join([best.sentence, *(reason.sentence for reason in ties[: TIES - 1])]))
        chosen.append(best)
        left -= best.differences
        reasons = [reason for reason in reasons if reason.differences & left]
    return chosen, left


def _told(reasons: list[Reason]) -> list[Reason]:
    """Each idea once, the one that explains most first."""
    merged: dict[str, Reason] = {}
    for reason in itertools.chain.from_iterable(map(_apart, reasons)):
        known = merged.get(reason.id)
        merged[reason.id] = replace(known, differences=known.differences | reason.differences) if known else reason
    return list(merged.values())[:MOST]


def _apart(reason: Reason) -> list[Reason]:
    """Two at once, one by one."""
    ids, sentences = reason.id.split(" "), reason.sentence.split(BOTH)
    return (
        [replace(reason, id=id, sentence=sentence) for id, sentence in zip(ids, sentences, strict=True)]
        if len(ids) > 1
        else [reason]
    )


# The form of an answer ----------------------------------------------------------------------------------------------


def _in_form(evidence: Evidence, explained: frozenset[Difference]) -> tuple[Evidence, list[Reason]]:
    """The evidence with every answer in the form that is expected, where that is not explained; and what was done to it."""
    kinds: dict[tuple[str, str], set[Difference]] = {}
    answers = dict(evidence.answers)
    for at, (mine, wanted) in evidence.numbers.items():
        formed = as_asked(mine, wanted)
        if formed is not None and at not in explained:
            kinds.setdefault(_form_words(mine, wanted), set()).add(at)
            answer = answers[at.case]
            answers[at.case] = replace(answer, observation={**answer.observation, at.entry: formed})
    if not kinds:
        return evidence, []
    said = {}
    for name, sentence in evidence.said.items():
        if answers[name] is not evidence.answers[name]:
            with np.errstate(all="ignore"):
                sentence = evidence.check.compare(
                    answers[name].observation, evidence.expected[name].observation, evidence.inputs(name)
                )
        if sentence:
            said[name] = sentence
    new = Evidence(evidence.check, evidence.cases, answers, evidence.expected, said)
    return new, _told([Reason(id, sentence, frozenset(found)) for (id, sentence), found in kinds.items()])


def _form_words(mine: Array, wanted: Array) -> tuple[str, str]:
    if mine.shape != wanted.shape:
        return (
            "axis-of-length-one",
            f"The shape is {mine.shape} in place of {wanted.shape}: an axis of length 1 is left over or missing.",
        )
    if wanted.dtype == np.float32 and mine.dtype == np.float64:
        return "double-precision", "float64 in place of float32: NumPy's default. State the dtype when you make the array."
    if mine.dtype.kind == "f" and wanted.dtype.kind == "f":
        return (
            "single-precision",
            f"{mine.dtype} in place of {wanted.dtype}: a step computes in another precision. Keep the input's dtype.",
        )
    words = {
        "f": "numbers with decimals (float)",
        "i": "whole numbers (int)",
        "u": "whole numbers (int)",
        "b": "truth values (bool)",
    }
    sentence = f"You return {words[mine.dtype.kind]}; expected are {words[wanted.dtype.kind]}."
    if mine.dtype.kind in "iu" and wanted.dtype.kind == "f" and np.array_equal(mine, np.trunc(wanted)):
        sentence += " An array made like an input of whole numbers cannot hold decimals."
    return "other-dtype", sentence
