"""What all pages share: where their templates are, and that nothing a stranger wrote can act in them."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autograder.report.words import prose as parts_of
from autograder.text import visible

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

TEMPLATES = Path(__file__).parent / "templates"


def environment(
    filters: Mapping[str, Callable[..., Any]] | None = None,
    finalize: Callable[[Any], Any] | None = None,
    folders: tuple[Path, ...] = (TEMPLATES,),
    **names: Any,
) -> Environment:
    """Templates that escape whatever they print and refuse a name that is not there.

    Args:
        filters: by name.
        finalize: what becomes of each value before it is escaped and printed.
        folders: where the templates are.
        **names: what every template knows.
    """
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    found = Environment(
        loader=FileSystemLoader(folders),
        autoescape=True,
        finalize=finalize,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.filters.update(filters or {})
    found.globals.update(names)
    return found


def digest_of(script: str) -> str:
    """What a page's policy calls the one script that it allows."""
    return base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()


def shown(value: Any) -> Any:
    """What a template prints: a text of ours or a student's with nothing hidden in it."""
    return visible(value) if type(value) is str else value


def prose(text: str) -> Markup:
    """A sentence whose names of code look like code."""
    from markupsafe import Markup, escape

    parts = ((is_code, escape(visible(part))) for is_code, part in parts_of(text))
    return Markup("").join(Markup("<code>{}</code>").format(part) if is_code else part for is_code, part in parts)


def breakable(name: str) -> Markup:
    """A name of code that a narrow column may break after an underscore or a dot."""
    from markupsafe import Markup, escape

    return Markup(re.sub(r"([_.])(?=\w)", r"\1<wbr>", str(escape(visible(name)))))  # noqa: S704 - escaped before
