"""The process that stays after a grading, so that the next one starts at once: `dlkit status` and `dlkit stop`."""

from __future__ import annotations

import click


@click.command()
def status() -> None:
    """Show the process that dlkit keeps warm, since when, and how much memory it uses.

    The first `dlkit grade` of an assignment imports TensorFlow, which takes some seconds. On Linux, the process that did so stays
    for ten minutes, so that the next grading starts at once. It runs nobody's code: each grading still gets a process of its own.
    One such process, a worker, is started ahead. It waits for the next grading, and has seen nobody's code.

    \b
    Example:
      dlkit status
    """
    import time

    from autograder.sandbox.budget import size
    from autograder.sandbox.standby import standing, why_none

    reason = why_none()
    found = standing()
    for one in found:
        if not one.answers:
            click.echo(f"Process {one.pid} does not answer: it is importing, or it hangs. `dlkit stop` ends it.")
            continue
        since = time.strftime("%H:%M", time.localtime(one.since))
        use = f"{one.graders} in use" if one.graders else f"idle for {_length(one.idle)}"
        click.echo(f"Process {one.pid}: warm since {since}, {size(one.memory)} of memory, {use}.")
        if one.spare:
            click.echo(f"  A worker waits for the next grading, with {size(one.spare)} of its own.")
        if not one.current and not reason:
            click.echo("  It has other versions or limits than this terminal, so `dlkit grade` will not use it from here.")
        if not one.graders:
            click.echo(f"  It ends in {_length(max(0.0, one.limit - one.idle))}, when memory is short, or with `dlkit stop`.")
    if not found:
        click.echo("Nothing is kept warm.")
    if reason:
        click.echo(f"Here dlkit keeps no process warm, because {reason}.")
    elif not found:
        click.echo("The next `dlkit grade` leaves a process behind that speeds up the one after it.")


@click.command()
def stop() -> None:
    """End the process that dlkit keeps warm. The next grading starts as slowly as the first.

    A grading that uses it at the moment goes on with a process of its own.

    \b
    Example:
      dlkit stop
    """
    from autograder.sandbox.standby import stop

    stopped = stop()
    click.echo("Stopped." if stopped == 1 else f"Stopped {stopped} processes." if stopped else "Nothing was kept warm.")


def _length(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 100 else f"{seconds / 60:.0f} min"
