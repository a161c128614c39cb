"""Lines of text as HTML for a notebook: what is indented becomes a list, which a screen reader announces as one."""

from __future__ import annotations

import html
from collections.abc import Sequence
from itertools import groupby

BEGIN = '<ul style="list-style: none; margin: 0 0 1em; padding-left: 1.5em">'


def as_html(lines: Sequence[str]) -> str:
    """Paragraphs, and a list for each run of lines that begin with a blank; no text is taken for HTML."""
    parts = []
    for indented, run in groupby(lines, lambda line: line.startswith(" ")):
        tag = "li" if indented else "p"
        inner = "".join(f"<{tag}>{html.escape(line.strip())}</{tag}>" for line in run)
        parts.append(f"{BEGIN}{inner}</ul>" if indented else inner)
    return "".join(parts)
