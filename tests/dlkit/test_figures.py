"""The lecture's figures: listed, drawn without a complaint, and the same each time."""

from __future__ import annotations

import re
import warnings
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from click.testing import CliRunner
from sampling import sample

from dlkit import course, figures
from dlkit.cli import main
from dlkit.figures import FIGURES, draw

ROOT = Path(__file__).parents[2]
FAST = [name for name, entry in FIGURES.items() if not entry.slow]
HANDOUTS = sorted(path.parent.name for path in ROOT.glob("assignments/*/README.md"))


@pytest.fixture(autouse=True)
def in_the_course(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(ROOT)


@pytest.fixture
def titles(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The titles of every figure that is saved while the test runs."""
    from dlkit.figures import style

    seen: list[str] = []

    def save(figure, path):
        seen.append(figure.get_suptitle())
        seen.extend(ax.get_title() for ax in figure.axes)
        original(figure, path)

    original = style.save
    monkeypatch.setattr(style, "save", save)
    return seen


def test_every_file_is_listed():
    """The registry has one entry for each figure's file, and says in one line what it shows."""
    files = {path.stem for path in Path(figures.__file__).parent.glob("*.py")} - {"__init__", "style", "digits"}
    assert {entry.module for entry in FIGURES.values()} == files
    assert all(entry.shows and "\n" not in entry.shows for entry in FIGURES.values())


@pytest.mark.parametrize("name", sample(FAST, 3))
def test_a_figure_draws_alike_twice(name: str, tmp_path: Path, titles: list[str]):
    """Drawing gives no warning, an SVG of moderate size with numbers in its titles, and the same bytes again."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        first = draw(name, tmp_path / "once")
        second = draw(name, tmp_path / "twice")
    assert first.read_bytes() == second.read_bytes()
    assert 3_000 < first.stat().st_size < 150_000
    assert len(list(ElementTree.parse(first).iter())) > 50  # noqa: S314  # our own file
    assert re.search(r"\d", " ".join(titles))


@pytest.mark.parametrize("assignment", HANDOUTS)
def test_handouts_show_the_figures_that_they_have(assignment: str):
    """A handout's figures are on disk and meant for that assignment, and none lies beside them unused."""
    shown, behind = set(figures.embedded(assignment)), set(figures.behind(assignment))
    assert {path.stem for path in (ROOT / "assignments" / assignment / "figures").glob("*")} == shown
    assert {path.stem for path in (ROOT / "assignments" / assignment / "results").glob("*")} == behind
    assert all(assignment in FIGURES[name].used_in for name in shown | behind)
    assert not shown & behind, "the handout shows what is to be predicted"


def test_an_unknown_figure_names_the_known_ones(tmp_path: Path):
    """A name that does not exist is answered with those that do."""
    with pytest.raises(
        course.CourseError, match=r"There is no figure 'xor'; there are: perceptron_boundaries, .*, xor_surface, "
    ):
        draw("xor", tmp_path)


def test_a_stub_cannot_be_drawn_yet(tmp_path: Path):
    """A student who has not written the functions is told so, without a traceback."""
    with pytest.raises(course.CourseError, match=r"needs functions that are not written yet in .*xor_mlp\.py"):
        draw("xor_surface", tmp_path, source=ROOT / "assignments" / "hw2" / "xor_mlp.py")


def test_a_function_that_fails_is_reported_in_one_sentence(tmp_path: Path):
    """A student's function that raises is their mistake, and is told with its error."""
    mine = tmp_path / "perceptron.py"
    mine.write_text("AND_X = None\ndef train_perceptron(X, y, lr=1.0, max_epochs=100):\n    return 1 / 0\n")
    with pytest.raises(course.CourseError, match=r"cannot be drawn with .*perceptron\.py: ZeroDivisionError: division by zero"):
        draw("perceptron_mistakes", tmp_path, source=mine)


def test_a_figure_without_functions_takes_no_source(tmp_path: Path):
    """Asking for a diagram "with my functions" is answered, not ignored."""
    with pytest.raises(course.CourseError, match="draws no function of an assignment"):
        draw("network_221", tmp_path, source="xor_mlp.py")


def test_the_command_lists_draws_and_says_what_is_wrong(tmp_path: Path):
    """`--list` lists the figures; a name draws one; a wrong name ends with one line and status 2."""
    run = CliRunner().invoke
    listed = run(main, ["figures", "--list"])
    assert listed.exit_code == 0
    assert [line.split()[0] for line in listed.output.splitlines()] == list(FIGURES)
    assert run(main, ["figures", "network_221", "--out", str(tmp_path)]).exit_code == 0
    assert (tmp_path / "network_221.png").read_bytes().startswith(b"\x89PNG")
    wrong = run(main, ["figures", "network_222"])
    assert (wrong.exit_code, wrong.output.count("\n")) == (2, 1)


def test_handouts_are_brought_up_to_date(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """`--handouts` draws exactly what a handout shows, beside it; a figure that nothing draws is an error."""
    (tmp_path / "solutions").mkdir()
    handout = tmp_path / "assignments" / "hw0" / "README.md"
    handout.parent.mkdir(parents=True)
    handout.write_text("![one](figures/network_221.svg)\n")
    monkeypatch.chdir(tmp_path)
    assert CliRunner().invoke(main, ["figures", "--handouts"]).exit_code == 0
    assert [path.name for path in (handout.parent / "figures").iterdir()] == ["network_221.svg"]
    handout.write_text("![one](figures/nothing.svg)\n")
    assert CliRunner().invoke(main, ["figures", "--handouts", "hw0"]).exit_code == 2


def test_the_drawn_derivatives_are_derivatives():
    """Figure 3's slopes are those of its values, and stay within the bounds in its titles."""
    from dlkit.figures.f03_activations import ACTIVATIONS

    z = np.linspace(-30, 30, 6000)  # never exactly at a corner
    for name, (value, slope, bound) in ACTIVATIONS.items():
        differences = (value(z + 1e-6) - value(z - 1e-6)) / 2e-6
        np.testing.assert_allclose(slope(z), differences, atol=1e-8, err_msg=name)
        assert np.abs(slope(z)).max() == pytest.approx(bound, abs=0.003)


def test_the_success_rates_can_be_measured_again():
    """A sample of figure 5's table, measured again, gives the stored counts (another CPU may round a few differently)."""
    from dlkit.figures.f05_xor_success_rate import BY_EPOCH, BY_HIDDEN, EPOCHS, HIDDEN, measure

    by_epoch = measure(lr=1.0, at=EPOCHS[:4])
    np.testing.assert_allclose(by_epoch, BY_EPOCH["rate 1"][:4], atol=10)
    by_hidden = measure(2, "tanh", "sigmoid", 0.5, 0.9)
    np.testing.assert_allclose(by_hidden, BY_HIDDEN["tanh"][HIDDEN.index(2)], atol=10)
