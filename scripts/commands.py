"""Rewrite docs/commands.md, the reference of commands, from what `--help` says (`python scripts/commands.py`)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from dlkit.cli import SECTIONS, main

PAGE = Path(__file__).resolve().parent.parent / "docs" / "commands.md"
WIDTH = 100
TOP = """\
# Commands

What `--help` says of every command. Made by `make derive`; do not edit it by hand.
"""


def page() -> str:
    """The page: the commands by who uses them, then the help of each, nested ones after their group."""
    top = click.Context(main, info_name="dlkit", terminal_width=WIDTH, **main.context_settings)
    contents = [
        f"- {title}: " + ", ".join(f"[{name}](#dlkit-{name})" for name in commands) for title, commands in SECTIONS.items()
    ]
    helps = [text for commands in SECTIONS.values() for name in commands for text in sections(main.commands[name], top)]
    return "\n".join([TOP, *contents, "", *helps])


def sections(command: click.Command, parent: click.Context, level: int = 2) -> Iterator[str]:
    """The section of a command, and those of the commands in it."""
    context = click.Context(command, info_name=command.name, parent=parent)
    text = "\n".join(line.rstrip() for line in command.get_help(context).splitlines())
    yield f"{'#' * level} {context.command_path}\n\n```text\n{text}\n```\n"
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            if (inner := command.get_command(context, name)) is not None:
                yield from sections(inner, context, level + 1)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
