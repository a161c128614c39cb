"""How results and answers are written and found again: the part of a gradebook that is used once or more for each submission.

The statements are made once: to make one takes SQLAlchemy two to four times as long as to have it done. They are about plain
tables, as objects of a session cost several times as much as rows.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import fields
from datetime import UTC, datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, Insert, bindparam, insert, select

from autograder.classroom.bundle import MAGIC, Bundle, BundleError, opened
from autograder.classroom.gradebook.tables import CONTENTS, Attempt, Base, CaseRow, CheckRow, Files, Kept, Result
from autograder.classroom.gradebook.values import Adjustment
from autograder.outcome import CheckResult, Grade

_FILES, _ATTEMPTS, _RESULTS, _CHECKS, _CASES, _KEPT = (
    Base.metadata.tables[row.__tablename__] for row in (Files, Attempt, Result, CheckRow, CaseRow, Kept)
)

_KEYS = select(_KEPT.c.key).where(_KEPT.c.files == bindparam("of"))
_DATA = select(_KEPT.c.key, _KEPT.c.data).where(_KEPT.c.files == bindparam("of"))
_CONTENT = select(_KEPT.c.data).where(_KEPT.c.files == CONTENTS, _KEPT.c.key == bindparam("digest"))
_SHARED = select(_KEPT.c.key).where(_KEPT.c.files == CONTENTS, _KEPT.c.key.in_(bindparam("digests", expanding=True)))
_HAS_CONTENTS = select(_FILES.c.digest).where(_FILES.c.digest == CONTENTS)
_TURN = select(_ATTEMPTS.c.id).where(_ATTEMPTS.c.id == bindparam("of")).with_for_update()
_NEWEST = (
    select(_RESULTS.c.key, _RESULTS.c.faulty).where(_RESULTS.c.attempt == bindparam("of")).order_by(_RESULTS.c.id.desc()).limit(1)
)
_INSERT_FILES, _INSERT_RESULT, _INSERT_CHECK, _INSERT_CASES, _INSERT_KEPT = map(
    insert, (_FILES, _RESULTS, _CHECKS, _CASES, _KEPT)
)


def keep_answers(connection: Connection, files: str, answers: Iterable[str], bundle: Bundle) -> None:
    """Keep a bundle of answers, unless other graders have kept all that is in it, and of its contents what is new.

    Args:
        connection: within a transaction that writes.
        files: the digest of the files that answered.
        answers: the keys of all answers, also of those that the bundle leaves out.
        bundle: the answers, packed.
    """
    if not bundle.data:
        return
    there = set(connection.scalars(_KEYS, {"of": files}))
    if there and set(answers) - set(bundle.left_out) <= kept_answers(connection, files).keys():
        return
    _add(connection, files, {hashlib.sha256(bundle.data).hexdigest(): bundle.data}, there)
    if bundle.contents:
        if connection.scalar(_HAS_CONTENTS) is None:
            connection.execute(_INSERT_FILES, {"digest": CONTENTS, "texts": "{}"})
        shared = connection.scalars(_SHARED, {"digests": list(bundle.contents)})
        _add(connection, CONTENTS, bundle.contents, set(shared))


def _add(connection: Connection, files: str, packed: Mapping[str, bytes], there: Collection[str]) -> None:
    """Keep what is not there yet."""
    if new := [{"files": files, "key": key, "data": data} for key, data in packed.items() if key not in there]:
        connection.execute(_INSERT_KEPT, new)


def kept_answers(
    connection: Connection,
    files: str,
    given: Callable[[], Mapping[str, bytes]] = dict,
    only: Collection[str] | None = None,
) -> dict[str, bytes]:
    """What is kept of some files, by the key of the question; what is damaged is left out, and is asked again.

    Args:
        connection: of the gradebook.
        files: the digest of the files.
        given: what the reference's largest answers are, by digest; called only where an answer refers to one.
        only: the keys that are wanted; all by default.
    """

    @cache
    def content(digest: str) -> bytes | None:
        found: bytes | None = connection.scalar(_CONTENT, {"digest": digest})
        return given().get(digest) if found is None else found

    found: dict[str, bytes] = {}
    for key, data in connection.execute(_DATA, {"of": files}):
        try:
            found.update(opened(data, content, only) if data.startswith(MAGIC) else {key: data})
        except BundleError:
            continue
    return found


def write_result(
    connection: Connection, run: int, attempt: int, files: str, key: str, grade: Grade, keys: Mapping[tuple[str, str], str]
) -> None:
    """Write a result with its checks and their cases, unless it stands already.

    Args:
        connection: within a transaction that writes.
        run: the grading that it is of.
        attempt: what was graded, by its id.
        files: the digest of its files.
        key: what the grade depends on.
        grade: the verdict.
        keys: of each question, by the names of its check and its case.
    """
    if connection.dialect.name != "sqlite":  # where a whole transaction has its turn
        connection.execute(_TURN, {"of": attempt})  # of two graders, one waits for the other
    standing = connection.execute(_NEWEST, {"of": attempt}).first()
    if standing is not None and standing.key == key and not standing.faulty:
        return
    about = fields_of(grade, "checks", "student", "seed", "notices")
    about["notices"] = [[notice.kind.value, notice.text] for notice in grade.notices]
    result = _inserted(
        connection,
        _INSERT_RESULT,
        run=run,
        attempt=attempt,
        files=files,
        key=key,
        score=grade.score,
        max_score=grade.max_score,
        faulty=bool(grade.faults),
        seconds=grade.seconds,
        graded=now(),
        grade=json.dumps(about, allow_nan=False),
    )
    cases: list[dict[str, Any]] = []
    for position, check in enumerate(grade.checks):
        about_check = {**fields_of(check, "cases", "outcome"), "outcome": check.outcome.value}
        number = _inserted(connection, _INSERT_CHECK, result=result, position=position, **about_check)
        cases += [
            {
                "check": number,
                "position": place,
                "name": case.name,
                "outcome": case.outcome.value,
                "message": case.message,
                "printed": case.printed,
                "see": case.see,
                "answer": keys.get((check.name, case.name), ""),
            }
            for place, case in enumerate(check.cases)
        ]
    if cases:
        connection.execute(_INSERT_CASES, cases)


def _inserted(connection: Connection, statement: Insert, **values: Any) -> int:
    """Write a row; its id."""
    key = connection.execute(statement, values).inserted_primary_key
    assert key is not None  # noqa: S101 - every one of our tables with an id has it for its key
    return int(key[0])


def fields_of(one: Grade | CheckResult | Adjustment, *without: str) -> dict[str, Any]:
    """The fields of a dataclass as they are: `asdict` would copy every case along, to be thrown away."""
    return {field.name: getattr(one, field.name) for field in fields(one) if field.name not in without}


def now() -> str:
    """The time, as it is written."""
    return datetime.now(UTC).isoformat(timespec="seconds")
