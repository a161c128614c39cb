"""Rules on one function: what it must not call, what it has to call, and loops that it must not have.

A rule is judged by what the function does: while a case runs, its worker sees which callables the submission's own code
calls (`watching`). The source is read as well, before any of the student's code runs: it tells the line, and it is the
verdict where nothing could be seen.
"""

from __future__ import annotations

import ast
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from autograder.checks.contract import definitions_in
from autograder.observation.answer.calls import Calls

ROWS_LEAST = 20  # rows of a case in which a loop over the rows is told from a loop over columns, units or classes

Place = Callable[[int], str]  # how a line is called: "line 12"


@dataclass(frozen=True)
class Seen:
    """What a worker told of one case, and what was asked in it: the one is a claim, the other is ours."""

    calls: Calls
    inputs: Mapping[str, Any]
    answered: bool = True


@dataclass(frozen=True)
class Forbid:
    """The function must not call these, nor anything inside them ("keras.layers" covers keras.layers.Dense).

    A name covers the callable and its aliases: "tf.sigmoid" covers tf.math.sigmoid, tf.nn.sigmoid, keras.ops.sigmoid and
    keras.activations.sigmoid, however the submission imports them. Its methods count as calls, too, such as
    `np.multiply.outer` or `layer.call`. Calls inside a library do not count.

    A name without a dot covers every library function, method or class with that name: "GradientTape" covers `tf.GradientTape`,
    and "fit" covers `model.fit`. It covers a function of the submission only if the assignment asks for that function. "xor",
    "not_equal", "mod", "matmul", "mul" and "pow" cover the operators `^`, `!=`, `%`, `@`, `*` and `**`.

    A forbidden name in the source that is never called costs nothing; the grade mentions it.
    """

    names: tuple[str, ...]
    why: str = ""

    def __init__(self, *names: str, why: str = "") -> None:
        object.__setattr__(self, "names", names)
        object.__setattr__(self, "why", why)

    @property
    def watched(self) -> tuple[str, ...]:
        """The names that a worker watches for."""
        return self.names

    @property
    def counts_turns(self) -> bool:
        """Whether a worker counts turns of loops."""
        return False

    @property
    def reads(self) -> tuple[str, ...]:
        """The inputs of a case that it is judged by."""
        return ()

    def violation(self, uses: Iterable[Use], place: Place = "line {}".format) -> str:
        """The sentence for the first forbidden use in the source, or ""."""
        for use in uses:
            if any(_covers(name, use.name) for name in self.names):
                return f"uses {use.text} ({place(use.line)}), which is not allowed here{': ' if self.why else ''}{self.why}"
        return ""

    def judged(self, written: str, seen: Sequence[Seen]) -> str:
        """The sentence for a forbidden call that was seen, or ""; `written` is what the source alone would say."""
        if not seen:
            return written
        for one in seen:
            for name in self.names:
                if name in one.calls.called:
                    found = one.calls.called[name]
                    place = f" ({found.place})" if found.place else ""
                    why = f"which is not allowed here{': ' if self.why else ''}{self.why}"
                    return written or f"calls {found.name or name}{place}, {why}"
        return ""


@dataclass(frozen=True)
class Require:
    """The function must call this, in at least one of the cases so many times.

    Names work as in `Forbid`. The name in the source is not enough; the call must happen. With `times="epochs"`, every case needs
    at least as many calls as its input `epochs` says, so one call before a loop is not enough.

    Attributes:
        name: what the function must call.
        times: how often, or the name of an input that says how often in each case. A case without this input needs one call.
        why: why the call is needed.
    """

    name: str
    times: int | str = 1
    why: str = ""

    @property
    def watched(self) -> tuple[str, ...]:
        """The names that a worker watches for."""
        return (self.name,)

    @property
    def counts_turns(self) -> bool:
        """Whether a worker counts turns of loops."""
        return False

    @property
    def reads(self) -> tuple[str, ...]:
        """The inputs of a case that it is judged by."""
        return (self.times,) if isinstance(self.times, str) else ()

    def violation(self, uses: Iterable[Use], place: Place = "line {}".format) -> str:
        """The sentence where there are too few uses in the source, or ""."""
        return self._sentence(sum(_covers(self.name, use.name) for use in uses), 1 if isinstance(self.times, str) else self.times)

    def judged(self, written: str, seen: Sequence[Seen]) -> str:
        """The sentence where too few calls were seen, or ""; `written` is what the source alone would say."""
        counted = [(self._found(one), self._wanted(one)) for one in seen if one.answered]
        if not counted:
            return written
        if isinstance(self.times, str):
            return next((sentence for one in counted if (sentence := self._sentence(*one))), "")
        return self._sentence(*max(counted))

    def _found(self, one: Seen) -> int:
        return one.calls.called[self.name].times if self.name in one.calls.called else 0

    def _wanted(self, one: Seen) -> int:
        wanted = one.inputs.get(self.times, 1) if isinstance(self.times, str) else self.times
        return int(wanted) if isinstance(wanted, int | np.integer) else 1

    def _sentence(self, found: int, wanted: int) -> str:
        if found >= wanted:
            return ""
        each = f" for `{self.times}` = {wanted}" if isinstance(self.times, str) else ""
        often = "" if wanted == 1 else f" at least {wanted} times{each} (found {found})"
        return f"has to use {self.name}{often}{': ' if self.why else ''}{self.why}"


@dataclass(frozen=True)
class ForbidLoops:
    """The function must not loop over the rows of an input in Python.

    dlkit counts the iterations of `for`, `while` and comprehensions in the submission's own code. It also counts calls of the
    submission's own functions and lambdas, which covers `map`, `np.vectorize`, `np.apply_along_axis` and recursion. A case
    breaks the rule if it has at least as many iterations as `over` has rows. Only cases with 20 rows or more are judged. Give
    the check a case with more rows than columns, units or classes, because a loop over those is allowed. dlkit cannot see
    loops inside a library: forbid those functions by name.

    Attributes:
        over: the name of the input, an array.
        why: what to do instead.
    """

    over: str
    why: str = ""

    @property
    def watched(self) -> tuple[str, ...]:
        """The names that a worker watches for: none."""
        return ()

    @property
    def counts_turns(self) -> bool:
        """Whether a worker counts turns of loops."""
        return True

    @property
    def reads(self) -> tuple[str, ...]:
        """The inputs of a case that it is judged by."""
        return (self.over,)

    def violation(self, uses: Iterable[Use], place: Place = "line {}".format) -> str:
        """Nothing: a loop in the source may be over anything."""
        return ""

    def judged(self, written: str, seen: Sequence[Seen]) -> str:
        """The sentence for a case with as many turns as rows, or ""."""
        for one in seen:
            rows = np.asarray(one.inputs.get(self.over, ()))
            if rows.ndim and len(rows) >= ROWS_LEAST and one.calls.turns >= len(rows) and one.answered:
                return (
                    f"goes through the rows of `{self.over}` one by one ({one.calls.turns} turns for {len(rows)} rows), "
                    f"which is not allowed here{': ' if self.why else ''}{self.why}"
                )
        return ""


Rule = Forbid | Require | ForbidLoops


def judged(rules: Sequence[Rule], written: Sequence[str], seen: Sequence[Seen]) -> tuple[list[str], list[str]]:
    """What the rules say of a function: the sentences of those it breaks, and of forbidden names that it never called.

    Args:
        rules: the rules of the check.
        written: what the source alone says of each, in their order; nothing stands for "" everywhere.
        seen: what was seen in each case in which somebody looked.
    """
    broken, unused = [], []
    for rule, said in zip(rules, [*written, *[""] * len(rules)], strict=False):
        if sentence := rule.judged(said, seen):
            broken.append(sentence)
        elif said and isinstance(rule, Forbid):
            unused.append(said)
    return broken, unused


@dataclass(frozen=True)
class Use:
    """One use of a name: what it stands for, how it is written, and where."""

    name: str
    text: str
    line: int
    own: bool = False  # whether the file defines what the name begins with


def violations(
    tree: ast.Module,
    function: str,
    rules: Iterable[Rule],
    place: Place = "line {}".format,
    asked: Collection[str] | None = None,
) -> list[str]:
    """What the source says of each rule: a sentence if `function` breaks it in this file, else ""; nothing if it breaks none.

    A missing function breaks none.

    Args:
        tree: the file.
        function: its name.
        rules: what it must not use, and what it has to.
        place: how a line is called.
        asked: the functions of the file that a rule may mean; all of them by default.
    """
    rules = list(rules)
    if not (rules and function in definitions_in(tree)):
        return []
    uses = [use for use in uses_of(tree, function) if not use.own or asked is None or use.name in asked]
    found = [rule.violation(uses, place) for rule in rules]
    return found if any(found) else []


def uses_of(tree: ast.Module, function: str) -> Iterator[Use]:
    """Every dotted name that `function` uses, itself or through what it uses of the same file."""
    definitions, (_, aliases) = _definitions(tree), _names_in(tree)
    waiting, seen = [function], {function}
    while waiting:
        current = waiting.pop()
        for node in definitions.get(current, ()):
            names, imported = _names_in(node)
            local = aliases | imported
            for text, line in names:
                start, dot, rest = text.partition(".")
                sibling = f"{current.partition('.')[0]}.{rest.partition('.')[0]}" if start == "self" and "." in current else ""
                if sibling in definitions and sibling not in seen:
                    seen.add(sibling)
                    waiting.append(sibling)
                name = canonical(f"{local.get(start, start)}{dot}{rest}")
                head = name.partition(".")[0]
                own = head in definitions and head not in local
                if own and head not in seen:
                    seen.add(head)
                    waiting.append(head)
                yield Use(name, text, line, own)


@lru_cache(maxsize=256)  # every check asks about the same tree
def _names_in(node: ast.AST) -> tuple[list[tuple[str, int]], dict[str, str]]:
    """The dotted names in a part of a file, outside in, with their lines; and what it imports, by the names it gives to that.

    Type hints are left out: `-> keras.Model` uses nothing.
    """
    names: list[tuple[str, int]] = []
    aliases: dict[str, str] = {}
    waiting: deque[ast.AST] = deque([node])
    while waiting:
        current = waiting.popleft()
        if dotted := _dotted(current):
            names.append((dotted, getattr(current, "lineno", 0)))
            continue
        if isinstance(current, ast.Import):
            for item in current.names:
                aliases[item.asname or item.name.partition(".")[0]] = item.name if item.asname else item.name.partition(".")[0]
        elif isinstance(current, ast.ImportFrom) and current.module:
            for item in current.names:
                aliases[item.asname or item.name] = f"{current.module}.{item.name}"
        waiting.extend(child for name, child in _parts(current) if name not in ("annotation", "returns"))
    return names, aliases


def _parts(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    """The nodes inside a node, each with the name of its field; not whether a name is read or written."""
    for name in node._fields:
        value = getattr(node, name, None)
        if isinstance(value, list):
            yield from ((name, one) for one in value if isinstance(one, ast.AST))
        elif isinstance(value, ast.AST) and name != "ctx":
            yield name, value


def _dotted(node: ast.AST) -> str:
    """`tf.nn.sigmoid` or `getattr(tf.nn, "sigmoid")` as a dotted name; "" for anything else."""
    match node:
        case ast.Name(id=name):
            return name
        case ast.Attribute(value=value, attr=attr):
            start = _dotted(value)
            return f"{start}.{attr}" if start else ""
        case ast.Call(func=ast.Name(id="getattr"), args=[value, ast.Constant(value=str(attr)), *_]):
            start = _dotted(value)
            return f"{start}.{attr}" if start else ""
    return ""


def _definitions(tree: ast.Module) -> dict[str, list[ast.AST]]:
    """What each name of the file stands for: functions, classes, and plain assignments.

    A function that is written again below, as in notebooks, no longer counts, unless something else got hold of it.
    """
    found: dict[str, list[ast.AST]] = {name: [node] for name, node in definitions_in(tree).items() if "." in name}
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            before = found.setdefault(node.name, [])
            if before and not _kept(tree, node.name, before[-1], node):
                before.clear()
            before.append(node)
        elif isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Name):
                    found.setdefault(target.id, []).append(node.value)
    return found


def _kept(tree: ast.Module, name: str, first: ast.AST, second: ast.AST) -> bool:
    """Whether the code between two definitions of a name, or the second, uses the first other than by calling it."""
    body: list[ast.AST] = list(tree.body)
    if first not in body:  # an assignment's value
        return True
    between = body[body.index(first) + 1 : body.index(second)]
    assert isinstance(second, ast.FunctionDef | ast.ClassDef)  # noqa: S101 - as in `_definitions`
    now = second.args if isinstance(second, ast.FunctionDef) else second
    nodes = [node for part in (*between, now, *second.decorator_list) for node in ast.walk(part)]
    called = {id(node.func) for node in nodes if isinstance(node, ast.Call)}
    return any(isinstance(node, ast.Name) and node.id == name and id(node) not in called for node in nodes)


def canonical(name: str) -> str:
    """A dotted name as its library calls itself: `tf.keras.layers` is keras.layers, and `np.exp` is numpy.exp."""
    for old, new in (("tf", "tensorflow"), ("np", "numpy"), ("tensorflow.keras", "keras"), ("keras.api", "keras")):
        if name.startswith(f"{old}.") or (name == old and "." in old):
            name = new + name[len(old) :]
    return name


def _covers(rule: str, name: str) -> bool:
    rule = canonical(rule)
    if "." not in rule:
        return name.rpartition(".")[2] == rule or name.partition(".")[0] == rule
    return name == rule or name.startswith(f"{rule}.")
