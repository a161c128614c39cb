"""The grader graded by a stranger: Bohrin's public battery, tried on every function of every assignment.

Bohrin (https://pypi.org/project/bohrin/) makes submissions that a grader must reject, because they do no work or tamper with what
judges them, and rewritings of the reference that it must accept. Here each public function that a check asks about is a task: the
battery rewrites that function, the rest of the reference stays. Each assignment's whole folder is one more, with the files that
the battery puts beside the source.

    python benchmarks/stranger.py --python .venv-stranger/bin/python [--markdown docs/stranger.md] [--json PATH] [hw2 ...]
"""

from __future__ import annotations

import argparse
import ast
import json
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from autograder.assignment import Assignment, load
from autograder.grading.bench import HANDLER
from autograder.grading.grade import grade
from autograder.grading.references import References, keeping_folder
from autograder.outcome import Outcome
from autograder.sandbox.workers import Source, source
from autograder.submission import Submission, SubmissionError, take_in

ROOT = Path(__file__).parent.parent
BATTERY = ROOT / "benchmarks" / "against" / "battery.py"
SEED = 20_261_128  # nobody's public seed
BEGIN, END = "<!-- stranger: begin -->\n", "<!-- stranger: end -->\n"
Task = dict[str, Any]


def main() -> None:
    """Try the battery, print the table, and write it where it is asked for."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("assignments", nargs="*", help="such as hw2; all by default")
    parser.add_argument("--python", required=True, help="of an environment in which bohrin is installed")
    parser.add_argument("--json", type=Path, metavar="PATH", help="write every submission's verdict")
    parser.add_argument("--markdown", type=Path, metavar="PATH", help="put the table between the marks of this page")
    chosen = parser.parse_args()
    names = chosen.assignments or sorted(path.parent.name for path in ROOT.glob("assignments/*/checks.py"))
    cards = {name: _tried(name, chosen.python) for name in names}
    table = _table(cards)
    print(table)
    if chosen.json:
        chosen.json.write_text(json.dumps(cards, indent=1) + "\n", encoding="utf-8")
    if chosen.markdown:
        before, _, rest = chosen.markdown.read_text(encoding="utf-8").partition(BEGIN)
        chosen.markdown.write_text(before + BEGIN + table + END + rest.partition(END)[2], encoding="utf-8")


def _tried(name: str, python: str) -> dict[str, Any]:
    """What the grader of one assignment says of everything that the battery proposes for it."""
    started = time.monotonic()
    folder = ROOT / "assignments" / name
    assignment = load(folder)
    with source(HANDLER) as workers, References(assignment, ROOT / "solutions" / name, keeping_folder(), workers) as references:
        tasks = _asked(python, "propose", list(_tasks(assignment, references.files)))
        for number, task in enumerate(tasks, 1):
            print(f"{name}: task {number} of {len(tasks)}, {task['id']}", file=sys.stderr, flush=True)
            for one in (*task["right"], *task["wrong"]):
                one["accepted"] = _accepted(assignment, references, workers, task, one)
    card: dict[str, Any] = _asked(python, "score", tasks)
    return {"card": card, "tasks": tasks, "seconds": round(time.monotonic() - started)}


def _tasks(assignment: Assignment, files: Mapping[str, str]) -> Iterator[Task]:
    """Each function that is asked about, as a module of its own, and the whole as a folder."""
    main = assignment.files[0]
    lines = files[main].splitlines(keepends=True)
    tree = ast.parse(files[main])
    spans = {node.name: _span(node) for node in tree.body if isinstance(node, ast.FunctionDef)}
    for function in dict.fromkeys(check.function for check in assignment.checks):
        if function in spans:
            others = {number for name, span in spans.items() if name != function for number in span}
            reference = "".join(line for number, line in enumerate(lines, 1) if number not in others)
            rest = "".join(line for number, line in enumerate(lines, 1) if number in others)
            told = {"file": main, "function": function, "rest": rest}
            yield {"id": f"{assignment.name}/{function}", "shape": "program", "reference": reference, **told}
    told = {"file": main, "function": "", "rest": ""}
    yield {"id": f"{assignment.name}/(folder)", "shape": "workspace", "reference": files[main], **told}
    yield {"id": f"{assignment.name}/(all)", "shape": "program", "reference": files[main], **told}


def _span(node: ast.FunctionDef) -> range:
    return range(min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)]), (node.end_lineno or 0) + 1)


def _accepted(assignment: Assignment, references: References, workers: Source, task: Task, one: Task) -> bool | None:
    """Whether a submission earns every point that it is about; None where the grader could not tell, or nothing was tried."""
    try:
        submission = _handed_in(assignment, references, task, one)
    except SubmissionError as error:  # refused in a sentence is not paid
        one["said"] = str(error)
        return False
    if submission is None:
        return None
    only = [task["function"]] if task["function"] else []
    result = grade(assignment, submission, references, workers, only=only, seed=SEED)
    one["said"] = next((check.message for check in result.checks if check.outcome is not Outcome.PASSED), "")
    one["earned"] = sum(check.score or 0 for check in result.checks) / sum(check.max_score for check in result.checks)
    if any(check.score is None for check in result.checks):
        return None
    return all(check.outcome is Outcome.PASSED for check in result.checks)


def _handed_in(assignment: Assignment, references: References, task: Task, one: Task) -> Submission | None:
    """A proposed submission as the grader takes it in; None where a command would have to run in an agent's container."""
    if "text" in one:
        return Submission("", {**references.files, task["file"]: f"{one['text']}\n\n{task['rest']}"})
    if one["commands"]:
        return None
    with tempfile.TemporaryDirectory(prefix="dlkit-stranger-") as folder:
        for path, text in {**references.files, **one["files"]}.items():
            if text is not None:
                (Path(folder) / path).parent.mkdir(parents=True, exist_ok=True)
                (Path(folder) / path).write_text(text, encoding="utf-8")
        return take_in(Path(folder), assignment.files)


def _asked(python: str, step: str, tasks: list[Task]) -> Any:
    done = subprocess.run([python, str(BATTERY), step], input=json.dumps(tasks), capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"bohrin's battery cannot be asked: {done.stderr.strip().splitlines()[-1:]}")
    return json.loads(done.stdout)


def _table(cards: Mapping[str, Any]) -> str:
    """What was caught and what was accepted, by assignment, and what got through by name."""
    lines = [
        "| assignment | tasks | wrong submissions | paid in full | correct rewritings | accepted |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    total: Counter[str] = Counter()
    through = []
    for name, card in cards.items():
        count: Counter[str] = Counter(tasks=len(card["tasks"]))
        for task in card["tasks"]:
            wrong = [one for one in task["wrong"] if one["grounded"] and one["accepted"] is not None]
            right = [one for one in task["right"] if one["accepted"] is not None]
            count.update(wrong=len(wrong), right=len(right))
            count.update(paid=sum(one["accepted"] for one in wrong), accepted=sum(one["accepted"] for one in right))
            through += [
                f"- `{task['id']}`: {one['operator']} ({one['weakness']}) is paid in full" for one in wrong if one["accepted"]
            ]
            through += [f"- `{task['id']}`: {one['operator']} is not: {one['said']}" for one in right if not one["accepted"]]
        lines.append(_row(name, count))
        total.update(count)
    lines.append(_row("**all**", total))
    measured = list(dict.fromkeys(weakness for card in cards.values() for weakness in card["card"]["measured"]))
    version = next(iter(cards.values()))["card"]["bohrin"]
    lines += ["", f"bohrin {version}; weaknesses measured: {', '.join(measured)}.", ""]
    return "\n".join([*lines, *(through or ["Nothing wrong was paid, and nothing right was refused."])]) + "\n"


def _row(name: str, count: Counter[str]) -> str:
    cells = (count["tasks"], count["wrong"], count["paid"], count["right"], count["accepted"])
    return f"| {name} | {' | '.join(map(str, cells))} |"


if __name__ == "__main__":
    main()
