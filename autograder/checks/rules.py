"""Rules on the source of one function: names that it must not use, calls that it must make.

A rule reads the syntax tree. It follows the function into the helpers, constants and classes of the same file that it
uses, and sees through import aliases, `from … import`, assignments like `act = tf.nn.sigmoid` and `getattr(tf, "tanh")`.
It runs before any of the student's code does.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

Place = Callable[[int], str]  # how a line is called: "line 12"


@dataclass(frozen=True)
class Forbid:
    """The function must not use these names, nor anything inside them ("keras.layers" covers keras.layers.Dense).

    A name without a dot is matched wherever it stands last: "GradientTape" finds `tf.GradientTape` and
    `from tensorflow import GradientTape`.
    """

    names: tuple[str, ...]
    why: str = ""

    def __init__(self, *names: str, why: str = "") -> None:
        object.__setattr__(self, "names", names)
        object.__setattr__(self, "why", why)

    def violation(self, uses: Iterable[Use], place: Place = "line {}".format) -> str:
        """The sentence for the first forbidden use, or ""."""
        for use in uses:
            if any(_covers(name, use.name) for name in self.names):
                return f"uses {use.text} ({place(use.line)}), which is not allowed here{': ' if self.why else ''}{self.why}"
        return ""


@dataclass(frozen=True)
class Require:
    """The function must use this name, at least so many times."""

    name: str
    times: int = 1
    why: str = ""

    def violation(self, uses: Iterable[Use], place: Place = "line {}".format) -> str:
        """The sentence where there are too few uses, or ""."""
        found = sum(_covers(self.name, use.name) for use in uses)
        if found >= self.times:
            return ""
        often = "" if self.times == 1 else f" at least {self.times} times (found {found})"
        return f"has to use {self.name}{often}{': ' if self.why else ''}{self.why}"


Rule = Forbid | Require


@dataclass(frozen=True)
class Use:
    """One use of a name: what it stands for, how it is written, and where."""

    name: str
    text: str
    line: int


def violations(tree: ast.Module, function: str, rules: Iterable[Rule], place: Place = "line {}".format) -> list[str]:
    """The sentences of all rules that `function` breaks in this file; a missing function breaks none.

    Args:
        tree: the file.
        function: its name.
        rules: what it must not use, and what it has to.
        place: how a line is called.
    """
    uses = list(uses_of(tree, function))
    if not any(isinstance(node, ast.FunctionDef) and node.name == function for node in tree.body):
        return []
    return [sentence for rule in rules if (sentence := rule.violation(uses, place))]


def uses_of(tree: ast.Module, function: str) -> Iterator[Use]:
    """Every dotted name that `function` uses, itself or through what it uses of the same file."""
    definitions, aliases = _definitions(tree), _imports(tree)
    waiting, seen = [function], {function}
    while waiting:
        for node in definitions.get(waiting.pop(), ()):
            local = aliases | _imports(node)
            for use in _uses_in(node, local):
                head = use.name.partition(".")[0]
                if head in definitions and head not in local and head not in seen:
                    seen.add(head)
                    waiting.append(head)
                yield use


def _uses_in(node: ast.AST, aliases: dict[str, str]) -> Iterator[Use]:
    inner: set[ast.AST] = set()
    for child in _without_annotations(node):
        if child in inner or not isinstance(child, ast.Name | ast.Attribute | ast.Call):
            continue
        dotted = _dotted(child)
        if dotted:
            inner.update(ast.walk(child))
            head, _, rest = dotted.partition(".")
            full = aliases.get(head, head) + (f".{rest}" if rest else "")
            yield Use(_canonical(full), dotted, getattr(child, "lineno", 0))


def _without_annotations(node: ast.AST) -> Iterator[ast.AST]:
    """Walk outside in, past type hints: `-> keras.Model` uses nothing."""
    skip: set[int] = set()
    waiting: list[ast.AST] = [node]
    while waiting:
        current = waiting.pop(0)
        if id(current) in skip:
            continue
        for name in ("annotation", "returns"):
            hint = getattr(current, name, None)
            if isinstance(hint, ast.AST):
                skip.add(id(hint))
        yield current
        waiting.extend(ast.iter_child_nodes(current))


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


@lru_cache(maxsize=256)  # every check asks about the same tree
def _imports(tree: ast.AST) -> dict[str, str]:
    aliases: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for item in node.names:
                aliases[item.asname or item.name.partition(".")[0]] = item.name if item.asname else item.name.partition(".")[0]
        elif isinstance(node, ast.ImportFrom) and node.module:
            for item in node.names:
                aliases[item.asname or item.name] = f"{node.module}.{item.name}"
    return aliases


def _definitions(tree: ast.Module) -> dict[str, list[ast.AST]]:
    """What each name of the file stands for: functions, classes, and plain assignments.

    A function that is written again below, as in notebooks, no longer counts, unless something else got hold of it.
    """
    found: dict[str, list[ast.AST]] = {}
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


def _canonical(name: str) -> str:
    for old, new in (("tensorflow.keras", "keras"), ("keras.api", "keras")):
        if name == old or name.startswith(f"{old}."):
            return new + name[len(old) :]
    return name


def _covers(rule: str, name: str) -> bool:
    rule = _canonical(f"tensorflow{rule[2:]}" if rule.startswith("tf.") else rule)
    if "." not in rule:
        return name.rpartition(".")[2] == rule or name.partition(".")[0] == rule
    return name == rule or name.startswith(f"{rule}.")
