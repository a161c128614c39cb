"""What all pages share: where their templates are, and that nothing a stranger wrote can act in them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jinja2 import Environment

TEMPLATES = Path(__file__).parent / "templates"


def environment(
    filters: Mapping[str, Callable[..., Any]] | None = None, finalize: Callable[[Any], Any] | None = None, **names: Any
) -> Environment:
    """Templates that escape whatever they print and refuse a name that is not there.

    Args:
        filters: by name.
        finalize: what becomes of each value before it is escaped and printed.
        **names: what every template knows.
    """
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    found = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        finalize=finalize,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.filters.update(filters or {})
    found.globals.update(names)
    return found
