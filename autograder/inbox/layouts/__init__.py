"""Layouts: how teachers and learning platforms lay out the submissions of a class.

A module in this folder that has `LAYOUTS` is one of them; nothing else has to be told of it.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from autograder.inbox.layout import Layout


@cache
def layouts() -> dict[str, Layout]:
    """Every layout by its name, in the order in which they are tried."""
    modules = [import_module(f"{__name__}.{module.name}") for module in iter_modules(__path__)]
    found = [layout for module in modules for layout in module.LAYOUTS]
    return {layout.name: layout for layout in sorted(found, key=lambda layout: layout.turn)}
