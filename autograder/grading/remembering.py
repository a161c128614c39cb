"""A bench that remembers: what a submission has answered before, it is not asked again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress

from autograder.assignment import Assignment
from autograder.checks.base import Case, Check
from autograder.grading.bench import ALONE, Bench, Opened, is_lasting, request_for
from autograder.grading.digests import digest_of_observing, digest_of_rules, observing_digest, versions
from autograder.observation import Observation, ObservationError, pack
from autograder.observation.answer import Answer, Ending
from autograder.sandbox.workers import Source

Told = tuple[dict[str, bytes], dict[str, bytes]]  # answers by key: what is to be kept, and what is not
More = Mapping[str, Observation]  # what else is sent, by the name of the case
Elsewhere = Callable[[str, More, float], Told]  # of a check's name, what is sent with each case, and a limit in seconds

OPENED = ("", "opened")  # stands for the reading of the files among the questions


class RememberingBench(Bench):
    """A bench for one submission, of which some answers are known.

    No worker is started for as long as everything that is asked has been answered before. What may not happen again is not
    kept: a time-out, a kill, a full disk, or whatever went over a limit; it is asked anew each time.

    Args:
        assignment: the spec, sent as text.
        source: where workers come from; stays open.
        keys: the key of each question, by the names of its check and its case (see `keys_of`).
        kept: what this submission is known to have answered, by key.
        told: what it has answered this time, elsewhere, of which nothing is kept.
        protected: refuse to run a submission where nothing protects this user's files from it.
        total: seconds that the submission may be charged with, in all.
        elsewhere: has the cases of a check asked once more where the others were asked; None to ask here.

    Attributes:
        new: the answers that a worker had to give, by key, as bytes to be kept.
        passing: those that are not to be kept.
    """

    def __init__(
        self,
        assignment: Assignment,
        source: Source,
        keys: Mapping[tuple[str, str], str],
        kept: Mapping[str, bytes],
        *,
        told: Mapping[str, bytes] | None = None,
        protected: bool = False,
        total: float | None = None,
        elsewhere: Elsewhere | None = None,
    ) -> None:
        super().__init__(assignment, source, protected=protected, total=total)
        self.keys = keys
        self.elsewhere = elsewhere
        self.kept = kept
        self.new: dict[str, bytes] = {}
        self.passing: dict[str, bytes] = dict(told or {})
        self._steady = True  # whether what its worker was last opened with will be the same the next time

    def load(self, files: Mapping[str, str], checks: Iterable[Check] = ()) -> Opened:
        """Lay out a submission; in a worker only if it has never been read under these rules."""
        key = self.keys[OPENED]
        known = self._opened_before(key)
        if known is not None:
            self.files = files
            self.opened = known
            return known
        opened = super().load(files, checks)
        (self.new if opened.lasting else self.passing)[key] = _bytes_of(opened)
        return opened

    def unreadable(self, files: Mapping[str, str]) -> Opened | None:
        """What is wrong with files that cannot be read as Python, if it is not known yet what came of reading them."""
        key = self.keys[OPENED]
        if self._opened_before(key) is not None:
            return None
        opened = super().unreadable(files)
        if opened is not None:
            (self.new if opened.lasting else self.passing)[key] = _bytes_of(opened)
        return opened

    def each_with(
        self, check: Check, cases: Mapping[str, Case], more: Mapping[str, Observation], limit: float
    ) -> Iterator[tuple[str, Answer]]:
        """Observe every case of a check once more, or remember what came of it."""
        if self.elsewhere is not None and any(
            self._answered_before(self._key_for(check, name, more[name])) is None for name in cases
        ):
            new, passing = self.elsewhere(check.name, more, limit)
            self.new |= new
            self.passing |= passing
        yield from super().each_with(check, cases, more, limit)

    def ask(
        self,
        check: Check,
        name: str,
        case: Case,
        *,
        limit: float | None = None,
        again: bool = True,
        more: Observation = ALONE,
    ) -> Answer:
        """Observe one case, or remember what came of it."""
        key = self._key_for(check, name, more)
        known = self._answered_before(key)
        if known is not None:
            return known
        answer = super().ask(check, name, case, limit=limit, again=again, more=more)
        if answer.ending is not Ending.UNREADY:
            (self.new if self._steady and is_lasting(answer) else self.passing)[key] = answer.to_bytes()
        return answer

    def _key_for(self, check: Check, name: str, more: Observation) -> str:
        """The key of a question; what else is sent makes it another one."""
        key = self.keys[check.name, name]
        return hashlib.sha256(key.encode() + pack(more)).hexdigest() if more else key

    def _opened_before(self, key: str) -> Opened | None:
        if key in self.passing:
            return _opened(self.passing[key])
        found = _opened(self.kept[key]) if key in self.kept else None
        return found if found is not None and found.lasting else None

    def _answered_before(self, key: str) -> Answer | None:
        with suppress(ObservationError):  # damaged: asked again
            if key in self.passing:
                return Answer.from_bytes(self.passing[key], ours=True)
            known = self.new.get(key) or self.kept.get(key)
            answer = Answer.from_bytes(known, ours=True) if known is not None else None
            return answer if answer is not None and is_lasting(answer) else None
        return None

    def _load(self, *, run: bool = True) -> Opened:
        opened = super()._load(run=run)
        self._steady = opened.lasting
        return opened


def keys_of(assignment: Assignment, cases: Mapping[str, Mapping[str, Case]]) -> dict[tuple[str, str], str]:
    """What each answer of a submission depends on, but the submission: by the names of check and case."""
    keys = {OPENED: _key("opened", digest_of_rules(tuple(assignment.checks)))}
    for name, several in cases.items():
        check = assignment.check(name)
        observing = digest_of_observing(check)
        for case, asked in several.items():
            keys[name, case] = _key(observing, hashlib.sha256(request_for(check, asked)).hexdigest())
    return keys


def _key(*parts: str) -> str:
    return hashlib.sha256("\n".join((observing_digest(), *versions().values(), *parts)).encode()).hexdigest()


def _bytes_of(opened: Opened) -> bytes:
    said = {
        "ending": opened.ending.value,
        "error": opened.error,
        "stops": opened.stops,
        "broken": dict(opened.broken),
        "layers": opened.layers,
        "notes": opened.notes,
        "slow": opened.slow,
    }
    return json.dumps(said, allow_nan=False).encode()


def _opened(data: bytes) -> Opened:
    said = json.loads(data)
    broken = {name: tuple(sentences) for name, sentences in said["broken"].items()}
    stops, layers, notes = (tuple(said.get(name, ())) for name in ("stops", "layers", "notes"))
    return Opened(Ending(said["ending"]), said["error"], stops, broken, layers, notes, bool(said.get("slow")))
