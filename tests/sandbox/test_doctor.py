"""The doctor tells what holds here and what does not; strangers' code is not run where nothing protects files."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys

import commandline
import pytest
from support import ROOT, SMALL
from without_calls import LANDLOCK

from autograder.sandbox import landlock, probe

SCRIPT = ROOT / "tests" / "support" / "without_calls.py"
ARITH = str(SMALL / "assignments" / "arith")  # an assignment without TensorFlow: the sandbox is the same, and starts at once

pytestmark = [
    pytest.mark.skipif(landlock.version() == 0, reason="this kernel has no Landlock"),
    pytest.mark.xdist_group("doctor"),
]


def without_landlock(*arguments, tmp_path):
    """Run dlkit as on a kernel without Landlock."""
    command = [
        sys.executable,
        str(SCRIPT),
        str(errno.ENOSYS),
        *map(str, LANDLOCK),
        "--",
        sys.executable,
        "-m",
        "dlkit",
        *arguments,
    ]
    environment = {**os.environ, "COLUMNS": "120", "DLKIT_CACHE": str(tmp_path)}
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120, check=False)


@pytest.fixture
def stranger(tmp_path):
    """A folder with work that is wrong in one function."""
    text = (SMALL / "solutions" / "arith" / "arith.py").read_text()
    folder = tmp_path / "stranger"
    folder.mkdir()
    (folder / "arith.py").write_text(text.replace("return float(np.sum(x))", "return float(np.sum(x)) + 1.0"))
    return str(folder)


@pytest.fixture(scope="module")
def attacked(tmp_path_factory):
    """What the doctor says with all it can do: it examines the system as without --attack, and then attacks it."""
    environment = {**os.environ, "COLUMNS": "100", "DLKIT_CACHE": str(tmp_path_factory.mktemp("cache"))}
    return commandline.run(["doctor", "--attack"], ROOT, environment)


@pytest.mark.slow
def test_the_doctor_finds_this_system_safe(attacked):
    """One line each, and the verdict."""
    result = attacked
    assert result.returncode == 0, result.stdout
    for about in (
        "system",
        "layers",
        "files",
        "network",
        "processes",
        "memory",
        "TensorFlow",
        "zygote",
        "free memory",
        "free disk",
    ):
        assert f" {about} " in result.stdout
    assert "This system can grade untrusted code safely." in result.stdout


@pytest.mark.slow
def test_the_doctor_attacks(attacked):
    """The operator sees real hostile programs fail."""
    result = attacked
    assert result.returncode == 0, result.stdout
    assert "10 hostile programs" in result.stdout
    assert "through" not in result.stdout


@pytest.mark.slow
def test_the_doctor_names_what_is_missing(tmp_path):
    """Without Landlock: files are open, how to get it, and no strangers' code."""
    result = without_landlock("doctor", tmp_path=tmp_path)
    assert result.returncode == 1
    assert "✗ missing files" in result.stdout
    assert "it can read and write and list" in result.stdout
    assert "Linux 5.13 or later with Landlock on" in result.stdout
    assert "✓ ok      network" in result.stdout
    assert "Do not grade untrusted code here" in result.stdout


def test_a_strangers_file_is_not_run_without_protection(tmp_path, stranger):
    """`--submission` is refused in a sentence that says what to do; nothing of it has run."""
    result = without_landlock("grade", ARITH, "--submission", stranger, "--check", "total", tmp_path=tmp_path)
    assert result.returncode == 2
    assert "nothing on this system protects your files" in result.stderr
    assert "--unsafe-no-isolation" in result.stderr
    assert "Traceback" not in result.stderr


def test_unsafe_grading_is_stamped(tmp_path, stranger):
    """With --unsafe-no-isolation it is graded, and the result says how."""
    options = ("--check", "total", "--unsafe-no-isolation", "--json", "-")
    result = without_landlock("grade", ARITH, "--submission", stranger, *options, tmp_path=tmp_path)
    assert result.returncode == 1
    assert "files not protected" in json.loads(result.stdout)["isolation"]


def test_ones_own_work_needs_no_protection(tmp_path, copy_of_small):
    """A student who grades their own work is not bothered."""
    (copy_of_small / "arith.py").write_text("def total(x):\n    raise NotImplementedError\n")
    result = without_landlock("grade", str(copy_of_small), "--check", "total", tmp_path=tmp_path)
    assert result.returncode == 1
    assert "not started" in result.stdout


def test_grading_works_without_a_zygote(dlkit, stranger):
    """`--worker spawn` gives the same grade from fresh processes."""
    options = ("--check", "total", "--check", "sell", "--submission", stranger, "--json", "-")
    forked, fresh = (json.loads(dlkit("grade", ARITH, *options, "--worker", kind).stdout) for kind in ("fork", "spawn"))
    same = ("score", "max_score", "seed")
    assert [forked[key] for key in same] == [fresh[key] for key in same]
    assert [check["message"] for check in forked["checks"]] == [check["message"] for check in fresh["checks"]]
    assert "watchdog" in forked["isolation"]
    assert "watchdog" not in fresh["isolation"]


def test_the_doctor_calls_a_system_without_scikit_learn_safe(monkeypatch):
    """A kit brings it only if an assignment uses it, so it is no fault that it is missing."""
    monkeypatch.setattr(probe, "missing", lambda names: "scikit-learn" if "sklearn" in names else "")
    finding = next(probe._zygote(None))
    assert (finding.about, finding.sentence, finding.needed) == (
        "scikit-learn",
        "not installed: what needs it is not graded",
        False,
    )
    assert finding.remedy.endswith("install scikit-learn")
