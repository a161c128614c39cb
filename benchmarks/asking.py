"""How many questions there are about right programs, and whether each has one right answer and no other.

    python benchmarks/asking.py [hw2 ...] [--seed N] [--json PATH]

Asked about are the references, and the alternative solutions of tests/assignments/accepted, each put into its reference. Every
question about a function that a solution changes, and the five that are chosen of all, is found again by other means
(tests/support/asked_again.py).
"""

from __future__ import annotations

import argparse
import ast
import json
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
BESIDE = 4  # functions that are looked at beside those that a solution changes
sys.path.insert(0, str(ROOT / "tests" / "support"))

import numpy as np  # noqa: E402
from asked_again import Again, run  # noqa: E402 - beside the tests
from support import Course  # noqa: E402

from autograder.asking.sitting import COUNT, GOOD, sit  # noqa: E402
from autograder.assignment import Assignment, load  # noqa: E402
from autograder.grading.bench import HANDLER  # noqa: E402
from autograder.grading.references import keeping_folder  # noqa: E402
from autograder.sandbox.workers import Source, source  # noqa: E402


def main() -> None:
    """Ask about every program, check every question, print the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("names", nargs="*", help="assignments, or programs such as hw2/svd (default: all)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", type=Path, metavar="PATH", help="write the numbers")
    asked = parser.parse_args()
    only = {name for name in asked.names if "/" in name}
    names = list(dict.fromkeys(name.partition("/")[0] for name in asked.names)) or sorted(
        path.parent.name for path in ROOT.glob("assignments/*/checks.py")
    )
    rows = []
    print(f"{'program':38} {'of it':>6} {'good':>6} {'chosen':>6} {'wrong':>6} {'s':>6}  kinds")
    with source(HANDLER) as workers:
        for name in names:
            spec = load(ROOT / "assignments" / name)
            found = [
                tried(spec, *one, workers, asked.seed)
                for one in programs(name, workers)
                if not only or f"{name}/{one[0]}" in only
            ]
            run([again for again, _ in found])
            for again, row in found:
                row["wrong"] = again.found()
                rows.append(row)
                program = row["program"]
                print(
                    f"{program:38} {row['of it']:>6} {row['good']:>6} {row['chosen']:>6} {len(row['wrong']):>6} "
                    f"{row['seconds']:>6}  {row['kinds']}",
                    flush=True,
                )
                for sentence in row["wrong"]:
                    print(f"    {sentence}", flush=True)
    few = sum(row["chosen"] < COUNT for row in rows)
    checked, wrong = sum(row["checked"] for row in rows), sum(len(row["wrong"]) for row in rows)
    print(
        f"{len(rows)} programs, {few} with fewer than {COUNT} questions; {checked} questions checked, {wrong} wrong or ambiguous"
    )
    if asked.json:
        asked.json.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")


def programs(name: str, workers: Source) -> Iterator[tuple[str, str, list[str]]]:
    """The reference, and each alternative: its name, the whole file, and the functions that it changes."""
    course = Course(ROOT / "assignments" / name, keeping_folder() or Path(), workers)
    yield "reference", course.source, []
    for path in sorted(ROOT.glob(f"tests/assignments/accepted/{name}/*.py")):
        text = path.read_text(encoding="utf-8")
        yield (
            path.stem,
            course.replacing_all(text),
            [node.name for node in ast.parse(text).body if isinstance(node, ast.FunctionDef)],
        )


def tried(
    spec: Assignment, program: str, text: str, changed: list[str], workers: Source, seed: int
) -> tuple[Again, dict[str, Any]]:
    """The questions about one program: what finds the answers again, and the numbers."""
    started = time.monotonic()
    functions = list(dict.fromkeys(check.function for check in spec.checks))
    files = {spec.files[0]: text}
    others = [name for name in functions if name not in changed]
    few = [others[place] for place in np.random.default_rng([seed, len(text)]).permutation(len(others))[:BESIDE]]
    sitting = sit(
        spec, files, [*(name for name in functions if name in changed), *few] if changed else functions, workers, seed=seed
    )
    first = sitting
    of_it = [one for one in sitting.questions if one.function in changed or not changed]
    chosen = sitting.chosen(COUNT, seed)
    if sum(one.weight >= GOOD for one in chosen) < COUNT:
        sitting = sit(spec, files, functions, workers, seed=seed, enough=COUNT)
        chosen = sitting.chosen(COUNT, seed)
    checked = list({one.id: one for one in [*of_it, *chosen]}.values())
    calls = {name: dict(subject.calls) for several in (sitting, first) for name, subject in several.subjects.items()}
    again = Again(text, calls)
    again.prepare(checked)
    print(f"  {spec.name}/{program}: {len(checked)} questions in {time.monotonic() - started:.0f} s", file=sys.stderr, flush=True)
    return again, {
        "program": f"{spec.name}/{program}",
        "of it": len(of_it),
        "good": sum(one.weight >= GOOD for one in of_it),
        "chosen": len(chosen),
        "checked": len(checked),
        "kinds": " ".join(f"{kind}:{count}" for kind, count in sorted(Counter(one.kind for one in chosen).items())),
        "seconds": round(time.monotonic() - started, 1),
    }


if __name__ == "__main__":
    main()
