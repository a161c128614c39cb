"""The command line: one group, and its commands by who uses them."""

from __future__ import annotations

import click

from dlkit import __version__
from dlkit.commands import (
    authoring,
    claiming,
    exporting,
    feedback,
    grading,
    keeping,
    kits,
    mistakes,
    notebooks,
    operating,
    packing,
    reporting,
    similarity,
    teaching,
    term,
    warming,
)
from dlkit.commands.shared import GONE, USAGE, Refusal

SECTIONS = {
    "Everybody": (grading.grade, notebooks.notebook, warming.status, warming.stop),
    "Students": (kits.submit, kits.update),
    "Instructors": (
        kits.init,
        kits.release,
        keeping.marks,
        term.course,
        term.show,
        reporting.report,
        mistakes.misconceptions,
        feedback.feedback,
        exporting.export,
        similarity.similar,
        keeping.adjust,
        keeping.history,
        keeping.compare,
    ),
    "Other systems": (packing.gradescope, packing.classroom50, claiming.check_claims),
    "The lecture": (teaching.figures, teaching.train),
    "Authors": (authoring.new, authoring.derive, authoring.lint, authoring.sample_class),
    "Operators": (operating.doctor,),
}


class Sections(click.Group):
    """A group whose help lists the commands by who uses them."""

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        """A command; of one that is gone, it is said what to use."""
        if name == "github":
            raise Refusal(GONE.format(use="dlkit classroom50"), USAGE)
        return super().get_command(context, name)

    def format_commands(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the sections of commands, each command with its first sentence."""
        width = formatter.width - 6 - max(len(name) for name in self.commands)
        for title, commands in SECTIONS.items():
            with formatter.section(title):
                formatter.write_dl([(str(command.name), command.get_short_help_str(width)) for command in commands])


@click.group(
    cls=Sections,
    commands=[command for commands in SECTIONS.values() for command in commands],
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, prog_name="dlkit")
def main() -> None:
    """Teach and assess a first deep-learning course.

    \b
    Example:
      dlkit grade assignments/hw2
    """
