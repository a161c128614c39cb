"""A variant: another implementation whose answers are known, with the sentence for whoever answers as it does."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

import numpy as np

from autograder.checks.base import EFFECT
from autograder.grading.diagnosis.evidence import Difference, Evidence
from autograder.grading.diagnosis.sample import Sample
from autograder.observation import Value, real
from autograder.observation.answer import Answer, Ending

MATCH_RTOL = 1e-6
MEASURED_RTOL = 1e-2  # of the answers of programs that train, on another machine too, where a check measures what they reach
ALIKE_RTOL = 1e-4  # of answers that are known to agree where it matters
PLAIN = (0.0, 1.0, -1.0)  # numbers that many a mistake answers
ENOUGH = 8  # points that a match must be worth; see `weight`
SOME = 1  # the same, of a misconception that explains a part only


@dataclass(frozen=True)
class Reason:
    """Why answers are wrong: an idea, and the differences that it explains.

    Attributes:
        id: its name in reports and JSON.
        sentence: for the student.
        differences: what it explains.
        nearest: the largest relative difference, where numbers were matched.
        against: the cases in which the variant behind it is wrong in another way than the submission.
        whole: the cases in which both are the same in all entries, what follows from others among them.
    """

    id: str
    sentence: str
    differences: frozenset[Difference]
    nearest: float = 0.0
    against: int = 0
    whole: int = 0


def believable(evidence: Evidence, found: Collection[Difference], wrong: Collection[Difference], least: int) -> bool:
    """Whether a variant that answers like the submission at some differences may be what was done.

    Args:
        evidence: of the submission.
        found: where both are wrong and alike.
        wrong: all that the variant has wrong. Where the submission is right it may have nothing wrong, in a case that it explains
            nothing that the submission has not, and elsewhere it may differ from it less often than it is like it.
        least: points that the proof has to be worth.
    """
    cases = {at.case for at in found}
    others = set(wrong) - set(found)
    return (
        sum(weight(evidence, at) for at in found) >= least
        and not any(at.case in cases or at.case in evidence.right for at in others)
        and len({at.case for at in others}) <= len(cases)
    )


@dataclass(frozen=True)
class Variant:
    """One more implementation, in answers.

    Attributes:
        id: of the reason.
        sentence: for whoever answers so.
        answers: to the cases of the check; they may be observed when they are first looked at.
    """

    id: str
    sentence: str
    answers: Mapping[str, Answer] = field(repr=False)

    def reason(self, evidence: Evidence, wanted: frozenset[Difference] | None = None) -> Reason | None:
        """What it explains, None where it explains nothing or contradicts an answer that is right.

        Args:
            evidence: of the submission.
            wanted: what has to be explained still; nothing more is asked unless the first of it is explained.
        """
        found: dict[Difference, float] = {}
        for at in sorted(evidence.differences, key=lambda at: wanted is not None and at not in wanted):
            distance = self._distance(evidence, at)
            if distance is not None and self._is_wrong(evidence, at):
                found[at] = distance
            elif wanted is not None and not found:
                return None
        whole = len(found) == len(evidence.differences)
        if not whole and not evidence.check.told_by_sentence:
            found = {at: distance for at, distance in found.items() if not says_one_thing(evidence.answers[at.case])}
        if not found:
            return None
        wrong = self._wrong(evidence)
        if not believable(evidence, found, wrong, 0 if whole else SOME):
            return None
        against = len({at.case for at in wrong - found.keys()})
        alike = sum(self._is_alike(evidence, case) for case in {at.case for at in found})
        return Reason(self.id, self.sentence, frozenset(found), max(found.values()), against, alike)

    def _is_alike(self, evidence: Evidence, case: str) -> bool:
        """Whether the submission's answer to a case is this one in every entry."""
        return whole_distance(evidence.answers[case], self.answers[case], ALIKE_RTOL) is not None

    def _wrong(self, evidence: Evidence) -> set[Difference]:
        """All that this variant has wrong."""
        found = set()
        for name, expected in evidence.expected.items():
            theirs = self.answers[name]
            if theirs.ending is not expected.ending or not evidence.check.by_entry:
                if not self._agrees(evidence, name):
                    found.add(Difference(name, ""))
                continue
            wrong = [entry for entry in expected.observation if self._is_wrong(evidence, Difference(name, entry))]
            found |= {Difference(name, entry) for entry in evidence.check.without_consequences(wrong)}
        return found

    def _distance(self, evidence: Evidence, at: Difference) -> float | None:
        """How far the submission is from this variant at one difference; None where the two are not alike."""
        mine, theirs = evidence.answers[at.case], self.answers[at.case]
        if mine.ending is not theirs.ending:
            return None
        if mine.ending is not Ending.RETURNED:
            if "read-only" in mine.error:  # which says that an argument was changed, and not which one
                return None
            (kind, words), (their_kind, their_words) = mine.failure, theirs.failure
            return None if kind != their_kind else 0.0 if words == their_words else MATCH_RTOL
        if at.entry:
            if at.entry not in theirs.observation or at.entry not in mine.observation:
                return None
            return distance(mine.observation[at.entry], theirs.observation[at.entry], self._rtol(evidence, at))
        if not evidence.check.by_entry and self._says(evidence, at.case) == evidence.said[at.case]:
            return MATCH_RTOL if evidence.check.told_by_sentence else whole_distance(mine, theirs, MEASURED_RTOL)
        return whole_distance(mine, theirs, MATCH_RTOL)

    def _rtol(self, evidence: Evidence, at: Difference) -> float:
        expected = evidence.expected[at.case].observation[at.entry]
        return max(MATCH_RTOL, evidence.check.tolerance(expected) if evidence.check.by_entry else 0.0)

    def _says(self, evidence: Evidence, case: str) -> str:
        """The check's sentence on this variant; "" where it cannot tell because only a sample was kept."""
        theirs = self.answers[case].observation
        if any(isinstance(value, Sample) for value in theirs.values()):
            return ""
        try:
            with np.errstate(all="ignore"):
                return evidence.check.compare(theirs, evidence.expected[case].observation, evidence.inputs(case))
        except Exception:
            return ""

    def _is_wrong(self, evidence: Evidence, at: Difference) -> bool:
        """Whether the variant differs from the reference there: what answers right explains nothing."""
        theirs, expected = self.answers[at.case], evidence.expected[at.case]
        if theirs.ending is not Ending.RETURNED:
            return True
        if not at.entry:
            return whole_distance(theirs, expected, 1e-12) is None
        value, wanted = theirs.observation.get(at.entry), expected.observation[at.entry]
        return value is None or distance(wanted, value, 2 * self._rtol(evidence, at)) is None

    def _agrees(self, evidence: Evidence, case: str) -> bool:
        """Whether the variant is right, too, where the submission is."""
        theirs, expected = self.answers[case], evidence.expected[case]
        if theirs.ending is not expected.ending:
            return False
        if not evidence.check.by_entry:
            return any(isinstance(value, Sample) for value in theirs.observation.values()) or not self._says(evidence, case)
        return all(not self._is_wrong(evidence, Difference(case, name)) for name in expected.observation)


def says_one_thing(answer: Answer) -> bool:
    """Whether an answer is the same label for every row, which many a mistake leads to."""
    values = [value for name, value in answer.observation.items() if not name.startswith(EFFECT)]
    return all(isinstance(value, np.ndarray) and value.dtype.kind in "iub" and len(np.unique(value)) < 2 for value in values)


def weight(evidence: Evidence, at: Difference) -> int:
    """What a match at one difference proves: a number with digits much, a label or the kind of an error little."""
    answer = evidence.answers[at.case]
    if answer.ending is not Ending.RETURNED:
        return 3
    values = [answer.observation.get(at.entry)] if at.entry else list(answer.observation.values())
    points = 0
    for value in values:
        if not isinstance(value, np.ndarray):
            points += 3
        elif value.dtype.kind == "f":
            points += 6 * min(int((np.isfinite(value) & ~np.isin(value, PLAIN)).sum()), 4) + min(value.size, 2)
        else:
            points += min(value.size, 8)
    return points


def wrong_somewhere(theirs: Mapping[str, Answer], expected: Mapping[str, Answer]) -> bool:
    """Whether a variant answers otherwise than the reference in some case."""
    return any(
        theirs[name].ending is not Ending.RETURNED or whole_distance(theirs[name], wanted, 1e-12) is None
        for name, wanted in expected.items()
    )


def whole_distance(one: Answer, other: Answer, rtol: float) -> float | None:
    """The largest relative difference of two answers that returned; None where any entry differs by more than `rtol`."""
    if other.ending is not Ending.RETURNED or set(one.observation) != set(other.observation):
        return None
    largest = 0.0
    for name, value in one.observation.items():
        found = distance(value, other.observation[name], rtol)
        if found is None:
            return None
        largest = max(largest, found)
    return largest


def distance(one: Value, other: Value | Sample, rtol: float) -> float | None:
    """The largest difference of two values, relative to the largest entry; None where they are not alike."""
    if isinstance(other, Sample):
        if not isinstance(one, np.ndarray) or one.shape != other.shape:
            return None
        one, other = Sample.of(one, other.count).values, other.values
    if not isinstance(one, np.ndarray) or not isinstance(other, np.ndarray):
        return 0.0 if type(one) is type(other) and one == other else None
    if one.shape != other.shape or one.dtype.kind != other.dtype.kind:
        return None
    a, b = real(one).astype(np.float64), real(other).astype(np.float64)
    finite = np.isfinite(a) & np.isfinite(b)
    if not np.array_equal(a[~finite], b[~finite], equal_nan=True):
        return None
    if not finite.any():
        return 0.0
    scale = float(np.max(np.abs(b[finite])))
    gap = np.abs(a[finite] - b[finite])
    if np.any(gap > rtol * np.abs(b[finite]) + 1e-3 * rtol * scale):
        return None
    return float(np.max(gap)) / scale if scale else 0.0
