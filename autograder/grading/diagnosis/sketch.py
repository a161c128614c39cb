"""Sketches: what is kept of the answers of a variant that was made by machine, of which there are a hundred for each function.

Of every entry that it answers wrongly, a digest of the rounded numbers: enough to see that a submission answers the same, and
nothing else. Another machine could round a number otherwise that lies between two roundings, so a submission's is digested on two
grids, of which one is shifted by a half.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from autograder.grading.diagnosis.evidence import Difference, Evidence
from autograder.grading.diagnosis.variant import ENOUGH, Reason, believable
from autograder.observation.answer import Ending

Digests = dict[str, str]  # of the wrong entries of one case, by name


@dataclass(frozen=True)
class Sketched:
    """A variant in sketches.

    Attributes:
        id: of the reason.
        sentence: for whoever answers so.
        sketches: of each case that it answers wrongly in some entry, the digests.
    """

    id: str
    sentence: str
    sketches: Mapping[str, Digests]

    def reason(self, evidence: Evidence, wanted: frozenset[Difference] | None = None) -> Reason | None:
        """What it explains; None where that is nothing of what is wanted, or it answers wrongly where the submission is right."""
        found = set()
        for at in evidence.differences:
            crashed = evidence.answers[at.case].ending is not Ending.RETURNED  # which happens in many ways, and tells of none
            digest = None if crashed else self.sketches.get(at.case, {}).get(at.entry)
            if digest is not None and digest in evidence.digests(at):
                found.add(at)
            elif not found and wanted is not None and at in wanted:
                return None
        if not found or (wanted is not None and 2 * len(found & wanted) < len(wanted)):
            return None
        wrong = {Difference(name, entry) for name, digests in self.sketches.items() for entry in digests}
        if not believable(evidence, found, wrong, ENOUGH):
            return None
        return Reason(self.id, self.sentence, frozenset(found), against=len({at.case for at in wrong - found}))


def sketch(evidence: Evidence) -> Digests:
    """The digests of what one answer has wrong, entry by entry; none where it is right.

    Args:
        evidence: of the variant's answer to one case.
    """
    return {at.entry: evidence.digests(at)[0] for at in evidence.differences}
