"""Claims: the scores that Classroom 50 has collected. Each was made in a student's own repository, so it is a claim.

Nothing in `scores.json` or `result.json` is trusted. This is the only place that reads them: into typed values, or into a
sentence that names what does not fit. One entry that does not fit costs no other entry.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

from autograder.text import folded, shown
from autograder.text.errors import DlkitError

RESULT, SCORES = "classroom50/result/v1", "classroom50/scores/v1"
TYPES = ("individual", "group", "team")
SCALE = 100  # Classroom 50 takes whole numbers only, so it gets hundredths of a point
MOST = 2**27  # bytes of scores.json; a class of 1,000 with a hundred pushes each has some 2**26
MOST_OF_RESULT = 10 * 2**20
SLUG = re.compile(r"[a-z0-9][a-z0-9-]{1,99}")


class ClaimsError(DlkitError):
    """Scores cannot be read, or do not fit Classroom 50's format; the sentence says where and what was expected."""


@dataclass(frozen=True)
class Claim:
    """What the newest submission of a repository claims.

    Attributes:
        owner: the login that the repository is named after.
        score: in hundredths of a point, and `most` its maximum; 0 of 0 where grading failed there.
        submission: the tag.
        members: the logins of those who share the score.
        override: whether a teacher set it.
    """

    owner: str
    score: int
    most: int
    submission: str = ""
    members: tuple[str, ...] = ()
    override: bool = False

    @property
    def everybody(self) -> tuple[str, ...]:
        """All logins that the score is for, each once."""
        return tuple({folded(one): one for one in (self.owner, *self.members)}.values())


@dataclass(frozen=True)
class Collected:
    """What scores.json has of one assignment: claims, and a sentence for each entry that does not fit."""

    claims: tuple[Claim, ...]
    misfits: tuple[str, ...] = ()


def hundredths(points: float) -> int:
    """Points as Classroom 50 gets them.

    >>> hundredths(12.34)
    1234
    """
    return round(SCALE * points)


def slug_of(assignment: str) -> str:
    """What GitHub and Classroom 50 call an assignment: lower case, digits and hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", assignment.lower()).strip("-")


def read_scores(text: str, assignment: str, where: str = "scores.json") -> Collected:
    """The claims for an assignment.

    Args:
        text: of the file.
        assignment: its name.
        where: how to call the file.

    Raises:
        ClaimsError: the file as a whole does not fit, or does not have the assignment.
    """
    claims: dict[str, Claim] = {}
    misfits = []
    for number, entry in enumerate(entries_of(scores_in(text, where), assignment, where), 1):
        owner = entry.get("owner") if isinstance(entry, dict) else None
        place = f"entry {number}" + (f" ({shown(owner)})" if isinstance(owner, str) else "")
        try:
            claim = _claim(entry, place, slug_of(assignment))
            if folded(claim.owner) in claims:
                _refuse(place, "owner", "one entry for each owner", claim.owner)
            claims[folded(claim.owner)] = claim
        except ClaimsError as error:
            misfits.append(str(error))
    return Collected(tuple(claims.values()), tuple(misfits))


def scores_in(text: str, where: str = "scores.json") -> dict[str, Any]:
    """The object in scores.json, as it stands; its buckets are not looked at.

    Raises:
        ClaimsError: it is no JSON, or no such object.
    """
    found = parsed(text.removeprefix("\ufeff"), where)
    if found.get("schema") != SCORES:
        _refuse(where, "schema", repr(SCORES), found.get("schema"))
    if not isinstance(found.get("assignments"), dict):
        _refuse(where, "assignments", "an object with a key for each assignment", found.get("assignments"))
    return found


def entries_of(scores: Mapping[str, Any], assignment: str, where: str = "scores.json") -> list[Any]:
    """The entries of an assignment, none of them looked at.

    Raises:
        ClaimsError: there is no such assignment, or no list.
    """
    buckets, slug = scores["assignments"], slug_of(assignment)
    if slug not in buckets:
        there = ", ".join(map(shown, buckets)) or "none"
        raise ClaimsError(f"{where} has no assignment {slug!r}; expected one of its assignments. Received: {there}.")
    bucket = buckets[slug]
    entries = bucket.get("entries") if isinstance(bucket, dict) else None
    if not isinstance(entries, list):
        _refuse(f"{where}, {slug}", "entries", "a list", entries)
    return entries


def parsed(text: str, where: str) -> dict[str, Any]:
    """The object that a text holds; every key of an object once, and no number that is not JSON's.

    Raises:
        ClaimsError: it holds none.
    """
    try:
        found = json.loads(text, object_pairs_hook=_each_once, parse_constant=_no_number, parse_float=_finite)
    except (ValueError, RecursionError) as error:
        raise ClaimsError(f"{where} cannot be read; expected JSON. Received: {shown(error)}. Download it again.") from None
    if not isinstance(found, dict):
        raise ClaimsError(f"{where} must hold an object. Received: {_kind(found)}. Download it again.")
    return found


def check_result(result: object, where: str = "result.json", *, collected: bool = False) -> Claim:
    """The claim of a result, all of whose fields fit `classroom50/result/v1`.

    Args:
        result: what was read.
        where: how to call it.
        collected: whether it is from scores.json, where the assignment is told elsewhere.

    Raises:
        ClaimsError: a field does not fit; the first that does not.
    """
    if not isinstance(result, dict):
        raise ClaimsError(f"{where} must be an object. Received: {_kind(result)}.")
    if result.get("schema") != RESULT:
        _refuse(where, "schema", repr(RESULT), result.get("schema"))
    for key in (
        "classroom",
        *(() if collected else ("assignment",)),
        "owner",
        "submission",
        "commit",
        "release",
        "review",
        "datetime",
    ):
        _text(result, key, where)
    if result.get("assignment_type") not in TYPES:
        _refuse(where, "assignment_type", " or ".join(TYPES), result.get("assignment_type"))
    if not result["submission"].startswith("submit/"):
        _refuse(where, "submission", "a text that begins with submit/", result["submission"])
    score, most = _points(result, where)
    tests = result.get("tests")
    if not isinstance(tests, list):
        _refuse(where, "tests", "a list", tests)
    for number, test in enumerate(tests, 1):
        place = f"{where}, test {number}"
        if not isinstance(test, dict):
            raise ClaimsError(f"{place}, must be an object. Received: {_kind(test)}.")
        _text(test, "test-name", place)
        if not isinstance(test.get("passed"), bool):
            _refuse(place, "passed", "true or false", test.get("passed"))
        _points(test, place)
    by = result.get("submitted_by")
    if by is not None:
        if not isinstance(by, dict):
            _refuse(where, "submitted_by", "an object", by)
        _text(by, "username", f"{where}, submitted_by")
        if by.get("id") is not None and type(by["id"]) is not int:
            _refuse(f"{where}, submitted_by", "id", "a whole number or null", by["id"])
    return Claim(result["owner"], score, most, result["submission"])


def _claim(entry: object, place: str, slug: str) -> Claim:
    """What an entry claims: its newest submission, which stands first and is of the assignment."""
    if not isinstance(entry, dict):
        raise ClaimsError(f"{place} must be an object. Received: {_kind(entry)}.")
    owner = _text(entry, "owner", place)
    submissions, members, override = entry.get("submissions"), entry.get("member_usernames", []), entry.get("override", False)
    if not isinstance(submissions, list) or not submissions:
        _refuse(place, "submissions", "a list with the newest submission first", submissions)
    if not isinstance(members, list) or not all(isinstance(one, str) and one for one in members):
        _refuse(place, "member_usernames", "a list of logins", members)
    if not isinstance(override, bool):
        _refuse(place, "override", "true or false", override)
    newest = f"{place}, newest submission"
    claim = check_result(submissions[0], newest, collected=True)
    if submissions[0].get("assignment", slug) != slug:
        _refuse(newest, "assignment", repr(slug), submissions[0]["assignment"])
    times = [one["datetime"] for one in submissions if isinstance(one, dict) and isinstance(one.get("datetime"), str)]
    if max(times) > times[0]:
        _refuse(newest, "datetime", f"the latest of the entry's, {shown(max(times))}", times[0])
    if folded(claim.owner) != folded(owner):
        _refuse(newest, "owner", f"{shown(owner)}, as in the entry", claim.owner)
    return Claim(owner, claim.score, claim.most, claim.submission, tuple(members), override)


def _points(holder: Mapping[str, Any], place: str) -> tuple[int, int]:
    """A score and its maximum."""
    for key in ("score", "max-score"):
        if type(holder.get(key)) is not int or holder[key] < 0:  # True is an int to Python
            _refuse(place, key, "a whole number, 0 or more", holder.get(key))
    if holder["score"] > holder["max-score"]:
        _refuse(place, "score", "at most the max-score", holder["score"])
    return holder["score"], holder["max-score"]


def _text(holder: Mapping[str, Any], key: str, place: str) -> str:
    value = holder.get(key)
    if not isinstance(value, str) or not value:
        _refuse(place, key, "a text that is not empty", value)
    return value


def _refuse(place: str, key: str, expected: str, received: object) -> NoReturn:
    raise ClaimsError(f"{place}, `{key}` must be {expected}. Received: {_kind(received)}.")


def _kind(value: object) -> str:
    """A value as a sentence may carry it: a text or number as it is, of others what they are."""
    if isinstance(value, list):
        return f"a list of {len(value)}"
    if isinstance(value, dict):
        return "an object"
    if isinstance(value, int) and abs(value) >= 10**40:  # Python refuses to write some
        return "a number of more than 40 digits"
    return "nothing" if value is None else shown(repr(value))


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError(f"a key twice: {shown(next(_twice(pairs)))}")
    return found


def _twice(pairs: list[tuple[str, Any]]) -> Iterator[str]:
    keys = [key for key, _ in pairs]
    return (key for key in keys if keys.count(key) > 1)


def _finite(text: str) -> float:
    value = float(text)
    return value if math.isfinite(value) else _no_number(text)


def _no_number(word: str) -> NoReturn:
    raise ValueError(f"{word}, which is no number of JSON")
