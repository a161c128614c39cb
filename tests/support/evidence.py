"""Answers to invented cases, and the reasons that are found for them."""

from __future__ import annotations

import numpy as np

from autograder import Case, Outputs
from autograder.grading.diagnosis.evidence import Evidence
from autograder.grading.diagnosis.reasons import Ways, find_reasons
from autograder.grading.diagnosis.variant import Variant
from autograder.observation.answer import Answer, Ending

CHECK = Outputs("f", on=lambda rng: {}, points=1)


def answer(value):
    """What a worker says: an array, entries by name, or an error."""
    if isinstance(value, Answer):
        return value
    entries = value if isinstance(value, dict) else {"answer": value}
    return Answer(
        Ending.RETURNED,
        {name: np.asarray(entry) if isinstance(entry, int | float | list) else entry for name, entry in entries.items()},
    )


def raised(error):
    """An answer that raised."""
    return Answer(Ending.RAISED, error=error)


def evidence(mine, expected, inputs=None, check=CHECK, raises=None):
    """The evidence of answers to cases 0, 1, … beside those that are expected."""
    cases = {
        str(i): Case((inputs or [{}] * len(mine))[i], raises=(raises or [""] * len(mine))[i], contract={"f": "x, n: int = 3"})
        for i in range(len(mine))
    }
    answers = {str(i): answer(value) for i, value in enumerate(mine)}
    wanted = {str(i): answer(value) for i, value in enumerate(expected)}
    said = {}
    for name, case in cases.items():
        if answers[name].ending is Ending.RETURNED:
            sentence = check.compare(answers[name].observation, wanted[name].observation, {**case.inputs})
        else:
            sentence = answers[name].error
        if sentence:
            said[name] = sentence
    return Evidence(check, cases, answers, wanted, said)


def reasons(mine, expected, inputs=None, known=None, **more):
    """The reasons for these answers, with the misconceptions `known` by id."""
    found = evidence(mine, expected, inputs, **more)
    variants = [
        Variant(id, f"About {id}.", {str(i): answer(value) for i, value in enumerate(values)})
        for id, values in (known or {}).items()
    ]
    return find_reasons(found.check, found.cases, found.answers, found.expected, found.said, Ways(lambda: variants))


def ids(*arguments, **more):
    """Their ids."""
    return [reason.id for reason in reasons(*arguments, **more)]
