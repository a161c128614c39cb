"""`solutions/hwN/survivors.toml`: why a mutant keeps its points, in the author's words.

Some slips change nothing that the contract asks for; as everywhere in mutation testing they are not counted. Others do, and
an author may still decide that no case is worth it: those are counted. Each is named by its line as Python writes it::

    [[equivalent]]
    function = "softmax"
    was = "return e / np.sum(e, axis=1, keepdims=True)"
    becomes = ["return e / np.sum(e, axis=-1, keepdims=True)"]
    reason = "logits have two axes: the second is the last"

    [[survivor]]
    function, was, becomes, reason as above

    [[rewriting]]            # a spelling that `dlkit lint` makes, and that is another function all the same
    function = "hinge"
    kind = "a / c * b for a * b / c"
    reason = "a step on an edge"

    [[answer]]               # a changed answer that is as right
    check = "minibatches"
    mutant = "rows shuffled"
    reason = "any order is right"

    [left_out]
    _plot = "what a picture looks like is judged by people"
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autograder.text.errors import FaultError

SURVIVORS = "survivors.toml"
TABLES = {"equivalent", "survivor", "rewriting", "answer", "left_out"}
Key = tuple[str, str, str]


class SurvivorsError(FaultError):
    """The file is not what it should be; the message is one sentence for the author."""


@dataclass(frozen=True)
class Explained:
    """The author's reasons.

    Attributes:
        equivalent: why mutants answer as the reference does to everything that the contract asks for.
        survivors: why no case tells mutants from the reference, though one could.
        left_out: why functions are not mutated at all.
        rewritings: why spellings, by function and kind, may lose points.
        answers: why changed answers, by check and change, may keep them.
    """

    equivalent: Mapping[Key, str] = field(default_factory=dict)
    survivors: Mapping[Key, str] = field(default_factory=dict)
    left_out: Mapping[str, str] = field(default_factory=dict)
    rewritings: Mapping[tuple[str, str], str] = field(default_factory=dict)
    answers: Mapping[tuple[str, str], str] = field(default_factory=dict)

    @property
    def reasons(self) -> dict[Key, str]:
        """The reasons for mutants of either kind."""
        return {**self.equivalent, **self.survivors}


def explained_in(folder: Path) -> Explained:
    """The explanations in `solutions/hwN`; none where there is no such file.

    Raises:
        SurvivorsError: the file is no TOML, or has what it should not have.
    """
    path = folder / SURVIVORS
    if not path.is_file():
        return Explained()
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SurvivorsError(f"{path} must be a TOML file. Received: {error}") from None
    unknown = next(iter(table.keys() - TABLES), None)
    if unknown is not None:
        raise SurvivorsError(
            f"{path} may have [[equivalent]], [[survivor]], [[rewriting]], [[answer]] and [left_out]. Received: {unknown!r}"
        )
    left_out = table.get("left_out", {})
    if not isinstance(left_out, dict) or not all(isinstance(reason, str) and reason.strip() for reason in left_out.values()):
        raise SurvivorsError(f"{path}: [left_out] must give a reason for each function. Received: {left_out!r}")
    return Explained(
        _reasons(path, table, "equivalent"),
        _reasons(path, table, "survivor"),
        left_out,
        _named(path, table, "rewriting", ("function", "kind")),
        _named(path, table, "answer", ("check", "mutant")),
    )


def _named(path: Path, table: Mapping[str, Any], kind: str, by: tuple[str, str]) -> dict[tuple[str, str], str]:
    """The reasons of a table whose entries are known by two names."""
    entries = table.get(kind, [])
    wanted = {*by, "reason"}
    for entry in entries if isinstance(entries, list) else [entries]:
        if not isinstance(entry, dict) or entry.keys() != wanted:
            raise SurvivorsError(f"{path}: each [[{kind}]] must have {by[0]}, {by[1]} and reason. Received: {entry!r}")
        if not all(isinstance(text, str) and text.strip() for text in entry.values()):
            raise SurvivorsError(f"{path}: each entry of a [[{kind}]] must be a text. Received: {entry!r}")
    return {(entry[by[0]], entry[by[1]]): entry["reason"] for entry in entries}


def _reasons(path: Path, table: Mapping[str, Any], kind: str) -> dict[Key, str]:
    entries = table.get(kind, [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise SurvivorsError(f"{path}: mutants are listed under [[{kind}]]. Received: {entries!r}")
    return {
        key: reason
        for number, entry in enumerate(entries, 1)
        for key, reason in _mutants(f"{path}: {kind} {number}", entry).items()
    }


def _mutants(where: str, entry: Mapping[str, Any]) -> dict[Key, str]:
    wanted = {"function", "was", "becomes", "reason"}
    if entry.keys() != wanted:
        raise SurvivorsError(
            f"{where} must have function, was, becomes and reason. Received: {', '.join(sorted(entry)) or 'none'}"
        )
    becomes = entry["becomes"] if isinstance(entry["becomes"], list) else [entry["becomes"]]
    texts = [entry["function"], entry["was"], entry["reason"], *becomes]
    if not becomes or not all(isinstance(text, str) for text in texts) or not entry["reason"].strip():
        raise SurvivorsError(f"{where}: each entry must be a text, and `becomes` one or a list of them. Received: {entry!r}")
    return {(entry["function"], entry["was"], line): entry["reason"] for line in becomes}


def append(folder: Path, survivors: Iterable[Mapping[str, Any]]) -> int:
    """Write survivors without a reason below the explanations, for the author to give one; how many.

    Those that a case could catch go under [[survivor]], the others under [[equivalent]].

    Raises:
        OSError: the file cannot be written.
    """
    grouped: dict[tuple[str, str, str], list[str]] = {}
    for one in survivors:
        if not one["reason"]:
            kind = "survivor" if one["caught by"] else "equivalent"
            lines = grouped.setdefault((kind, one["function"], one["was"]), [])
            lines += [one["becomes"]] if one["becomes"] not in lines else []
    text = ""
    for (kind, function, was), lines in grouped.items():
        becomes = "".join(f"  {_quoted(line)},\n" for line in lines)
        text += f'\n[[{kind}]]\nfunction = {_quoted(function)}\nwas = {_quoted(was)}\nbecomes = [\n{becomes}]\nreason = ""\n'
    if text:
        with (folder / SURVIVORS).open("a", encoding="utf-8") as file:
            file.write(text)
    return sum(map(len, grouped.values()))


def _quoted(text: str) -> str:
    """A text as TOML has it: as it is, where it can be."""
    return f"'{text}'" if "'" not in text and text.isprintable() else json.dumps(text, ensure_ascii=False)
