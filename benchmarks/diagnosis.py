"""How often a wrong answer gets a true reason: real students' mistakes, one function at a time.

    python benchmarks/diagnosis.py ../shared/real_mistakes.json [hw2 ...] [--json PATH]

The file is a list of mistakes, each with `id`, `hw`, `function` and the `source` of the function. Each is put into the reference
and graded. `reasons.json` beside this script says which reasons are true of which mistake, as people have judged them: a list of
ids for each mistake that was made, so two lists for two mistakes at once. A reason that is not listed there is counted as false.
"""

from __future__ import annotations

import argparse
import ast
import json
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from autograder.assignment import load
from autograder.grading.bench import HANDLER
from autograder.grading.diagnosis.variant import Reason
from autograder.grading.grade import grade
from autograder.grading.recorded import references_of
from autograder.grading.references import References, keeping_folder
from autograder.outcome import Outcome
from autograder.sandbox.workers import source
from autograder.submission import Submission

ROOT = Path(__file__).parent.parent
JUDGED = Path(__file__).with_name("reasons.json")
RULE = "breaks-a-rule"  # the verdict's own sentence names what is not allowed
Found = dict[str, Any]


def main() -> None:
    """Grade the mistakes and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("mistakes", type=Path, help="a JSON file")
    parser.add_argument("assignments", nargs="*", help="such as hw2; all by default")
    parser.add_argument("--json", type=Path, metavar="PATH", help="write what each mistake is told")
    chosen = parser.parse_args()
    mistakes = json.loads(chosen.mistakes.read_text(encoding="utf-8"))
    names = chosen.assignments or sorted({f"hw{mistake['hw']}" for mistake in mistakes})
    found = [one for name in names for one in _graded(name, [m for m in mistakes if f"hw{m['hw']}" == name])]
    print(_table(found, json.loads(JUDGED.read_text(encoding="utf-8"))))
    if chosen.json:
        chosen.json.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


def _graded(name: str, mistakes: list[dict[str, Any]]) -> Iterator[Found]:
    """What each mistake of one assignment is told."""
    assignment, solutions = load(ROOT / "assignments" / name), ROOT / "solutions" / name
    main_file = assignment.files[0]
    with source(HANDLER) as workers, references_of(assignment, solutions, keeping_folder(), workers) as references:
        found = _noted(references)
        for mistake in mistakes:
            found.clear()
            text = put_into(references.files[main_file], mistake["source"])
            submission = Submission("", {**references.files, main_file: text})
            result = grade(assignment, submission, references, workers, only=[mistake["function"]])
            checks = [check for check in result.checks if check.outcome is not Outcome.PASSED]
            rule = {RULE} if any(check.outcome is Outcome.RULE_BROKEN for check in checks) else set()
            print(f"{name}: {mistake['id']}: {', '.join(sorted(found | rule)) or '-'}", file=sys.stderr, flush=True)
            yield {
                "id": mistake["id"],
                "caught": bool(checks),
                "reasons": sorted(found | rule),
                "told": [f"{check.name}: {check.explanation or check.message}" for check in checks],
            }


def _noted(references: References) -> set[str]:
    """The ids of all reasons that are found from now on; a grade keeps the first of each check."""
    found: set[str] = set()
    ask = references.reasons

    def reasons(*arguments: Any) -> list[Reason]:
        told = ask(*arguments)
        found.update(reason.id for reason in told)
        return told

    references.reasons = reasons  # type: ignore[method-assign]
    return found


def put_into(reference: str, text: str) -> str:
    """The reference with the functions of `text` in place of its own, and the rest of `text` before the first of them."""
    lines, own = reference.splitlines(keepends=True), text.splitlines(keepends=True)
    new = {
        node.name: "".join(own[_start(node) : node.end_lineno])
        for node in ast.parse(text).body
        if isinstance(node, ast.FunctionDef)
    }
    rest = "".join(
        "".join(own[node.lineno - 1 : node.end_lineno]) for node in ast.parse(text).body if not isinstance(node, ast.FunctionDef)
    )
    functions = [node for node in ast.parse(reference).body if isinstance(node, ast.FunctionDef)]
    for node in reversed(functions):
        if node.name in new:
            lines[_start(node) : node.end_lineno] = [new.pop(node.name)]
    lines.insert(_start(functions[0]), "\n".join([rest, *new.values()]) + "\n")
    return "".join(lines)


def _start(node: ast.FunctionDef) -> int:
    return min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)]) - 1


def _table(found: list[Found], judged: dict[str, list[list[str]]]) -> str:
    """The figures, in Markdown."""
    singles = [one for one in found if len(judged.get(one["id"], [[]])) == 1 and one["caught"]]
    pairs = [one for one in found if len(judged.get(one["id"], [[]])) > 1]
    true = {one["id"]: sum(bool(set(one["reasons"]) & set(ids)) for ids in judged.get(one["id"], [[]])) for one in found}
    named = [one for one in found if one["reasons"]]
    false = [one["id"] for one in named if not true[one["id"]]]
    rows = [
        ("one mistake: a true reason", sum(true[one["id"]] > 0 for one in singles), len(singles)),
        ("two at once: both told", sum(true[one["id"]] > 1 for one in pairs), len(pairs)),
        ("two at once: at least one told", sum(true[one["id"]] > 0 for one in pairs), len(pairs)),
        ("named, but no reason is true", len(false), len(named)),
    ]
    lines = ["| | mistakes | of | share |", "|---|---:|---:|---:|"]
    lines += [f"| {what} | {count} | {of} | {count / of if of else 0:.0%} |" for what, count, of in rows]
    kinds = Counter(reason for one in named for reason in one["reasons"])
    often = ", ".join(f"{reason} ({count})" for reason, count in kinds.most_common(8))
    return "\n".join([*lines, "", f"Most often: {often}.", f"False: {', '.join(false) or 'none'}."])


if __name__ == "__main__":
    main()
