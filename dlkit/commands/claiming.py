"""For instructors: the scores that Classroom 50 has collected, beside a grading with the secret seed."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

import click

from dlkit.commands.grading import grade_inbox
from dlkit.commands.shared import (
    FAULT,
    GRADEBOOK,
    NOT_ALL,
    PASSED,
    STOPPED,
    USAGE,
    Refusal,
    find_assignment,
    opened,
    refusing,
    ungraded,
)


@click.command("check-claims")
@click.argument("assignment")
@click.argument("scores", metavar="SCORES.JSON")
@click.option("--submissions", metavar="DIR|ZIP", help="Grade these clones first (default: compare with the gradebook).")
@click.option("--roster", metavar="CSV", help="With --submissions: the classroom's roster.csv.")
@click.option("--seed-file", metavar="PATH", help="With --submissions: file with the secret seed (default: the gradebook's).")
@click.option(
    "--unsafe-no-isolation", "unsafe", is_flag=True, help="With --submissions: grade even if nothing protects your files."
)
@GRADEBOOK
def check_claims(
    assignment: str, scores: str, submissions: str | None, roster: str | None, seed_file: str | None, unsafe: bool, gradebook: str
) -> None:
    """Check the scores that Classroom 50 has collected.

    SCORES.JSON is CLASSROOM/scores.json in your organization's repository classroom50. Students' own repositories made these
    scores, so each is a claim. This command compares the newest claim of each repository with your own grading, which uses the
    secret seed. It names every claim that differs by more than a point, or is out of another maximum.

    With --submissions, it first grades the clones as `dlkit grade` does.

    \b
    Examples:
      dlkit check-claims hw2 scores.json --submissions clones --roster roster.csv
      dlkit check-claims hw2 scores.json

    \b
    Exit status: 0 all agree, 1 a claim differs or cannot be compared, 2 wrong usage, 3 grader error, 130 stopped.
    """
    from autograder.inbox.claims import MOST, ClaimsError, read_scores

    alone = {"--roster": roster, "--seed-file": seed_file, "--unsafe-no-isolation": unsafe}
    if submissions is None and (wrong := next((name for name, value in alone.items() if value), None)):
        raise Refusal(f"{wrong} is for a grading: add --submissions.", USAGE)
    folder = find_assignment(assignment)
    name = folder.resolve().name
    with refusing(place=scores, to_be="read"):
        with Path(scores).open("rb") as file:
            data = file.read(MOST + 1)
        if len(data) > MOST:
            raise ClaimsError(f"{scores} must have at most {MOST // 2**20} MB. Received: more. Remove the older submissions")
        try:
            collected = read_scores(data.decode("utf-8-sig"), name, scores)
        except UnicodeDecodeError:
            raise ClaimsError(f"{scores} must be UTF-8 text. Received: other bytes. Download it again") from None
    status = PASSED
    if submissions is not None:
        status = grade_inbox(folder, submissions, unsafe=unsafe, gradebook=gradebook, roster=roster, seed_file=seed_file)
        if status == STOPPED:
            sys.exit(status)

    from autograder.classroom.claims import compared
    from autograder.grading.grade import PUBLIC_SEED

    with opened(gradebook) as book, refusing():
        rows = book.rows(name)
        found = compared(collected.claims, rows, book.people())
    if not rows:
        raise ungraded(gradebook, name)
    if any(row.grade and row.grade.seed == PUBLIC_SEED for row in rows):
        click.echo("dlkit: some were graded with the public seed, which students know: use a secret one.", err=True)
    _list("Claims that differ by more than a point, or in the maximum", found.different)
    _list("Entries that do not fit the format", collected.misfits)
    _list("Claims that cannot be compared", found.unknown)
    _list("Graded here, but without a claim", found.missing)
    count = len(collected.claims) + len(collected.misfits)
    parts = f"{len(found.different)} differ, {len(collected.misfits)} do not fit, {len(found.unknown)} cannot be compared"
    claims = "1 claim" if count == 1 else f"{count} claims"
    click.echo(f"{name}: {claims} in {scores}. {found.agreed} agree, {parts}.")
    open_ = found.different or collected.misfits or found.unknown
    sys.exit(FAULT if status == FAULT else NOT_ALL if open_ or status else PASSED)


def _list(what: str, sentences: Iterable[str]) -> None:
    """Say who it is about, a line each; nothing where it is nobody."""
    from autograder.text import visible

    if told := list(sentences):
        click.echo("\n".join([f"{what} ({len(told)}):", *(f"  {visible(one)}" for one in told), ""]))
