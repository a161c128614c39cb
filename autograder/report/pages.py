"""What all pages share: where their templates are, and that nothing a stranger wrote can hide or act in them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autograder.text import visible

if TYPE_CHECKING:
    from jinja2 import Environment

TEMPLATES = Path(__file__).parent / "templates"


def environment(filters: Mapping[str, Callable[..., Any]] | None = None, **names: Any) -> Environment:
    """Templates that escape whatever they print and refuse a name that is not there.

    Args:
        filters: by name.
        **names: what every template knows.
    """
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    found = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        finalize=_shown,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.filters.update(filters or {})
    found.globals.update(names)
    return found


def _shown(value: Any) -> Any:
    """What a template prints: a text of ours or a student's with nothing hidden in it."""
    return visible(value) if type(value) is str else value
