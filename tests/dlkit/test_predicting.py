"""`dlkit predict`: asked, kept, shown with one's own functions, and handed in."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner
from support import ROOT, SMALL

from autograder.assignment import load
from autograder.assignment.predictions.loading import load as load_predictions
from autograder.authoring.derive import stub
from dlkit import course
from dlkit.cli import main
from dlkit.figures import FIGURES
from dlkit.kit import Manifest
from dlkit.notebook.predicting import Prediction
from dlkit.predicting.drawing import figures_of

ASSIGNMENTS = sorted(path.parent.name for path in ROOT.glob("assignments/*/predictions.py"))
REFERENCE = (SMALL / "solutions/arith/arith.py").read_text()
QUESTIONS = """
import numpy as np
from autograder import Choice, Curve, Number, Predictions
from dlkit.notebook.predicting import Prediction

ROW = np.arange(4.0)
predictions = Predictions([
    Number("sum", ask="What is the sum of 0 to 3?", why="It is 4 * 3 / 2.", needs=("total",),
           low=0, high=100, within=1, found=lambda arith: arith.total(ROW)),
    Choice("sign", ask="Does a negative factor turn signs?", why="It does.", needs=("scale",),
           options={"yes": lambda least: least < 0, "no": lambda least: least >= 0}, said="the least is {:g}",
           found=lambda arith: float(np.min(arith.scale(ROW, -1.0)))),
    Curve("doubled", ask="Twice 1 to 5?", why="Twice.", needs=("scale",), at=(1, 2, 3, 4, 5), x="x", y="2x", low=0, high=20,
          within=0.5, found=lambda arith: arith.scale(np.arange(1.0, 6.0), 2.0)),
])
"""


@pytest.fixture
def arith(tmp_path):
    """The small course with questions, and with right functions in the place of the stub."""
    shutil.copytree(SMALL, tmp_path / "course")
    folder = tmp_path / "course" / "assignments" / "arith"
    (folder / "README.md").write_text("# Sums\n")
    (folder / "predictions.py").write_text(QUESTIONS)
    (folder / "arith.py").write_text(REFERENCE)
    return folder


@pytest.fixture
def predict(arith, dlkit):
    """Run the command in the course's folder, with answers for its one question."""
    return lambda *arguments, **env: dlkit("predict", "arith", *arguments, cwd=arith.parent.parent, env=env)


def flat(text):
    """A text in one line."""
    return " ".join(text.split())


def kept(folder):
    """The predictions as they stand in the file."""
    return {one.pop("question"): one for one in tomllib.loads((folder / "predictions.toml").read_text())["response"]}


def test_a_prediction_is_kept_and_shown_beside_the_result(arith, predict):
    """Computed by the student's own functions, with the reason, a figure and no grade; a later answer is a second one."""
    done = predict("sum", "--answer", "7")
    assert (done.returncode, done.stderr) == (0, "")
    for line in (
        "you predicted: 7",
        "it is: 6",
        "so: as you predicted",
        "why: It is 4 * 3 / 2.",
        "found with: your own functions",
    ):
        assert line in done.stdout
    assert (arith.parent.parent / "predictions/arith/sum.png").read_bytes().startswith(b"\x89PNG")
    assert predict("sum", "--answer", "6", "--no-figures").returncode == 0
    told = {"prompt": "What is the sum of 0 to 3?", "answer": "7", "second": "6", "expected": "6", "right": True}
    assert kept(arith) == {"sum": told}


def test_a_curve_is_a_table_in_a_terminal(arith, predict):
    """Each place with the prediction and the result; figures are optional."""
    done = predict("doubled", "--answer", "2 4 6 8 11", "--format", "svg")
    assert re.search(r"\n +5 +11 +10\n", done.stdout)
    assert b"<svg" in (arith.parent.parent / "predictions/arith/doubled.svg").read_bytes()


def test_a_narrow_screen_and_a_screen_reader_get_lines(predict):
    """No name is cut off, and no table has to be read across; the list of the questions stays in order."""
    predict("sum", "--answer", "7", "--no-figures")
    predict("sign", "--answer", "1", "--no-figures")
    plain = {"NO_COLOR": "1", "TERM": "dumb", "COLUMNS": "60"}
    done = predict("sum", "sign", "--no-figures", **plain)
    assert "┃" not in done.stdout and "│" not in done.stdout and "\x1b" not in done.stdout
    assert flat(done.stdout).endswith(
        "Your predictions sum: as you predicted sign: as you predicted 2 of 2 as you predicted. Predictions are not graded."
    )


def test_a_notebook_shows_a_list_where_lines_are_indented():
    """So that a screen reader says what belongs together; a stranger's text is no HTML."""
    shown = Prediction(("sum: What is 1 < 2?", "  1. <b>yes</b>", "  2. no", "sign: ..."))
    assert re.sub(r" style=\"[^\"]*\"", "", shown._repr_html_()) == (
        "<p>sum: What is 1 &lt; 2?</p><ul><li>1. &lt;b&gt;yes&lt;/b&gt;</li><li>2. no</li></ul><p>sign: ...</p>"
    )


def test_a_prediction_waits_for_its_functions(arith, dlkit, tmp_path):
    """In a kit there is no reference: the prediction is kept, the function is named, and the kit's figure only when asked for."""
    (arith / "arith.py").write_text(stub(REFERENCE, "arith.py"))
    (arith / "predictions.py").write_text(QUESTIONS.replace('"sign",', '"sign", figure="penalties",'))
    (arith / "results").mkdir()
    (arith / "results" / "penalties.svg").write_text("<svg/>")
    assert dlkit("release", "arith", "--out", tmp_path / "kit", cwd=arith.parent.parent).returncode == 0
    done = dlkit("predict", "arith", "sign", "--answer", "1", cwd=tmp_path / "kit")
    assert (done.returncode, done.stderr) == (0, "")
    assert "not yet: it needs `scale`, which does not pass yet; come back when it does. Your prediction is kept." in flat(
        done.stdout
    )
    assert "penalties" not in done.stdout
    assert kept(tmp_path / "kit/assignments/arith")["sign"] == {"prompt": "Does a negative factor turn signs?", "answer": "yes"}
    again = dlkit("predict", "arith", "sign", "--recorded", cwd=tmp_path / "kit")
    assert "the kit's figure: assignments/arith/results/penalties.svg" in flat(again.stdout)
    (tmp_path / "kit/assignments/arith/arith.py").write_text(REFERENCE)
    assert "it is: yes (the least is -3)" in flat(dlkit("predict", "arith", "sign", "--no-figures", cwd=tmp_path / "kit").stdout)


def test_an_instructor_sees_the_reference(arith, predict):
    """Where the file is still the stub and there are solutions, they compute the result, and it is said."""
    (arith / "arith.py").write_text(stub(REFERENCE, "arith.py"))
    done = predict("sign", "--answer", "no", "--no-figures")
    assert "found with: the reference" in done.stdout
    assert "not as you predicted" in done.stdout


def test_a_figure_gives_no_other_answer_away(arith, predict):
    """What one figure of the lecture shows has to be predicted first, all of it; until then, a plain figure takes its place."""
    text = QUESTIONS.replace('"sum",', '"sum", figure="network_221",').replace('"sign",', '"sign", figure="network_221",')
    (arith / "predictions.py").write_text(text)
    pictures = arith.parent.parent / "predictions/arith"
    done = predict("sum", "--answer", "7")
    assert "the lecture's figure: waits until you have answered sign" in flat(done.stdout)
    assert [path.name for path in pictures.iterdir()] == ["sum.png"]
    assert "waits" not in predict("sign", "--answer", "1").stdout
    assert sorted(path.name for path in pictures.iterdir()) == ["network_221.png", "sum.png"]


def test_questions_are_asked_until_they_are_answered(arith, monkeypatch):
    """What is no answer is asked again, Enter skips, and each answer is kept at once."""
    monkeypatch.chdir(arith.parent.parent)
    (arith / "arith.py").write_text("this is no Python\n")  # nothing can be shown
    done = CliRunner().invoke(main, ["predict", "arith"], input="500\n7\n\n")
    assert "expected a number from 0 to 100. Received: 500" in done.output
    assert {name: one["answer"] for name, one in kept(arith).items()} == {"sum": "7"}


@pytest.mark.parametrize(
    "arguments, said",
    [
        (["sun"], "arith has no question 'sun'. Did you mean 'sum'?"),
        (["sum", "--answer", "many"], "sum expects a number from 0 to 100. Received: many."),
        (["--answer", "7"], "--answer needs one QUESTION. Received: 0."),
    ],
    ids=["a slip", "no answer", "no question"],
)
def test_what_is_wrong_is_one_sentence(arith, monkeypatch, arguments, said):
    """With status 2, and nothing is kept."""
    monkeypatch.chdir(arith.parent.parent)
    done = CliRunner().invoke(main, ["predict", "arith", *arguments])
    assert (done.exit_code, done.output.strip()) == (2, f"dlkit: {said}")
    assert not (arith / "predictions.toml").exists()


def test_a_damaged_file_is_not_overwritten(arith, monkeypatch):
    """Nobody loses predictions to a slip of the editor."""
    monkeypatch.chdir(arith.parent.parent)
    (arith / "predictions.toml").write_text("answer = \n")
    done = CliRunner().invoke(main, ["predict", "arith", "sum", "--answer", "7"])
    assert (done.exit_code, "holds your predictions and cannot be read: it is not TOML" in done.output) == (2, True)
    assert (arith / "predictions.toml").read_text() == "answer = \n"


def test_an_assignment_without_questions_says_so(copy_of_small, monkeypatch):
    """There is nothing to predict."""
    monkeypatch.chdir(copy_of_small.parent.parent)
    done = CliRunner().invoke(main, ["predict", "arith"])
    assert (done.exit_code, "has no questions to predict" in done.output) == (2, True)


def test_predictions_are_handed_in(arith, monkeypatch):
    """The zip of `dlkit submit` has them; a file that cannot be read is a warning and keeps nobody from handing in."""
    monkeypatch.chdir(arith.parent.parent)
    (arith.parent.parent / "kit.json").write_bytes(Manifest().to_bytes())
    (arith / "predictions.toml").write_text('[[response]]\nquestion = "sum"\nanswer = "7"\n')
    done = CliRunner().invoke(main, ["submit", "arith", "--anyway", "--out", "a.zip"])
    assert done.exit_code == 0, done.output
    with zipfile.ZipFile("a.zip") as archive:
        assert archive.read("predictions.toml") == (arith / "predictions.toml").read_bytes()
    (arith / "predictions.toml").write_text("= 1")
    done = CliRunner().invoke(main, ["submit", "arith", "--anyway", "--out", "b.zip"])
    assert (done.exit_code, "predictions.toml was not used" in done.output) == (0, True)


def test_the_class_report_shows_what_was_expected(arith, dlkit):
    """From the files of a class to its page; a file that cannot be read costs no points and is one to look at."""
    top = arith.parent.parent
    for name, answer in {"ada": "7", "ben": "50", "cleo": ""}.items():
        (top / "inbox" / name).mkdir(parents=True)
        (top / "inbox" / name / "arith.py").write_text(f"# {name}\n{REFERENCE}")
        text = f'[[response]]\nquestion = "sum"\nprompt = "The sum?"\nanswer = "{answer}"\nexpected = "6"\nright = {str(answer == "7").lower()}\n'
        (top / "inbox" / name / "predictions.toml").write_text(text if answer else "= 1")
    graded = dlkit("grade", "arith", "--submissions", "inbox", cwd=top)
    assert graded.returncode == 0, graded.stdout + graded.stderr
    assert dlkit("report", "arith", "--out", "pages", cwd=top).returncode == 0
    page = (top / "pages" / "index.html").read_text()
    assert "What the class expected" in page
    row = flat(re.sub("<[^>]*>", " ", page[page.index("The sum?") :].partition("</tr>")[0]))
    assert row == "The sum? 2 median 28.5 6 1 of 2"
    assert "predictions.toml was not used: it is not TOML" in page


SCRIPT = """
import dlkit
import numpy as np

def total(x):
    return float(np.sum(x))

print(dlkit.predict(assignment="assignments/arith"))
print(dlkit.predict("sum", 7, assignment="assignments/arith"))
print(dlkit.predict("doubled", [2, 4, 6, 8, 10], assignment="assignments/arith"))
print(dlkit.predict("sun", assignment="assignments/arith"))
print(dlkit.predict("sum", "many", assignment="assignments/arith"))
"""


def test_a_notebook_or_script_predicts_with_its_own_functions(arith):
    """Questions are listed, answered and shown; a slip is one sentence."""
    (arith / "arith.py").write_text(stub(REFERENCE, "arith.py"))
    (arith.parent.parent / "mine.py").write_text(SCRIPT)
    done = subprocess.run(
        [sys.executable, "mine.py"], cwd=arith.parent.parent, capture_output=True, text=True, check=False, timeout=120
    )
    said = flat(done.stdout)
    assert 'sum: What is the sum of 0 to 3? dlkit.predict("sum", answer) with a number from 0 to 100' in said
    assert "you predicted: 7 it is: 6 so: as you predicted why: It is 4 * 3 / 2. found with: your own functions" in said
    assert "it is: 2, 4, 6, 8, 10 so: as you predicted why: Twice. found with: the reference" in said
    assert "There is no question 'sun'. Did you mean 'sum'?" in said
    assert "sum expects a number from 0 to 100. Received: 'many'." in said
    assert kept(arith)["sum"]["answer"] == "7"


def test_a_notebook_has_a_cell_for_each_question():
    """Below the text that asks it, in place of the command."""
    from dlkit.notebook.making import notebook

    folder = ROOT / "assignments" / "hw4"
    spec = load(folder)
    cells = notebook(spec, folder)["cells"]
    asked = [cell["id"].removeprefix("predict-") for cell in cells if cell["id"].startswith("predict-")]
    assert sorted(asked) == sorted(one.name for one in load_predictions(folder, spec).questions)
    assert not [cell for cell in cells if "$ dlkit predict" in "".join(cell["source"])]


# The course's own questions ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ASSIGNMENTS)
def test_each_homework_asks_before_it_shows(name):
    """At least five questions, each at its place in the handout, with a figure that there is and an answer short enough to keep."""
    folder = ROOT / "assignments" / name
    spec = load(folder)
    questions = load_predictions(folder, spec).questions
    handout = (folder / "README.md").read_text(encoding="utf-8")
    asked = [word for line in re.findall(rf"^\$ dlkit predict {name} (.*)$", handout, re.MULTILINE) for word in line.split()]
    assert len(questions) >= 5
    assert sorted(asked) == sorted(one.name for one in questions)
    for one in questions:
        assert len(one.ask) <= 500
        assert not one.figure or name in FIGURES[one.figure].used_in
        assert not one.figure or FIGURES[one.figure].functions_of in (None, name)
        assert not re.search(rf"\]\([^)]*{one.figure or 'no figure'}", handout)


def test_a_figure_has_the_predictions_in_it(monkeypatch):
    """A line where a number was predicted, the points of a curve, and below it what was predicted in words."""
    from dlkit.figures import style

    monkeypatch.chdir(ROOT)
    seen = []
    monkeypatch.setattr(style, "rendered", lambda figure, kind, tight: seen.append(figure) or b"drawn")
    folder = ROOT / "assignments/hw1"
    (drawing, *_) = figures_of(load_predictions(folder, load(folder)))
    marks = (
        '[{"text": "or: you predicted 3; it is 4", "label": "your prediction: or", "panel": 0, "axis": "x", "numbers": [3], "at": []},'
        ' {"text": "xor: x", "label": "your prediction: xor", "panel": 0, "axis": "", "numbers": [1, 2, 3, 4, 4], "at": [1, 2, 3, 6, 12]}]'
    )
    drawing.observe(course.reference("hw1"), marks=marks, kind="png")
    (figure,) = seen
    lines = [list(line.get_xdata()) for line in figure.axes[0].lines]
    assert [3, 3] in lines
    assert [1, 2, 3, 6, 12] in lines
    assert any("or: you predicted 3; it is 4" in text.get_text() for text in figure.texts)
    assert "your prediction: xor" in [text.get_text() for text in figure.axes[0].get_legend().get_texts()]


def test_the_figures_are_where_the_questions_look(tmp_path: Path):
    """The kit's own figure of each result lies in `results/`."""
    for name in ASSIGNMENTS:
        folder = ROOT / "assignments" / name
        wanted = {one.figure for one in load_predictions(folder, load(folder)).questions if one.figure}
        assert {path.stem for path in (folder / "results").iterdir()} == wanted
