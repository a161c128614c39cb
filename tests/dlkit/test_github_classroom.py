"""The workflow for GitHub Classroom: its structure, and its own commands run as a runner runs them."""

from __future__ import annotations

import base64
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from support import SMALL

from autograder.assignment import load
from dlkit.packing.github import WORKFLOW, workflow
from dlkit.packing.on_github import ids

REFERENCE = (SMALL / "solutions" / "arith" / "arith.py").read_text()
MEAN = REFERENCE.replace("float(np.sum(x))", "float(np.mean(x)) if len(x) else 0.0")
NAMES = ["total", "scale", "sell", "light"]
OF_TEST = {"name", "status", "message", "test_code", "task_id", "filename", "line_no", "duration", "score"}


@pytest.fixture
def place(dlkit, tmp_path):
    """A runner's folder: the workflow, the student's repository and the private course, checked out."""
    done = dlkit("github", SMALL / "assignments" / "arith", "--out", tmp_path / "template", "--course-repository", "org/course")
    assert done.returncode == 0, done.stderr
    shutil.copytree(SMALL, tmp_path / "course")
    (tmp_path / "submission" / ".github").mkdir(parents=True)
    return tmp_path


def steps_of(place):
    """The steps of the workflow."""
    return yaml.safe_load((place / "template" / WORKFLOW).read_text())["jobs"]["run-autograding-tests"]["steps"]


def run(place, submission=None, **environment):
    """Run the grading step's own command; what the log shows, and the result that each runner hands to the reporter."""
    if submission is not None:
        (place / "submission" / "arith.py").write_text(submission)
    step = next(step for step in steps_of(place) if step.get("id") == "grade")
    outputs = place / "outputs"
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "GITHUB_OUTPUT": str(outputs), "RUNNER_TEMP": str(place / "tmp"), **environment}
    done = subprocess.run(
        ["bash", "-e", "-c", step["run"]], cwd=place, env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    return done, reported(
        place, dict(line.split("=", 1) for line in outputs.read_text().splitlines()) if outputs.exists() else {}
    )


def reported(place, outputs):
    """What the reporter reads: the variable of each runner, its base64, its JSON; held to the format."""
    reporter = steps_of(place)[-1]
    found = {}
    for runner in reporter["with"]["runners"].split(","):
        wanted = re.fullmatch(r"\$\{\{ steps\.grade\.outputs\.([\w-]+) \}\}", reporter["env"][f"{runner.upper()}_RESULTS"])[1]
        if wanted in outputs:
            found[runner] = validated(json.loads(base64.b64decode(outputs[wanted], validate=True)))
    return found


def validated(result):
    """A result of version 3."""
    assert (result["version"], result["status"] in ("pass", "fail", "error")) == (3, True)
    assert isinstance(result["max_score"], float) and result["tests"]
    for test in result["tests"]:
        assert set(test) == OF_TEST and test["status"] in ("pass", "fail", "error")
        assert isinstance(test["score"], float) and isinstance(test["duration"], float)
    return result


def total(results):
    """The points that the classroom gets, as the reporter adds them up."""
    worth = [result for result in results.values() if result["max_score"]]
    score = sum(test["score"] for result in worth for test in result["tests"])
    return round(score, 2), sum(result["max_score"] for result in worth)


def test_the_workflow_is_one_that_the_classroom_knows(place):
    """Its name and job are those that GitHub Classroom writes; no solution and no secret is in it."""
    text = (place / "template" / WORKFLOW).read_text()
    found = yaml.safe_load(text)
    assert found["name"] == "Autograding Tests"
    assert set(found[True]) == {"push", "workflow_dispatch", "repository_dispatch"}  # YAML 1.1 reads `on` so
    assert found["permissions"] == {"checks": "write", "actions": "read", "contents": "read"}
    assert "anyone who can push to a repository can change its workflows" in text
    assert [path.name for path in place.joinpath("template").rglob("*") if path.is_file()] == ["classroom.yml"]


def test_each_check_is_a_runner(place):
    """The reporter finds a variable for each runner, whose output the grading step writes."""
    steps = steps_of(place)
    reporter = steps[-1]
    assert reporter["uses"].startswith("classroom-resources/autograding-grading-reporter@")
    assert reporter["with"]["runners"].split(",") == NAMES
    assert set(reporter["env"]) == {f"{name.upper()}_RESULTS" for name in NAMES}
    course = next(step for step in steps if step.get("with", {}).get("repository"))
    assert course["with"]["repository"] == "org/course" and course["with"]["token"] == "${{ secrets.COURSE_TOKEN }}"  # noqa: S105
    assert all(step["with"]["persist-credentials"] is False for step in steps if "checkout" in step.get("uses", ""))


def test_ids_are_ids():
    """Names of checks with dots, digits in front or other letters become ids that differ in capitals, too."""
    checks = [type("Check", (), {"name": name}) for name in ("build.fit", "build-fit", "Build.Fit", "3d", "größe")]
    found = list(ids(type("Spec", (), {"checks": checks})).values())
    assert len({name.upper() for name in found}) == len(found)
    assert all(re.fullmatch(r"[A-Za-z_][A-Za-z0-9_-]*", name) for name in found)


def test_a_right_submission_earns_all_points(place):
    """Every runner passes, and the points add up."""
    done, found = run(place, REFERENCE)
    assert done.returncode == 0, done.stdout + done.stderr
    assert (list(found), total(found)) == (NAMES, (20, 20))
    assert {result["status"] for result in found.values()} == {"pass"}
    assert "20 of 20 points" in done.stdout


def test_a_wrong_submission_is_explained(place):
    """The log has the words of the terminal, and the table of the reporter the weights of the points."""
    done, found = run(place, MEAN)
    assert "likely: That is the mean; the sum was asked for." in done.stdout
    for result in found.values():
        passed = sum(test["status"] == "pass" for test in result["tests"]) / len(result["tests"])
        assert passed * result["max_score"] == pytest.approx(sum(test["score"] for test in result["tests"]), abs=0.02)


def test_what_a_submission_prints_is_no_command(place):
    """A runner obeys lines of the log that begin with two colons; not where a submission could have written them."""
    loud = REFERENCE.replace("return float(np.sum(x))", "print('::set-output name=total::eyJ9')\n    return 0.5")
    done, _ = run(place, loud)
    lines = done.stdout.splitlines()
    first = next(number for number, line in enumerate(lines) if line.startswith("::stop-commands::"))
    last = lines.index(f"::{lines[first].removeprefix('::stop-commands::')}::")
    assert first < next(number for number, line in enumerate(lines) if "set-output" in line) < last


def test_a_missing_file_is_said(place):
    """No points, and the reason at each check."""
    done, found = run(place)
    assert (done.returncode, total(found)) == (0, (0, 20))
    assert "nothing was handed in; expected arith.py" in found["total"]["message"]


@pytest.mark.parametrize(
    ("environment", "sentence"),
    [({"DLKIT_SEED": "4 hidden 1"}, "must be one whole number"), ({"DLKIT_SEED": "314159265358979"}, "")],
)
def test_a_seed_may_be_secret(place, environment, sentence):
    """The organization's secret seeds the inputs; what it holds is never shown."""
    done, found = run(place, REFERENCE, **environment)
    assert done.returncode == (3 if sentence else 0)
    assert sentence in done.stdout and environment["DLKIT_SEED"] not in done.stdout
    assert bool(found) != bool(sentence)


def test_our_fault_is_worth_nothing(place):
    """A reference that fails ends as an error of no points; a course that is missing, or another, in a sentence."""
    reference = place / "course" / "solutions" / "arith" / "arith.py"
    reference.write_text(REFERENCE.replace("return x * float", "raise RuntimeError\n    return x * float"))
    _, found = run(place, REFERENCE)
    assert (found["scale"]["status"], total(found)) == ("error", (14, 14))
    spec = place / "course" / "assignments" / "arith" / "checks.py"
    spec.write_text(spec.read_text().replace('name="light"', 'name="lighter"'))
    done, _ = run(place, REFERENCE)
    assert (done.returncode, "Traceback" in done.stdout) == (3, False)
    assert "not your fault" in done.stdout and "run `dlkit github` again" in done.stdout


@pytest.mark.parametrize("course", ["course", "https://github.com/org/course", "a/b c", "${{ secrets.X }}/b"])
def test_the_course_is_named_as_github_names_it(dlkit, tmp_path, course):
    """Anything but OWNER/NAME is refused."""
    done = dlkit("github", SMALL / "assignments" / "arith", "--out", tmp_path / "o", "--course-repository", course)
    assert (done.returncode, "my-org/course" in done.stderr, (tmp_path / "o").exists()) == (2, True, False)


def test_a_title_breaks_no_line(copy_of_small):
    """A title of two lines stays in its comment."""
    spec = copy_of_small / "checks.py"
    spec.write_text(spec.read_text().replace('title="Small sums"', r'title="Small\njobs: {} sums"'))
    found = yaml.safe_load(workflow(load(copy_of_small), "org/course"))
    assert list(found["jobs"]) == ["run-autograding-tests"]
