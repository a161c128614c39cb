"""The command line: one group, and its commands by who uses them. A command's module is imported when it is needed."""

from __future__ import annotations

import sys
from collections.abc import Iterator, MutableMapping
from importlib import import_module
from typing import Any

import click

from dlkit import __version__
from dlkit.commands.shared import GONE, USAGE, Refusal, is_of_output, leave_unwritten

SECTIONS = {  # commands by who uses them: each with its module in `dlkit.commands`
    "Everybody": {"grade": "grading", "notebook": "notebooks", "status": "warming", "stop": "warming"},
    "Students": {
        "predict": "predicting",
        "milestone": "milestones",
        "ask": "asking",
        "hint": "hinting",
        "diagnose": "diagnosing",
        "submit": "kits",
        "update": "kits",
    },
    "Instructors": {
        "init": "kits",
        "release": "kits",
        "desk": "desk",
        "marks": "keeping",
        "course": "term",
        "show": "term",
        "people": "people",
        "run": "rerunning",
        "report": "reporting",
        "lecture": "lecturing",
        "misconceptions": "mistakes",
        "feedback": "feedback",
        "export": "exporting",
        "similar": "similarity",
        "adjust": "keeping",
        "forget": "forgetting",
        "history": "keeping",
        "compare": "keeping",
    },
    "Other systems": {
        "gradescope": "packing",
        "classroom50": "packing",
        "check-claims": "claiming",
        "canvas": "on_canvas",
    },
    "The lecture": {"figures": "teaching", "train": "teaching"},
    "Authors": {"new": "authoring", "derive": "authoring", "lint": "authoring", "sample-class": "authoring"},
    "Operators": {"doctor": "operating"},
}
GRADEBOOK = {"sqlalchemy", "alembic"}  # libraries that `pip install dlkit` does not bring, as a student needs none of them


class Commands(MutableMapping[str, click.Command]):
    """The commands by name; each is imported when it is asked for."""

    def __init__(self) -> None:
        self._modules = {name: module for commands in SECTIONS.values() for name, module in commands.items()}

    def __getitem__(self, name: str) -> click.Command:
        module = import_module(f"dlkit.commands.{self._modules[name]}")
        command: click.Command = getattr(module, name.replace("-", "_"))
        return command

    def __setitem__(self, name: str, command: click.Command) -> None:
        raise TypeError("commands are listed in SECTIONS")

    __delitem__ = None  # type: ignore[assignment]

    def __iter__(self) -> Iterator[str]:
        return iter(self._modules)

    def __len__(self) -> int:
        return len(self._modules)


class Sections(click.Group):
    """A group whose help lists the commands by who uses them."""

    def main(self, *arguments: Any, **options: Any) -> Any:
        """Run the program; where its output cannot be written, that is said."""
        try:
            try:
                return super().main(*arguments, **options)
            finally:  # and not when Python ends, which tells nobody
                if sys.stdout:
                    sys.stdout.flush()
        except OSError as error:
            if is_of_output(error):
                leave_unwritten(error)
            raise

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        """A command; of one that is gone, it is said what to use."""
        if name == "github":
            raise Refusal(GONE.format(use="dlkit classroom50"), USAGE)
        return super().get_command(context, name)

    def invoke(self, context: click.Context) -> Any:
        """Run a command; of one that needs a gradebook, it is said how to get what is missing for it."""
        try:
            return super().invoke(context)
        except ModuleNotFoundError as error:
            if (error.name or "").partition(".")[0] not in GRADEBOOK:
                raise
            from autograder.sandbox.installed import installer

            raise Refusal(
                f"A gradebook needs {error.name}, which is not installed: {installer()} 'dlkit[class]'", USAGE
            ) from None

    def format_commands(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the sections of commands, each command with its first sentence."""
        width = formatter.width - 6 - max(len(name) for name in self.commands)
        for title, commands in SECTIONS.items():
            with formatter.section(title):
                formatter.write_dl([(name, self.commands[name].get_short_help_str(width)) for name in commands])


@click.group(
    cls=Sections,
    commands=Commands(),
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, prog_name="dlkit")
def main() -> None:
    """Teach and assess a first deep-learning course.

    \b
    Example:
      dlkit grade assignments/hw2
    """
