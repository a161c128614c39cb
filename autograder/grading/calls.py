"""How the reference calls other functions: what a worker is sent to stand in for one that does not work yet."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from autograder.answer import Answer, Ending
from autograder.observation import Observation
from autograder.observation.calls import RECORDED, to_play, unpack_calls

Calls = dict[str, Observation]  # by the name of the case


def calls_in(answers: Mapping[str, Answer]) -> Calls:
    """What a worker with the reference in it has recorded, of the cases of which it could."""
    returned = {name: answer.observation for name, answer in answers.items() if answer.ending is Ending.RETURNED}
    return {name: recorded for name, recorded in returned.items() if RECORDED in recorded}


def stand_ins(calls: Calls, cases: Collection[str], functions: Collection[str]) -> dict[str, Observation]:
    """What to send with each case to have stand-ins for these functions; nothing where the reference does not call one."""
    called = {call["of"] for recorded in calls.values() for call in unpack_calls(recorded)}
    if set(calls) != set(cases) or not called.issuperset(functions):
        return {}
    return {name: to_play(recorded, functions) for name, recorded in calls.items()}
