"""How the reference calls other functions: what a worker is sent to stand in for one that does not work yet."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from autograder.observation import Observation
from autograder.observation.answer import Answer, Ending
from autograder.observation.calls import RECORDED, to_play, unpack_calls


@dataclass(frozen=True)
class Calls:
    """The calls that the reference makes in a check.

    Attributes:
        recorded: by the name of the case, of the cases of which they could be recorded.
        functions: whom it calls.
    """

    recorded: Mapping[str, Observation]
    functions: frozenset[str]


def calls_in(answers: Mapping[str, Answer]) -> Calls:
    """What a worker with the reference in it has recorded."""
    returned = {name: answer.observation for name, answer in answers.items() if answer.ending is Ending.RETURNED}
    recorded = {name: found for name, found in returned.items() if RECORDED in found}
    return Calls(recorded, frozenset(call["of"] for found in recorded.values() for call in unpack_calls(found)))


def stand_ins(calls: Calls, cases: Collection[str], functions: Collection[str]) -> dict[str, Observation]:
    """What to send with each case to have stand-ins for these functions; nothing where the reference does not call one."""
    if set(calls.recorded) != set(cases) or not calls.functions.issuperset(functions):
        return {}
    return {name: to_play(recorded, functions) for name, recorded in calls.recorded.items()}
