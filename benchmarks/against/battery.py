"""Bohrin's battery, asked in an environment of its own: tasks in, submissions out; verdicts in, a scorecard out.

    python battery.py propose < tasks.json
    python battery.py score < tasks with verdicts.json

A task is {"id", "shape", "reference"}; a submission that is proposed is {"operator", "grounded", "text"} or, in a workspace, has
"files" in place of a text. Both steps make the same submissions in the same order: the battery draws nothing.
"""

from __future__ import annotations

import json
import sys
from importlib import metadata
from typing import Any

from bohrin.api import Attempt, ControlAttempt, Shape, Source, Task, battery, positive_controls, probe_for, scorecard

PLACES = {  # what a workspace's template leaves open, in a folder that a student hands in
    "test_root": "tests",
    "tool_path": "bin/python",
    "reward_path": "reward.txt",
    "parser_path": "tests/parse_results.py",
    "measurement_path": "timer.py",
}


def main() -> None:
    """Propose, or score."""
    tasks = json.load(sys.stdin)
    json.dump(proposed(tasks) if sys.argv[1] == "propose" else scored(tasks), sys.stdout)


def proposed(tasks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The tasks with what a grader must reject, and what it must accept."""
    found = []
    for told in tasks:
        task = _task(told)
        wrong = [
            {
                "operator": candidate.provenance.operator,
                "weakness": _weakness(candidate.provenance.operator),
                "grounded": candidate.known_wrong,
                **_payload(candidate.payload, told["file"]),
            }
            for candidate in battery(task).candidates
        ]
        right = [{"operator": one.relation, **_payload(one.payload, told["file"])} for one in _controls(task)]
        found.append({**told, "wrong": wrong, "right": right})
    return found


def scored(tasks: list[dict[str, Any]]) -> dict[str, Any]:
    """The scorecard of tasks whose submissions have a verdict: `accepted` is true, false, or null where nothing was tried."""
    attempts, controls = [], []
    for told in tasks:
        task = _task(told)
        pairs = zip(battery(task).candidates, told["wrong"], strict=True)
        attempts += [Attempt(task.id, candidate, accepted=given["accepted"]) for candidate, given in pairs]
        rewritten = zip(_controls(task), told["right"], strict=True)
        controls += [ControlAttempt(task.id, control, accepted=given["accepted"]) for control, given in rewritten]
    card = scorecard([_task(told) for told in tasks], attempts, controls)
    return {
        "bohrin": metadata.version("bohrin"),
        "text": str(card),
        "measured": list(card.overall.measured),
        "not run": list(card.overall.not_run),
        "excluded": [[one.task_id, one.reason] for one in card.excluded],
        "caught": [card.overall.coverage.caught, card.overall.coverage.measured],
        "accepted": [card.overall.acceptance.accepted, card.overall.acceptance.measured],
    }


def _task(told: dict[str, Any]) -> Task:
    return Task(id=told["id"], prompt="", reference=told["reference"], shape=Shape(told["shape"]))


def _controls(task: Task) -> Any:
    return positive_controls(task)


def _payload(payload: Any, file: str) -> dict[str, Any]:
    if isinstance(payload, Source):
        return {"text": payload.text}
    filled = {"source_path": file, **PLACES}
    return {"files": {path.format_map(filled): text for path, text in payload.files.items()}, "commands": list(payload.commands)}


def _weakness(operator: str) -> str:
    probe = probe_for(operator)
    return ", ".join(probe.weakness) if probe else ""


if __name__ == "__main__":
    main()
