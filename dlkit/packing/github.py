"""The workflow of GitHub Classroom: it grades each push, and the reporter carries the points to the classroom."""

from __future__ import annotations

import sys

from autograder.assignment import Assignment
from dlkit.packing.on_github import SEED, ids

WORKFLOW = ".github/workflows/classroom.yml"
TOKEN = "COURSE_TOKEN"  # noqa: S105 - the name of a secret
TEXT = """\
# Grades {title} ({name}) on each push, and reports the points to GitHub Classroom. Made by `dlkit github {name}`.
#
# Put this file into the template repository of the assignment, next to {files}. It contains no solutions: they come from
# {course}, a private repository with the same layout as dlkit's own (assignments/, solutions/, pyproject.toml,
# constraints.txt). An owner of the organization makes a fine-grained token that may only read the contents of that
# repository, and stores it as the organization's secret {token}.
#
# What this does not protect: anyone who can push to a repository can change its workflows. A changed workflow can use the
# token and read the solutions. The student's program cannot; the student can. So
#   - use these points as quick feedback, and grade for marks yourself: `dlkit grade {name} --submissions ...`;
#   - or give {course} only the solutions of assignments that are over;
#   - let the token expire with the assignment, and protect .github/ in the classroom's settings, which flags changes.
#
# Without the secret {seed} (one whole number), the inputs are the ones that students have at home.
name: Autograding Tests

on:
  push:
  workflow_dispatch:
  repository_dispatch:

permissions:
  checks: write
  actions: read
  contents: read

jobs:
  run-autograding-tests:
    runs-on: ubuntu-24.04
    timeout-minutes: {minutes}
    if: github.actor != 'github-classroom[bot]'
    steps:
      - name: The submission
        uses: actions/checkout@v4
        with:
          path: submission
          persist-credentials: false

      - name: The assignment and its solutions
        uses: actions/checkout@v4
        with:
          repository: {course}
          token: ${{{{ secrets.{token} }}}}
          path: course
          persist-credentials: false # no token is left on the disk

      - uses: actions/setup-python@v5
        with:
          python-version: "{python}"
          cache: pip
          cache-dependency-path: course/constraints.txt

      - name: dlkit
        run: python -m pip install --quiet --constraint course/constraints.txt ./course

      # Graded once; each check is an output, and a runner of the reporter, so that its table weighs checks by their points.
      - name: Grading
        id: grade
        env:
          {seed}: ${{{{ secrets.{seed} }}}}
        run: python -P -m dlkit.packing.on_github {name} --limit {limit}{unsafe} --runners {runners}

      - name: Autograding Reporter
        uses: classroom-resources/autograding-grading-reporter@v1
        env:
{results}
        with:
          runners: {runners}
"""


def workflow(assignment: Assignment, course: str, *, limit: int = 600, unsafe: bool = False) -> str:
    """The text of the workflow.

    Args:
        assignment: the loaded spec.
        course: the private repository with the solutions, as "owner/name".
        limit: seconds for the grading.
        unsafe: grade even where nothing protects the solutions from a submission.
    """
    found = ids(assignment).values()
    return TEXT.format(
        title=" ".join(assignment.title.split()),
        name=assignment.name,
        files=" and ".join(assignment.files),
        course=course,
        token=TOKEN,
        seed=SEED,
        minutes=limit // 60 + 10,  # the installation takes some of them
        python=f"{sys.version_info.major}.{sys.version_info.minor}",
        limit=limit,
        unsafe=" --unsafe-no-isolation" * unsafe,
        runners=",".join(found),
        results="\n".join(f"          {runner.upper()}_RESULTS: ${{{{ steps.grade.outputs.{runner} }}}}" for runner in found),
    )
