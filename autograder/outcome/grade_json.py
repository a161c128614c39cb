"""A grade as plain data: the JSON object of one submission, schema 1."""

from __future__ import annotations

import json
from typing import Any

from autograder.outcome import Grade

SCHEMA = 1


def record(grade: Grade) -> dict[str, Any]:
    """The object that `dlkit grade --json` writes; its shape is kept stable under its schema number.

    `hint` of a check is the sentence of the misconception that explains the answer, else the author's hint. `score` of a
    check is null where we could not judge it, and its points count neither in `score` nor in `max_score`; where we could judge
    none, the whole `score` is null. Points of stretch checks count in `bonus` alone, which a grade without such checks has not.
    """
    return {
        "schema": SCHEMA,
        "assignment": grade.assignment,
        "student": grade.student,
        "score": None if grade.faults and not grade.max_score else grade.score,
        "max_score": grade.max_score,
        **({"bonus": grade.bonus} if grade.stretch else {}),
        "seed": grade.seed,
        "isolation": list(grade.isolation),
        "versions": dict(grade.versions),
        "seconds": grade.seconds,
        "checks": [
            {
                "name": check.name,
                "function": check.function,
                "outcome": check.outcome.value,
                "score": check.score,
                "max_score": check.max_score,
                **({"stretch": True} if check.stretch else {}),
                "message": check.message,
                "hint": check.explanation or check.hint,
                "misconception": check.misconception,
                "seconds": check.seconds,
                "cases": [{"name": case.name, "outcome": case.outcome.value, "message": case.message} for case in check.cases],
            }
            for check in grade.checks
        ],
    }


def to_json(grade: Grade) -> str:
    """The record as text, for a file or a pipe."""
    return json.dumps(record(grade), indent=2, ensure_ascii=False, allow_nan=False)
