"""Handing in: the last grade of one's own work, and the zip that is uploaded.

`submission.json` in the zip is for people: which file it was, what the student saw and asks for. No grader believes it.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from autograder.outcome import Grade, Outcome
from autograder.submission.asking import FILE as SUBMISSION
from autograder.submission.containers import in_folder
from autograder.submission.responses import FILES as RESPONSES
from autograder.submission.responses import MOST_BYTES, responses_in
from autograder.submission.source import PLAIN
from autograder.text.cells import read
from dlkit.kit import KitError, digest, kit_above, manifest_in
from dlkit.writing import zipped

STATE = ".dlkit"
SCHEMA = 1
LAST_GRADE = ("at", "seed", "score", "max_score", "bonus", "checks")  # of what is packed


@dataclass(frozen=True)
class Packed:
    """What was packed, and what whoever hands it in should know."""

    data: bytes
    files: tuple[str, ...]
    score: str
    warnings: tuple[str, ...]


def remember(folder: Path, files: Mapping[str, str], grade: Grade) -> None:
    """Keep the grade of one's own work in a kit, for `dlkit submit`; nowhere else is anything kept.

    Where it cannot be written, nothing is lost but this: handing in asks to grade again.
    """
    kit = kit_above(folder)
    if kit is None:
        return
    told = {
        "assignment": grade.assignment,
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "files": {name: digest(text.encode()) for name, text in files.items()},
        "seed": grade.seed,
        "score": grade.score,
        "max_score": grade.max_score,
        **({"bonus": grade.bonus} if grade.stretch else {}),
        "checks": [
            {"name": one.name, "outcome": one.outcome.value, "score": one.score, "max_score": one.max_score}
            | ({"stretch": True} if one.stretch else {})
            for one in grade.checks
        ],
        "versions": dict(grade.versions),
    }
    path = kit / STATE / f"last-{grade.assignment}.json"
    try:
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(told, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    except OSError as error:
        print(f"dlkit: {path} cannot be written ({error.strerror}): `dlkit submit` will not know this grade.", file=sys.stderr)


def pack(
    folder: Path, name: str, files: Mapping[str, str], *, anyway: bool = False, requests: Sequence[tuple[str, str]] = ()
) -> Packed:
    """Pack one's own work; the same bytes for the same work.

    Args:
        folder: the assignment's folder, in a kit.
        name: the assignment.
        files: the text of each file that is asked for.
        anyway: pack what is untouched or was not graded as it is.
        requests: what is to be looked at again: checks, or "" for the whole, and texts.

    Raises:
        KitError: there is no kit, nothing was written yet, or the work was not graded since it was changed.
    """
    kit = kit_above(folder)
    manifest = manifest_in(kit) if kit else None
    if kit is None or manifest is None:
        raise KitError(
            f"{folder} is not in a kit (no kit.json in a folder above), so dlkit cannot tell whether you changed the files"
        )
    stubs = {Path(path).name: manifest.digests.get(path) for path in manifest.work.get(name, ())}
    digests = {file: digest(text.encode()) for file, text in files.items()}
    untouched = [file for file in files if digests[file] == stubs.get(file)]
    warnings = []
    if len(untouched) == len(files):
        sentence = f"{_and(untouched)} {'is' if len(files) == 1 else 'are'} still the unmodified template"
        if not anyway:
            raise KitError(f"{sentence}. Work on it first, or add --anyway to hand it in as it is")
        warnings.append(f"{sentence}.")
    elif untouched:
        warnings.append(f"{_and(untouched)} {'is' if len(untouched) == 1 else 'are'} still the unmodified template.")
    last = _last(kit, name)
    graded = last is not None and last["files"] == digests
    if not graded:
        sentence = f"{_and(list(files))} {'has' if len(files) == 1 else 'have'} " + (
            "changed since it was last graded" if last else "not been graded yet"
        )
        if not anyway:
            raise KitError(f"{sentence}. Run `dlkit grade {name}` first (without --check), or add --anyway")
        warnings.append(f"{sentence}.")
    grade = last if graded else None
    score = ""
    if grade:
        bonus = f", {grade['bonus']:g} bonus," if grade.get("bonus") else ""
        score = f"{grade['score']:g} of {grade['max_score']:g} points{bonus} with the public numbers"
        warnings += _said_of(grade["checks"])
    told = {
        "schema": SCHEMA,
        "assignment": name,
        "files": [
            {"name": file, "bytes": len(text.encode()), "sha256": hashlib.sha256(text.encode()).hexdigest()}
            for file, text in files.items()
        ],
        "last_grade": {key: grade[key] for key in LAST_GRADE if key in grade} if grade else None,
        "versions": grade["versions"] if grade else {},
        "kit": manifest.version,
        "requests": [{"check": check, "text": text} for check, text in requests],
    }
    entries = {file: text.encode() for file, text in files.items()}
    enclosed, told_of = _enclosed(folder)
    entries |= enclosed
    entries[SUBMISSION] = (json.dumps(told, indent=2, ensure_ascii=False) + "\n").encode()
    return Packed(zipped(entries), (*files, *enclosed), score, (*warnings, *told_of, *_unreadable(files)))


def working_before(folder: Path, name: str, files: Mapping[str, str]) -> list[str] | None:
    """The checks that passed when one's own work was last graded; None where it has changed since, or was never graded."""
    kit = kit_above(folder)
    last = _last(kit, name) if kit else None
    if last is None or last["files"] != {file: digest(text.encode()) for file, text in files.items()}:
        return None
    return [one["name"] for one in last["checks"] if one["outcome"] == Outcome.PASSED.value]


def where_to_upload(folder: Path, name: str) -> str:
    """The instructor's words on where to hand in, "" where there are none."""
    kit = kit_above(folder)
    manifest = manifest_in(kit) if kit else None
    return manifest.upload.replace("{assignment}", name) if manifest else ""


def _enclosed(folder: Path) -> tuple[dict[str, bytes], list[str]]:
    """The files with responses beside the work, as `dlkit predict` writes them, and what is wrong with them.

    One that cannot be read is left out: it is worth no points, and must not keep anybody from handing in.
    """
    items = [item for item in in_folder(folder, deep=False) if item.path in RESPONSES and item.kind == PLAIN]
    _, told = responses_in(items)
    found = {item.path: data for item in items if len(data := item.read(MOST_BYTES)) <= MOST_BYTES}
    return found, [f"{sentence}." for sentence in told]


def _last(kit: Path, name: str) -> dict[str, Any] | None:
    """The last grade that was kept; None where there is none that can be read."""
    try:
        told = json.loads((kit / STATE / f"last-{name}.json").read_text(encoding="utf-8"))
        checks = [
            {key: one[key] for key in ("name", "outcome", "score", "max_score")}
            | ({"stretch": True} if one.get("stretch") else {})
            for one in told["checks"]
        ]
        kept = {key: told[key] for key in ("at", "files", "seed", "versions")}
        points = {key: float(told[key]) for key in ("score", "max_score", "bonus") if key in told or key != "bonus"}
        return {**kept, **points, "checks": checks}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def _said_of(checks: list[dict[str, Any]]) -> list[str]:
    """What to think of before handing in; a stretch function that was left out is nothing to warn of."""
    waiting = [one["name"] for one in checks if one["outcome"] == Outcome.NOT_STARTED.value and "stretch" not in one]
    faults = [one["name"] for one in checks if one["outcome"] == Outcome.GRADER_ERROR.value]
    said = [f"Not started yet: {', '.join(waiting)}."] if waiting else []
    return said + (
        [f"The grader could not judge {', '.join(faults)}. That is not your fault; tell your instructor."] if faults else []
    )


def _unreadable(files: Mapping[str, str]) -> list[str]:
    """A warning for each of one's own files that is no Python."""
    from autograder.observing.importing import explain_syntax

    found = []
    for name, text in files.items():
        try:
            read(text, name)
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            found.append(f"Python cannot read this file, so it will earn no points: {explain_syntax(error, name, text)}.")
    return found


def _and(names: list[str]) -> str:
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))
