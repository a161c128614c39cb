"""One student's feedback as a page of its own. A stand-in: the page that students get takes its place."""

from __future__ import annotations

from html import escape

from autograder.marks import Mark


def page(mark: Mark, *, back: str = "") -> str:
    """The page of one student; `back` is a link to where it was opened from."""
    grade = mark.row.grade if mark.row else None
    link = f'<p><a href="{escape(back)}">Back to the class</a></p>' if back else ""
    lines = "".join(f"<li>{escape(check.name)}: {escape(check.message)}</li>" for check in grade.checks) if grade else ""
    head = '<!doctype html><html lang="en"><meta charset="utf-8"><link rel="icon" href="data:,">'
    title = escape(mark.name or mark.student)
    return f"{head}<title>{title}</title>{link}<h1>{title}</h1><p>{escape(mark.why)}</p><ul>{lines}</ul></html>\n"
