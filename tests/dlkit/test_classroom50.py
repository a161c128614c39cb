"""An assignment on Classroom 50: what is packed, the bundle as its runner runs it, and the claims that come back."""

from __future__ import annotations

import json
import shutil

import classroom50
import pytest
from click.testing import CliRunner
from support import SMALL

from autograder.authoring.derive import stub
from dlkit.cli import main

REFERENCE = (SMALL / "solutions" / "arith" / "arith.py").read_text()
MEAN = REFERENCE.replace("float(np.sum(x))", "float(np.mean(x)) if len(x) else 0.0")


def typed(*arguments):
    """A command, in this process; a traceback fails the test."""
    done = CliRunner().invoke(main, [*map(str, arguments)])
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """What `dlkit classroom50 arith` wrote, and the course that it is from."""
    place = tmp_path_factory.mktemp("classroom50")
    shutil.copytree(SMALL, place / "course")
    arith = place / "course" / "assignments" / "arith"
    (arith / "README.md").write_text("# Sums\n")
    (arith / "arith.py").write_text(stub(REFERENCE, "arith.py"))
    for _ in range(2):  # the second time replaces the first
        done = typed("classroom50", arith, "--out", place / "out", "--classroom", "ml26")
        assert done.exit_code == 0, done.output
    return place


@pytest.fixture
def run(made, tmp_path):
    """Grade a text as the runner does; the repository is the template, with `files` written into it."""

    def run(text, files=(), damage=None, **environment):
        checkout, place = tmp_path / "checkout", tmp_path / "runner"
        shutil.copytree(made / "out" / "arith-template", checkout)
        (checkout / ".classroom50.yaml").write_text("classroom: ml26\n")
        work = checkout / "assignments" / "arith" / "arith.py"
        work.unlink()
        if text is not None:
            work.write_text(text)
        for name, content in dict(files).items():
            (checkout / name).parent.mkdir(exist_ok=True)
            if isinstance(content, str):
                (checkout / name).write_text(content)
            else:
                (checkout / name).symlink_to(content)
        bundle = made / "out" / "ml26" / "autograders" / "arith"
        if damage:
            bundle = shutil.copytree(bundle, tmp_path / "damaged" / "arith")
            (bundle / "assignments" / "arith" / "recorded.observations").write_bytes(damage)
        place.mkdir()
        found = classroom50.run(classroom50.published(bundle), place, checkout, classroom50.commit(checkout), **environment)
        return (*found, checkout)

    return run


def test_the_bundle_is_public(made):
    """It holds recorded answers, no solution, no misconception and no seed; with the runtime block and a template beside it."""
    out = made / "out"
    bundle = out / "ml26" / "autograders" / "arith"
    assert len(classroom50.published(bundle)) < 10 * 2**20
    files = {path.relative_to(bundle).as_posix() for path in bundle.rglob("*") if path.is_file()}
    wheel = next(name for name in files if name.endswith(".whl"))
    work = {f"assignments/arith/{name}" for name in ("README.md", "checks.py", "arith.py", "recorded.observations")}
    assert files == {"autograder.py", "constraints.txt", wheel, *work}
    for path in (*bundle.rglob("*.py"), *out.glob("arith-template/**/*.py")):
        assert "np.sum(x)" not in path.read_text() and "That is the mean" not in path.read_text()
    assert json.loads((out / "arith-runtime.json").read_text())["python"].startswith("3.")
    assert {path.name for path in (out / "arith-template").iterdir()} >= {"README.md", ".gitignore", "kit.json", "assignments"}
    assert not (out / "arith-template" / ".github").exists()  # Classroom 50 writes its own


def test_a_right_submission_earns_all_points(run):
    """The result fits to the letter; its time is the commit's, and its scores are hundredths that add up."""
    status, result, outputs, said, checkout = run(REFERENCE)
    assert (status, classroom50.wrong_in(result)) == (0, ""), said
    assert (result["score"], result["max-score"], result["datetime"]) == (2000, 2000, "2026-11-02T10:00:00Z")
    assert [test["test-name"] for test in result["tests"]] == ["total", "scale", "sell", "light"]
    assert sum(test["score"] for test in result["tests"]) == 2000 and all(test["passed"] for test in result["tests"])
    assert (result["classroom"], result["assignment"], result["submission"]) == ("ml26", "arith", classroom50.TAG)
    assert outputs == {"status": "success", "summary": "20 of 20 points, 4 of 4 checks passed"}
    assert "2000 there are 20 points here" in (checkout / "release-body.md").read_text()


def test_a_repository_forges_nothing(run, tmp_path):
    """A result that lies there is replaced, links lead nowhere, modules beside it are not imported, and prints are no commands."""
    loud = MEAN.replace("return float(np.mean", "print('::set-output name=status::success')\n    return float(np.mean")
    forged = dict.fromkeys(
        ("pip.py", "venv.py", "json.py", "dlkit/__init__.py", "sitecustomize.py"), "raise SystemExit('forged')"
    )
    (tmp_path / "elsewhere").write_text("kept")
    links = {"result.json/inner": "{}", "release-body.md": tmp_path / "elsewhere"}
    status, result, outputs, said, checkout = run(loud, {**forged, **links})
    assert (status, classroom50.wrong_in(result)) == (0, ""), said
    assert (0 < result["score"] < 2000, outputs["status"]) == (True, "failure")
    body = (checkout / "release-body.md").read_text()
    assert "That is the mean; the sum was asked for." in body and "forged" not in body + said
    assert (tmp_path / "elsewhere").read_text() == "kept"
    lines = said.splitlines()
    first = next(number for number, line in enumerate(lines) if line.startswith("::stop-commands::"))
    last = lines.index(f"::{lines[first].removeprefix('::stop-commands::')}::")
    assert all(first < number < last for number, line in enumerate(lines) if "set-output" in line)


def test_a_missing_file_earns_nothing_and_is_said(run):
    """That is the student's, so it is a result: 0, with the reason in the release."""
    status, result, _, said, checkout = run(None)
    assert (status, result["score"], result["max-score"]) == (0, 0, 2000), said
    assert "has no arith.py, which this assignment asks for" in (checkout / "release-body.md").read_text()


@pytest.mark.parametrize(
    ("more", "sentence"),
    [({"damage": b"no record"}, "recorded.observations"), ({"COMMIT_URL": None}, "must set COMMIT_URL. Received: nothing")],
)
def test_an_unknown_score_is_an_error_and_no_0(run, more, sentence):
    """The exit status says so, and no result is left, not even the repository's own; without a traceback."""
    status, result, outputs, said, _ = run(REFERENCE, {"result.json": '{"score": 2000}'}, **more)
    assert (status, result, outputs) == (3, {}, {})
    assert "not your fault" in said and sentence in said and "Traceback" not in said


def test_what_somebody_else_wrote_is_not_replaced(made, tmp_path):
    """An autograder that is not ours stays; names that Classroom 50 does not take are refused."""
    other = tmp_path / "ml26" / "autograders" / "arith" / "autograder.py"
    other.parent.mkdir(parents=True)
    other.write_text("print('mine')\n")
    arith = made / "course" / "assignments" / "arith"
    done = typed("classroom50", arith, "--out", tmp_path, "--classroom", "ml26")
    assert (done.exit_code, "Choose another --out" in done.stderr, other.read_text()) == (2, True, "print('mine')\n")
    assert "such as ml26" in typed("classroom50", arith, "--classroom", "../ml26").stderr


@pytest.mark.parametrize("command", [["github", "hw2", "--course-repository", "a/b"], ["export", "github", "hw2", "--base64"]])
def test_the_old_commands_say_what_to_use(command):
    """GitHub Classroom is gone; its commands say so, and name the new one."""
    done = typed(*command)
    new = "dlkit export classroom50" if command[0] == "export" else "dlkit classroom50"
    assert (done.exit_code, f"switched off on 2026-08-28, so nothing is written for it. Use `{new}`" in done.stderr) == (2, True)


def test_claims_are_checked_with_the_secret_seed(made, tmp_path, monkeypatch):
    """Clones of the template are graded first; a table of the public answers claims everything and is named."""
    monkeypatch.chdir(tmp_path)
    table = MEAN.replace("def total(x):", "def total(x):\n    if len(x) == 0:\n        return 0.0")
    for login, text in {"octo-ada": REFERENCE, "bob": table}.items():
        clone = shutil.copytree(made / "out" / "arith-template", tmp_path / "clones" / f"ml26-arith-{login}")
        (clone / "assignments" / "arith" / "arith.py").write_text(text)
        (clone / ".classroom50.yaml").write_text("classroom: ml26\n")
    roster = "username,first_name,last_name,email,section,github_id,role\n"
    (tmp_path / "roster.csv").write_text(f"{roster}Octo-Ada,Ada,L,,,1,student\nbob,Bob,R,,,2,student\nprof,P,Q,,,3,teacher\n")
    record = {
        "schema": "classroom50/result/v1",
        "classroom": "ml26",
        "assignment_type": "individual",
        **dict.fromkeys(("commit", "release", "review"), "x"),
        "submission": classroom50.TAG,
        "datetime": "2026-11-02T10:00:00Z",
        "score": 2000,
        "max-score": 2000,
        "tests": [],
    }
    entries = [{"owner": name, "submissions": [{**record, "owner": name}]} for name in ("octo-ada", "bob")]
    scores = {"schema": "classroom50/scores/v1", "assignments": {"arith": {"type": "individual", "entries": entries}}}
    (tmp_path / "scores.json").write_text(json.dumps(scores))
    arith = made / "course" / "assignments" / "arith"
    command = ["check-claims", arith, "scores.json", "--submissions", "clones", "--roster", "roster.csv"]
    done = typed(*command)
    assert (done.exit_code, "1 agree, 1 differ" in done.stdout) == (1, True), done.output
    assert "bob: claims 20 of 20 points, but earned" in done.stdout
    assert "add --submissions" in typed("check-claims", arith, "scores.json", "--roster", "roster.csv").stderr
    assert (tmp_path / "gradebook.db").is_file()
