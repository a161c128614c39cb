"""`dlkit milestone`: run with one's own functions, shown, drawn, kept and handed in; and the milestones of the course."""

from __future__ import annotations

import importlib.util
import io
import math
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from sampling import ALL
from support import ROOT, SMALL

from autograder.assignment.predictions.learned import Learned, Plane, Tiles
from autograder.assignment.predictions.loading import load_milestone
from autograder.assignment.predictions.milestones import Step
from autograder.authoring.derive import stub
from autograder.grading.reaching import Reached, reached
from autograder.report.console import PlainConsole
from autograder.submission.responses import Response
from dlkit.cli import main
from dlkit.kit import Manifest
from dlkit.milestones.keeping import keep
from dlkit.milestones.live import watching
from dlkit.milestones.plot import Axes, curves_of, plot
from dlkit.milestones.plot import in_words as said_of
from dlkit.notebook.making import notebook

NAMES = sorted(path.parent.name for path in ROOT.glob("assignments/*/milestone.py"))
REFERENCE = (SMALL / "solutions/arith/arith.py").read_text()
STEPS = """
import numpy as np
from autograder import Learned, Milestone, Plane, Step, Tiles

SIDE = np.linspace(0, 1, 5)


def falling(arith):
    for epoch in range(1, 13):
        yield epoch, {"training": float(arith.scale(np.array([1.0]), 1 / epoch)[0]), "new [rows]": 1.5 / epoch}
    plane = Plane("a plane", SIDE, SIDE, np.add.outer(SIDE, SIDE) > 1, np.eye(2), np.array([0, 1]))
    return Learned(arith.scale(np.array([1.0]), 0.5)[0], [Tiles("misread", np.eye(4)[None], ["1 for 7"]), plane])


milestone = Milestone([
    Step("adds-up", shows="It adds.", run=lambda arith: arith.total(np.arange(4.0)), needs=("total",), measures="the sum",
         at_least=6, form="{:g}"),
    Step("falls", shows="It falls.", run=falling, needs=("scale",), measures="half", at_most=0.5, log=True, hint="The factor."),
])
"""


@pytest.fixture
def arith(tmp_path):
    """The small course with a milestone, and with right functions in the place of the stub."""
    shutil.copytree(SMALL, tmp_path / "course")
    folder = tmp_path / "course" / "assignments" / "arith"
    (folder / "README.md").write_text(
        "# Sums\n\n## Milestone\n\n```console\n$ dlkit milestone arith\n$ dlkit milestone arith --live\n```\n"
    )
    (folder / "milestone.py").write_text(STEPS)
    (folder / "arith.py").write_text(REFERENCE)
    return folder


@pytest.fixture
def milestone(arith, dlkit):
    """Run the command in the course's folder."""
    return lambda *arguments, **options: dlkit("milestone", "arith", *arguments, cwd=arith.parent.parent, **options)


def flat(text):
    """A text in one line."""
    return " ".join(text.split())


def kept(folder):
    """What came of the steps, as it stands in the file."""
    return {one.pop("question"): one for one in tomllib.loads((folder / "milestone.toml").read_text())["response"]}


def test_every_step_reached(arith, milestone):
    """Verdict, number and bound, the curves in words, the picture with its alternative text, and exit status 0."""
    done = milestone()
    assert (done.returncode, done.stderr) == (0, "")
    said = flat(done.stdout)
    for text in (
        "reached adds-up: It adds.",
        "the sum: 6; it must be at least 6",
        "curve: loss, training: from 1 at epoch 1 to 0.0833 at epoch 12",
        "falls: loss against epoch, as curves of training and new [rows]",
        "falls: misread (1 for 7)",
        "Both steps are reached: what you wrote learns. Milestones are not graded.",
    ):
        assert text in said
    assert (arith.parent.parent / "predictions/arith/milestone.png").read_bytes().startswith(b"\x89PNG")
    assert kept(arith)["falls"] == {"prompt": "It falls. (half)", "answer": "0.5", "expected": "at most 0.5", "right": True}


def test_a_function_that_does_not_pass_is_named_and_the_next_step_runs(arith, milestone):
    """The step that needs it waits; the exit status says that the milestone is not reached."""
    (arith / "arith.py").write_text(REFERENCE.replace("def total(", "def total(x):\n    return 0.0\n\n\ndef old(", 1))
    done = milestone("--no-figure")
    assert done.returncode == 1
    said = flat(done.stdout)
    assert "○ not yet adds-up: It adds. it did not run: it needs `total` (partly passed)" in said  # ✗ is for what failed
    assert "reached falls" in said and "1 of 2 steps reached; not yet: adds-up." in said
    assert kept(arith)["adds-up"]["right"] is False
    assert not (arith.parent.parent / "predictions").exists()


def test_live_without_a_terminal_prints_plain_lines(milestone):
    """A line for the first points and every fifth one, without colour or cursor."""
    done = milestone("falls", "--live", "--figure", "falls.svg", env={"NO_COLOR": "1", "TERM": "dumb"})
    assert re.findall(r"^ +epoch (\d+): training", done.stdout, re.MULTILINE) == ["1", "2", "3", "5", "10"]
    assert "\x1b" not in done.stdout and "falls.svg written" in done.stdout


def test_other_steps_stay_in_the_file(arith):
    """A run of one step leaves what came of the others; a step that is not in the milestone any more is left out."""
    step = Step("falls", shows="It falls.", run=float, needs=("f",), measures="half", at_most=0.5)
    before = {name: Response("milestone", name, "6", right=True) for name in ("gone", "adds-up", "falls")}
    keep(arith, "arith", before, [Reached(step, learned=Learned(0.7))], ["adds-up", "falls"])
    assert {name: (one["answer"], one["right"]) for name, one in kept(arith).items()} == {
        "adds-up": ("6", True),
        "falls": ("0.7", False),
    }


def test_a_file_that_cannot_be_read_is_not_lost(arith, milestone):
    """Nothing runs, and a sentence says what to do."""
    (arith / "milestone.toml").write_text("not toml")
    done = milestone()
    assert (done.returncode, (arith / "milestone.toml").read_text()) == (2, "not toml")
    assert "Correct or remove the file" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["fals"], "There is no"),
        (["--figure", "x.pdf"], "ends in .png or .svg. Received: x.pdf"),
        (["--torch"], "no step that runs beside a PyTorch program"),
    ],
    ids=["step", "figure", "torch"],
)
def test_wrong_usage_is_one_sentence(milestone, arguments, said):
    """With exit status 2, before anything runs."""
    done = milestone(*arguments)
    assert done.returncode == 2 and len(done.stderr.splitlines()) == 1
    assert said.replace("There is no", "has no step 'fals'") in done.stderr


def test_submit_packs_it(arith, monkeypatch):
    """milestone.toml goes along with the work."""
    monkeypatch.chdir(arith.parent.parent)
    Path("kit.json").write_bytes(Manifest().to_bytes())
    (arith / "milestone.toml").write_text('[[response]]\nquestion = "falls"\nanswer = "0.5"\nright = true\n')
    done = CliRunner().invoke(main, ["submit", "arith", "--anyway", "--out", "a.zip"])
    assert done.exit_code == 0, done.output
    with zipfile.ZipFile("a.zip") as archive:
        assert archive.read("milestone.toml") == (arith / "milestone.toml").read_bytes()


def test_a_notebook_has_a_cell_for_it(small, arith):
    """In place of the handout's command."""
    cells = notebook(small.assignment, arith)["cells"]
    assert any("".join(cell["source"]) == "dlkit.milestone()" for cell in cells)
    assert not any("$ dlkit milestone" in "".join(cell["source"]) for cell in cells)


SCRIPT = """
import dlkit
import numpy as np

def total(x):
    return float(np.sum(x))

print(dlkit.milestone("adds-up", assignment="assignments/arith"))
print(dlkit.milestone("add-up", assignment="assignments/arith"))
print(dlkit.milestone(torch=True, assignment="assignments/arith"))
"""


def test_a_notebook_or_script_runs_its_own_functions(arith):
    """In place of those of the folder; a slip is one sentence."""
    (arith / "arith.py").write_text(stub(REFERENCE, "arith.py"))
    (arith.parent.parent / "mine.py").write_text(SCRIPT)
    done = subprocess.run(
        [sys.executable, "mine.py"], cwd=arith.parent.parent, capture_output=True, text=True, check=False, timeout=240
    )
    said = flat(done.stdout)
    assert "reached: adds-up: It adds. the sum: 6; it must be at least 6 The step is reached" in said, done.stderr
    assert "arith has no step 'add-up'. Did you mean 'adds-up'?" in said
    assert "arith has no step that runs beside a PyTorch program; hw6 has." in said
    assert kept(arith)["adds-up"]["right"] is True


# Plots and pictures ------------------------------------------------------------------------------------------------


def test_a_plot_tells_curves_apart_without_colour():
    """A letter at the end of each, and its name with where it stands."""
    lines = plot({"old": [(1, 2.0), (2, 1.0)], "new": [(1, 3.0), (2, 2.5)]}, Axes(width=20, height=6))
    assert [line[-1] for line in lines if line.endswith(("A", "B"))] == ["B", "A"]
    assert lines[-2:] == ["  A old: 1 at epoch 2", "  B new: 2.5 at epoch 2"]


def test_a_plot_without_braille_is_ascii():
    """For terminals that have no such letters."""
    assert "\n".join(plot({"loss": [(1, 4.0), (2, 2.0), (3, 1.0)]}, Axes(width=9, height=3, braille=False))).isascii()


@pytest.mark.parametrize(
    "values", [[], [(1, {"loss": math.nan})], [(1, {"loss": math.inf}), (2, {"loss": -1.0})], [(1, {"loss": 1e308})]]
)
def test_any_numbers_can_be_plotted(values):
    """nan, infinite and huge losses, also on a logarithmic axis; in letters and as a picture."""
    from dlkit.milestones.picture import picture

    step = Step("s", shows="s", run=float, needs=("f",), measures="m", at_least=0, log=True)
    assert plot(curves_of(values), Axes(log=True))
    assert picture([Reached(step, tuple(values))], "title")


def test_curves_in_words():
    """Beginning, end, and the lowest point where that is another one."""
    assert said_of({"loss": [(1, 3.0), (2, 1.0), (3, 2.0)]}, "epoch", "loss") == [
        "loss: from 3 at epoch 1 to 2 at epoch 3; lowest 1 at epoch 2"
    ]


def test_a_strangers_text_is_no_markup():
    """Names of curves and titles come from a process that runs a student's code."""
    from dlkit.milestones.picture import in_words, picture

    step = Step("s", shows="s", run=float, needs=("f",), measures="m", at_least=0)
    tiles, side = Tiles("a $title$ \x1b[31m", np.zeros((0, 2, 2))), np.linspace(0, 1, 3)
    plane = Plane(r"$\frac$", side, side, np.zeros((3, 3)), np.zeros((1, 2)), np.zeros(1))
    result = Reached(step, ((1.0, {"[red]\x1b[31m $x": 1.0}),), Learned(1.0, [tiles, plane]))
    assert "\x1b" not in in_words([result]) + "".join(plot(curves_of(result.points), Axes()))
    picture([result], "title").savefig(io.BytesIO(), format="png")


def test_a_terminal_is_redrawn_in_place():
    """With the plot of the step; what is left is empty."""
    console = PlainConsole(file=io.StringIO(), force_terminal=True, width=80, color_system="standard", _environ={"TERM": "xterm"})
    step = Step("s", shows="It falls.", run=float, needs=("f",), measures="m", at_least=0)
    with watching(console, live=True) as shown:
        shown.show(step, [(1.0, {"loss": 2.0}), (2.0, {"loss": 1.0})])
        shown.pause()
        console.print("done")
    text = console.file.getvalue()
    assert text.rindex("done") > text.rfind("A loss")


# The milestones of the course ---------------------------------------------------------------------------------------


def run(course, source, *names):
    """What came of these steps with a piece of source."""
    found = load_milestone(course.folder, course.assignment)
    steps = [one for one in found.steps if one.name in names]
    return {one.step.name: one for one in reached(found, course.assignment, {course.file: source}, course.workers, steps)}


def test_the_net_of_hw6_reads_digits(courses):
    """The reference's Net reaches 95 % on digits that it has not seen, and shows its kernels and its mistakes."""
    found = run(courses("hw6"), courses("hw6").source, "reads-digits")["reads-digits"]
    assert found.kept and found.learned.value >= 0.96  # a margin above the bound of 95 %
    kernels, misread = found.learned.pictures
    assert kernels.images.shape == (20, 5, 5)
    assert len(misread.images) == len(misread.captions) <= 16


def test_the_curves_of_the_programs_that_were_handed_out(courses):
    """They are those that the stub of hw7 draws, and none of its programs is healed."""
    course = courses("hw7")
    programs = [one.name for one in load_milestone(course.folder, course.assignment).steps]
    found = run(course, (course.folder / course.file).read_text(), *(programs if ALL else programs[:7]))
    for one in found.values():
        assert not one.kept, one.step.name
        pairs = [(values["yours"], values["handed out"]) for _, values in one.points if len(values) == 2]
        assert len(pairs) >= 3, one.step.name
        np.testing.assert_allclose(*zip(*pairs, strict=True), rtol=0.01, err_msg=one.step.name)


@pytest.mark.skipif(not ALL, reason="trains models for a minute; `make test-all` runs it")
@pytest.mark.parametrize("name", NAMES)
def test_each_reference_reaches_its_milestone(name, courses):
    """All steps, those that train for long, too, within half their time."""
    course = courses(name)
    names = [one.name for one in load_milestone(course.folder, course.assignment).steps if not one.beside]
    for one in run(course, course.source, *names).values():
        assert one.kept and one.seconds < one.step.seconds / 2, (one.step.name, one.learned, one.why_not)


@pytest.mark.skipif(importlib.util.find_spec("torch") is None, reason="PyTorch is not installed: pip install 'dlkit[torch]'")
def test_the_lectures_program_and_the_net_go_the_same_way(tmp_path, dlkit):
    """From the same weights on the same batches, the two curves stay together."""
    shutil.copytree(ROOT / "assignments", tmp_path / "assignments")
    shutil.copytree(ROOT / "solutions", tmp_path / "solutions")
    shutil.copy(ROOT / "solutions/hw6/cnn.py", tmp_path / "assignments/hw6/cnn.py")
    done = dlkit("milestone", "hw6", "as-in-pytorch", "--torch", cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.skipif(importlib.util.find_spec("torch") is not None, reason="PyTorch is installed")
def test_without_pytorch_a_sentence_says_how_to_install_it(dlkit):
    """And nothing runs."""
    done = dlkit("milestone", "hw6", "--torch")
    assert (done.returncode, done.stderr) == (
        2,
        "dlkit: PyTorch is not installed; install it with: pip install 'dlkit[torch]'.\n",
    )
