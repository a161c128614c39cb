"""Rewrite docs/api.md, what may be imported, from the packages' `__all__` and docstrings (`python scripts/api.py`)."""

from __future__ import annotations

import inspect
from importlib import import_module
from pathlib import Path
from typing import Any

from autograder import Check

PAGE = Path(__file__).resolve().parent.parent / "docs" / "api.md"
MODULES = {
    "autograder": "what a spec (`assignments/hwN/checks.py`) and `misconceptions.py` import",
    "autograder.symptoms": "what in the numbers of a training run looks ill",
    "dlkit": "what a notebook imports",
    "dlkit.datasets": "the course's data, for specs, references and notebooks",
}
CONSTANTS = {
    "EFFECT": "Begins the names of entries of an observation that tell what a call did besides answering.",
    "PROBE": "The input of an `Architecture` check that goes through the model; every other input goes to the builder.",
}
TOP = """\
# What may be imported

These names are public: they are typed, documented and tested, and change only as [Semantic Versioning](https://semver.org/)
allows, with a line in [CHANGELOG.md](../CHANGELOG.md). So do the command line ([commands.md](commands.md)), the JSON of
`--json` and the files of an assignment. Everything else is internal.
In the signature of a kind of check, `…` is what every [`Check`](#check) takes. Made by `make derive`; do not edit it by hand.
"""


def page() -> str:
    """The page: each module, and each of its names with signature and docstring."""
    found = {name: import_module(name) for name in MODULES}
    modules = {name: module for name, module in found.items() if getattr(module, "__all__", ())}
    contents = [f"- [`{name}`](#{name.replace('.', '')}): {MODULES[name]}" for name in modules]
    parts = [TOP, *contents, ""]
    for name, module in modules.items():
        parts.append(f"## {name}\n")
        parts += [described(public, getattr(module, public)) for public in module.__all__]
    return "\n".join(parts)


def described(name: str, thing: Any) -> str:
    """One name: how it is called, and what its docstring says."""
    if inspect.ismodule(thing):
        return f"### {name}\n\nA module: see [`{thing.__name__}`](#{thing.__name__.replace('.', '')}).\n"
    if name in CONSTANTS:
        return f"### {name}\n\n```python\n{name} = {thing!r}\n```\n\n```text\n{CONSTANTS[name]}\n```\n"
    return f"### {name}\n\n```python\n{signature(name, thing)}\n```\n\n```text\n{inspect.getdoc(thing)}\n```\n"


def signature(name: str, thing: Any) -> str:
    """How a class or a function is called, an argument a line where they are many; the same in every Python.

    What a kind of check takes as every `Check` does stands there.
    """
    arguments, star, shared = [], False, False
    for one in inspect.signature(thing).parameters.values():
        if one.name == "label" or as_in_check(thing, one):
            shared = shared or one.name != "label"
            continue
        if one.kind is one.KEYWORD_ONLY and not star:
            arguments.append("*")
        star = star or one.kind in (one.KEYWORD_ONLY, one.VAR_POSITIONAL)
        text = one.name if one.kind is not one.VAR_POSITIONAL else f"*{one.name}"
        hint = getattr(one.annotation, "__forward_arg__", getattr(one.annotation, "__name__", one.annotation))
        if one.annotation is not one.empty:
            text += f": {hint}"
        if one.default is not one.empty:
            value = repr(one.default) if isinstance(one.default, str | int | float | tuple | None) else "…"
            text += f" = {value}".replace("'", '"')
        arguments.append(text)
    arguments += ["…"] if shared else []
    line = f"{name}({', '.join(arguments)})"
    return line if len(line) <= 100 else f"{name}(\n" + "".join(f"    {text},\n" for text in arguments) + ")"


def as_in_check(thing: Any, one: inspect.Parameter) -> bool:
    """Whether an argument of a kind of check is one that every check has, with the same default."""
    if not inspect.isclass(thing) or not issubclass(thing, Check) or thing is Check or one.default is one.empty:
        return False
    same = inspect.signature(Check).parameters.get(one.name)
    return same is not None and same.default == one.default


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
