"""What `dlkit diagnose` says of a program, in a terminal and as JSON."""

from __future__ import annotations

import json
from collections import Counter

from rich.console import Console, Group
from rich.padding import Padding
from rich.text import Text

from autograder.diagnosing import Diagnosis, Finding

PRINTED_LINES = 12
MOST_WATCHED = 4
SYMBOL = ("✗", "x")


def show(diagnosis: Diagnosis, console: Console, name: str, seconds: float) -> None:
    """Print a diagnosis: what the program printed, what looks ill, what was watched."""
    plain = not console.encoding.lower().startswith("utf")
    if diagnosis.printed:
        lines = diagnosis.printed.split("\n")
        cut = [f"({len(lines) - PRINTED_LINES} lines above)"] if len(lines) > PRINTED_LINES else []
        console.print(Text(f"{name} printed:", style="dim"))
        for line in [*cut, *lines[-PRINTED_LINES:]]:
            console.print(Text(f"    {line}"), soft_wrap=True)
    if diagnosis.ending == "stopped":
        console.print(Text(f"\nIt was stopped after {seconds:g} s, and is judged by what it did until then.", style="yellow"))
    elif diagnosis.error:
        console.print(Text(f"\nIt ended early: {diagnosis.error}", style="yellow"))
    for finding in diagnosis.told:
        _block(finding, console, SYMBOL[plain])
    more = len(diagnosis.findings) - len(diagnosis.told)
    if more:
        console.print(Text(f"\n{more} more may be consequences of these; they are in --json.", style="dim"))
    console.print(Text(f"\n{ends_with(diagnosis)}", style="bold"))


def _block(finding: Finding, console: Console, symbol: str) -> None:
    rows = [
        ("", f"{finding.sentence[:1].upper()}{finding.sentence[1:]}."),
        ("where", finding.place),
        ("likely", finding.advice.cause),
        ("try", finding.advice.attempt),
    ]
    body = [Text.assemble((f"{label}: " if label else "", "dim"), text) for label, text in rows if text]
    if finding.code:
        body.insert(2, Text(f"    {finding.code}", style="cyan"))
    console.print(Text.assemble("\n", (symbol, "red"), " ", (finding.advice.title, "bold")))
    console.print(Padding(Group(*body), (0, 0, 0, 4), expand=False))


def ends_with(diagnosis: Diagnosis) -> str:
    """The last sentence: what was watched, and whether anything looks ill."""
    if not diagnosis.watched:
        return (
            "No training was seen, so nothing can be said. Watched are `fit` of Keras and scikit-learn, loops under "
            "tf.GradientTape, and loops that change arrays of NumPy. Parameters that are single numbers, alone or in a dict, are "
            "not seen: keep them in arrays."
        )
    counts = Counter(diagnosis.watched)
    shown = [what if times == 1 else f"{what} ({times} times)" for what, times in counts.items()]
    more = f" and {len(shown) - MOST_WATCHED} more" if len(shown) > MOST_WATCHED else ""
    watched = f"Watched: {', '.join(shown[:MOST_WATCHED])}{more}."
    if not diagnosis.findings:
        return f"{watched} Nothing looks ill."
    count = len(diagnosis.findings)
    return f"{watched} {count} {'thing looks' if count == 1 else 'things look'} ill."


def as_json(diagnosis: Diagnosis, name: str) -> str:
    """A diagnosis for other programs."""
    findings = [
        {
            "name": one.name,
            "title": one.advice.title,
            "sentence": one.sentence,
            "evidence": {key: value if abs(value) < float("inf") else None for key, value in one.evidence.items()},
            "place": one.place,
            "code": one.code,
            "cause": one.advice.cause,
            "try": one.advice.attempt,
        }
        for one in diagnosis.findings
    ]
    content = {
        "file": name,
        "ending": diagnosis.ending,
        "error": diagnosis.error,
        "watched": list(diagnosis.watched),
        "findings": findings,
        "printed": diagnosis.printed,
        "isolation": list(diagnosis.layers),
    }
    return json.dumps(content, indent=2, ensure_ascii=False)
