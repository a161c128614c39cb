"""For operators: whether strangers' code can be graded here."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from dlkit.commands.shared import NOT_ALL, PASSED

if TYPE_CHECKING:
    from rich.console import Console


@click.command()
@click.option("--attack", is_flag=True, help="Also grade hostile programs, and check that each is contained.")
def doctor(attack: bool) -> None:
    """Check whether this system can grade untrusted code safely.

    Tests each protection in a throw-away process: files, network, processes, memory. If one is missing, dlkit says how to get it.
    Students who grade their own work need none of this.

    \b
    Examples:
      dlkit doctor
      dlkit doctor --attack

    \b
    Exit status: 0 safe, 1 a needed protection is missing.
    """
    from autograder.report.console import PlainConsole
    from autograder.sandbox.probe import examine
    from autograder.selftest.lines import print_finding

    console = PlainConsole()
    safe = True
    for finding in examine():
        print_finding(console, finding)
        safe = safe and (finding.fine or not finding.needed)
    if attack:
        safe = _attack(console) and safe
    console.print("\nThis system can grade untrusted code safely." if safe else "\nDo not grade untrusted code here yet.")
    sys.exit(PASSED if safe else NOT_ALL)


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
