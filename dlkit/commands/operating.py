"""For operators: whether strangers' code can be graded here, what killed gradings left, and whether a gradebook is sound."""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from dlkit.commands.shared import NOT_ALL, PASSED, refusing

if TYPE_CHECKING:
    from rich.console import Console


@click.command()
@click.option("--attack", is_flag=True, help="Also grade hostile programs, and check that each is contained.")
@click.option("--gradebook", metavar="PATH|URL", help="Check this gradebook instead. Nothing is written to it.")
def doctor(attack: bool, gradebook: str | None) -> None:
    """Check whether this system can grade untrusted code safely, or whether a gradebook is sound.

    Tests each protection in a throw-away process: files, network, processes, memory. If one is missing, dlkit says how to get it.
    Students who grade their own work need none of this. What killed gradings have left is named and removed.

    With --gradebook, dlkit reads all of a gradebook: the file, its schema, each value, the kept answers, and whose work it holds.
    A line with "note" needs a look, but harms no mark.

    \b
    Examples:
      dlkit doctor
      dlkit doctor --attack
      dlkit doctor --gradebook gradebook.db

    \b
    Exit status: 0 safe (gradebook: sound), 1 a needed protection is missing (gradebook: damaged), 2 wrong usage.
    """
    from autograder.report.console import PlainConsole

    console = PlainConsole()
    well = _gradebook(console, gradebook) if gradebook else True
    if attack or not gradebook:
        well = _system(console, attack) and well
    sys.exit(PASSED if well else NOT_ALL)


def _gradebook(console: Console, where: str) -> bool:
    """Examine a gradebook; whether it is sound."""
    from autograder.classroom.gradebook.examining import examine
    from autograder.selftest.lines import print_finding

    sound = True
    with refusing():
        for finding in examine(where):
            print_finding(console, replace(finding, word="damaged" if finding.needed else "note"))
            sound = sound and (finding.fine or not finding.needed)
    console.print("\nThis gradebook is sound." if sound else "\nDo not grade into this gradebook before that is mended.")
    return sound


def _system(console: Console, attack: bool) -> bool:
    """Examine this system; whether it is safe."""
    from autograder.sandbox.leftovers import dead, in_words, remove_dead
    from autograder.sandbox.probe import Finding, examine
    from autograder.selftest.lines import print_finding

    left = in_words(dead())  # before anything is started here, which removes folders by itself
    remove_dead()
    safe = True
    for finding in examine():
        print_finding(console, finding)
        safe = safe and (finding.fine or not finding.needed)
    print_finding(console, Finding("leftovers", True, f"removed: {left}" if left else "killed gradings have left nothing"))
    if attack:
        safe = _attack(console) and safe
    console.print("\nThis system can grade untrusted code safely." if safe else "\nDo not grade untrusted code here yet.")
    return safe


def _attack(console: Console) -> bool:
    """Grade the hostile programs of the self-test; whether all were contained."""
    from autograder.grading.bench import HANDLER
    from autograder.sandbox.workers import source
    from autograder.selftest.bait import Bait
    from autograder.selftest.lines import print_trial
    from autograder.selftest.trial import ATTACKS, read, trials

    programs = [read(path) for path in sorted(ATTACKS.glob("*.py"))]
    console.print(f"\n{len(programs)} hostile programs:")
    contained = True
    with Bait() as bait, source(HANDLER) as workers, source(HANDLER) as trusted:
        for trial in trials(programs, workers, trusted, bait):
            print_trial(console, trial)
            contained = contained and not trial.wrong
    return contained
