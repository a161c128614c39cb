"""`dlkit diagnose`: what it prints, writes and ends with."""

from __future__ import annotations

import json
import shutil

import pytest
from support import ROOT

PROGRAMS = ROOT / "tests" / "diagnose"


def test_an_ill_program_is_shown_with_its_line_and_advice(dlkit, tmp_path):
    """What is seen, where, why, and what to try; the same as JSON; status 1."""
    shutil.copy(PROGRAMS / "ill" / "dead_numpy.py", tmp_path / "train.py")
    done = dlkit("diagnose", "train.py", "--json", "out.json", cwd=tmp_path)
    assert done.returncode == 1, done.stderr
    for part in ("Dead ReLU units", "where: train.py, line 14", "a1 = np.maximum(0, z1)", "likely:", "try:", "1 thing looks ill"):
        assert part in done.stdout
    (finding,) = json.loads((tmp_path / "out.json").read_text())["findings"]
    assert (finding["name"], finding["evidence"]["dead"]) == ("dead-relus", 1.0)


def test_a_healthy_program_ends_with_status_0(dlkit):
    """One sentence says what was watched."""
    done = dlkit("diagnose", PROGRAMS / "healthy" / "numpy_logistic.py")
    assert (done.returncode, done.stderr) == (0, "")
    assert "Watched: a loop of 201 turns. Nothing looks ill." in done.stdout


def test_a_program_without_training_ends_with_another_status(dlkit, tmp_path):
    """Nothing to judge is not the same as nothing ill."""
    (tmp_path / "hello.py").write_text("print('hello')\n")
    done = dlkit("diagnose", "hello.py", cwd=tmp_path)
    assert done.returncode == 4
    assert "No training was seen" in done.stdout


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("nothing.py", "nothing.py does not exist"),
        (".", "is a folder; expected a Python file or a notebook"),
        ("data.csv", "neither a Python file nor a notebook"),
        ("broken.ipynb", "broken.ipynb is not a notebook"),
        ("broken.py", "broken.py, line 1"),
    ],
)
def test_what_cannot_be_run_is_refused_in_one_sentence(dlkit, tmp_path, name, sentence):
    """A slip ends with status 2 and no traceback."""
    for file in ("data.csv", "broken.ipynb", "broken.py"):
        (tmp_path / file).write_text("if x\n")
    done = dlkit("diagnose", name, cwd=tmp_path)
    assert done.returncode == 2
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr
