"""Watches loops of the program's own: what its numbers and arrays become from one turn to the next.

Each loop's body begins with a call of ours, which is put into the program's syntax tree. Lines stay what they are.
"""

from __future__ import annotations

import ast
import re
import time
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np

from autograder.diagnosing.beside.places import Place
from autograder.diagnosing.beside.record import Entry, Record
from autograder.observation import Array
from autograder.sandbox.frames import tell

SEEN = "__dlkit_turn__"
FIRST = 12  # turns, of which arrays are kept
TURNS = 4000  # of which numbers are kept
ARRAY_MOST = 50_000  # numbers of an array that is followed
NAMES = 60
LOSS = re.compile(r"(loss|cost|mse|nll|bce|cross_?entropy|objective)|^(J|L|E)$", re.IGNORECASE)
INPUTS = re.compile(r"^(self\.)?[Xx](_?(train|tr|batch|b|fit))?$|^(inputs?|data|features|images|points)$")
TELL_SECONDS = 0.5
COMMON = (int, float, np.floating, np.integer)


class Loops:
    """What is known of the loops of a program."""

    def __init__(self, record: Record, tree: ast.Module) -> None:
        self.record = record
        self.found: dict[int, Loop] = {}
        self.facts = {node.lineno: facts_of(node) for node in ast.walk(tree) if isinstance(node, ast.For | ast.While)}
        self._nested(tree)
        self._told = 0.0

    def _nested(self, tree: ast.Module) -> None:
        """What is set back by an outer loop is set back."""
        for outer in ast.walk(tree):
            if isinstance(outer, ast.For | ast.While):
                for inner in ast.walk(outer):
                    if isinstance(inner, ast.For | ast.While) and inner is not outer:
                        reset = self.facts[outer.lineno]["set"]
                        facts = self.facts[inner.lineno]
                        facts["adds"] = [one for one in facts["adds"] if one not in reset and _base(one) not in reset]

    def turn(self, line: int, names: dict[str, Any]) -> None:
        """A turn of a loop begins, or the loop has ended."""
        if self.record.inside:
            return
        with self.record.probing("a loop"):
            if line not in self.found:
                self.found[line] = Loop(self.record.add("loop", Place(self.record.program.name, line), **self.facts[line]))
            self.found[line].see(names)
            if time.monotonic() - self._told > TELL_SECONDS:
                self._told = time.monotonic()
                tell(f"line {line}, turn {self.found[line].turns}")

    def finish(self) -> None:
        """What can be told only at the end."""
        for loop in self.found.values():
            loop.finish()


class Loop:
    """One loop and its turns."""

    def __init__(self, entry: Entry) -> None:
        self.entry = entry
        self.turns = 0
        self.numbers: dict[str, list[float]] = {}
        self.lists: dict[str, list[float]] = {}
        self.arrays: dict[str, list[Array]] = {}
        self.last: dict[str, Array] = {}

    def see(self, names: dict[str, Any]) -> None:
        """Look at the names of a turn."""
        self.turns += 1
        if self.turns > TURNS and self.turns % 50:
            return
        keep = self.turns <= FIRST + 1
        for name, value in _flat(names):
            if isinstance(value, COMMON) and not isinstance(value, bool):
                self._number(name, float(value))
            elif isinstance(value, np.ndarray) and (
                value.dtype.kind == "f" or (value.dtype.kind in "iu" and INPUTS.search(name))
            ):
                if value.ndim == 0:
                    self._number(name, float(value))
                elif value.size <= ARRAY_MOST and len(self.arrays) < NAMES:
                    self.last[name] = value
                    if keep:
                        self.arrays.setdefault(name, []).append(value.copy())
            elif LOSS.search(name):
                self._loss(name, value)

    def _number(self, name: str, value: float) -> None:
        if name in self.numbers or len(self.numbers) < NAMES:
            self.numbers.setdefault(name, []).append(value)

    def _loss(self, name: str, value: Any) -> None:
        """A loss in a tensor of one number, or in a list that grows."""
        if isinstance(value, list) and value and isinstance(value[-1], float | np.floating):
            self.lists[name] = [float(one) for one in value[-TURNS:] if isinstance(one, COMMON)]
        elif hasattr(value, "numpy") and getattr(value, "shape", None) == ():
            self._number(name, float(value.numpy()))

    def finish(self) -> None:
        """Put what was seen into the entry."""
        self.entry["turns"] = self.turns
        self.entry["numbers"] = {name: np.array(values) for name, values in self.numbers.items() if len(values) > 2}
        self.entry["lists"] = {name: np.array(values) for name, values in self.lists.items() if len(values) > 2}
        self.entry["arrays"] = {
            name: {"first": [*values[:FIRST]], "last": np.array(self.last[name])}
            for name, values in self.arrays.items()
            if len(values) >= 2 and _base(name) in self.entry["names"]
        }
        for part in ("names", "adds", "set"):
            self.entry[part] = list(self.entry[part])


def watched(tree: ast.Module) -> ast.Module:
    """The program with a call of ours in each loop."""
    _Watching().visit(tree)
    return ast.fix_missing_locations(tree)


class _Watching(ast.NodeTransformer):
    def visit_For(self, node: ast.For) -> Any:
        return self._loop(node)

    def visit_While(self, node: ast.While) -> Any:
        return self._loop(node)

    def _loop(self, node: ast.For | ast.While) -> list[ast.stmt]:
        self.generic_visit(node)
        node.body.insert(0, _call(node))
        return [node, _call(node, at_end=True)]


def _call(loop: ast.stmt, *, at_end: bool = False) -> ast.stmt:
    made = ast.parse(f"{SEEN}({loop.lineno}, locals())").body[0]
    for part in ast.walk(made):
        part.lineno = part.end_lineno = loop.end_lineno if at_end and loop.end_lineno else loop.lineno  # type: ignore[attr-defined]
        part.col_offset = part.end_col_offset = 0  # type: ignore[attr-defined]
    return made


def facts_of(loop: ast.stmt) -> Entry:
    """What stands in a loop: the names that it uses, those that it only ever adds to, those that it sets."""
    adds: set[str] = set()
    sets: set[str] = set()
    names: set[str] = set()
    for node in ast.walk(loop):
        match node:
            case ast.AugAssign(target=target, op=ast.Add() | ast.Sub()):
                adds.add(ast.unparse(target))
            case ast.AugAssign(target=target):
                sets.add(ast.unparse(target))
            case ast.Assign(targets=targets):
                sets |= {ast.unparse(part) for one in targets for part in _targets(one)}
                sets |= {_base(ast.unparse(part)) for one in targets for part in _targets(one) if isinstance(part, ast.Subscript)
                         and isinstance(part.slice, ast.Slice)}  # fmt: skip
            case ast.Call(func=ast.Attribute(value=value, attr="fill")):
                sets.add(ast.unparse(value))
            case ast.Name(id=name):
                names.add(name)
    sums = [one for one in adds if one not in sets]
    return {
        "names": names,
        "sums": sums,
        "adds": [one for one in adds if one not in sets and _base(one) not in sets],
        "set": sets,
    }


def _targets(node: ast.expr) -> Iterator[ast.expr]:
    if isinstance(node, ast.Tuple | ast.List):
        for one in node.elts:
            yield from _targets(one)
    else:
        yield node


def _base(name: str) -> str:
    return re.split(r"[\[.]", name, maxsplit=1)[0]


def _flat(names: dict[str, Any]) -> Iterable[tuple[str, Any]]:
    """Names with their values; of dicts, lists and objects one level more."""
    for name, value in list(names.items())[:200]:
        if name.startswith("_"):
            continue
        if isinstance(value, dict) and len(value) <= 20:
            yield from ((f"{name}[{key!r}]", one) for key, one in value.items())
        elif isinstance(value, list | tuple) and 0 < len(value) <= 20 and isinstance(value[0], np.ndarray):
            yield from ((f"{name}[{place}]", one) for place, one in enumerate(value))
        elif getattr(type(value), "__module__", "") == "__main__" and hasattr(value, "__dict__"):
            yield from ((f"{name}.{key}", one) for key, one in vars(value).items())
        else:
            yield name, value
