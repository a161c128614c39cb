"""`dlkit train`: the references run end to end, and leave a model, a picture and a table."""

from __future__ import annotations

import csv
import re
import warnings

import numpy as np
import pytest
from click.testing import CliRunner
from support import ROOT

from dlkit import course, datasets, training
from dlkit.cli import main
from dlkit.commands.teaching import MODELS
from dlkit.training import RECIPES, Recipe, in_batches, prepare

pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")  # Keras's, while it saves
FEW = 400  # samples of digits to train on, a fifth as many to test on: what a run is made of does not depend on how many
QUICK = {"perceptron": 2, "xor-mlp": 3, "regularized-mlp": 1, "dropout-mlp": 1, "cnn": 1}  # epochs


def few(make):
    """A data set with few of its samples."""

    def made(**options):
        data = make(**options)
        tests = FEW // 5
        return datasets.Dataset(data.X_train[:FEW], data.X_test[:tests], data.y_train[:FEW], data.y_test[:tests])

    return made


few_digits = few(datasets.digits28)


@pytest.fixture(autouse=True)
def in_the_course(monkeypatch):
    """The references are found from the folder of the course; MNIST is not asked for, and of the digits there are few."""
    monkeypatch.chdir(ROOT)
    monkeypatch.setattr(datasets, "mnist", few_digits)
    monkeypatch.setattr(datasets, "digits", few(datasets.digits))


@pytest.fixture(scope="module")
def cnn():
    return course.load(ROOT / "solutions" / "hw6" / "cnn.py")


@pytest.mark.parametrize("name", RECIPES)
def test_a_run_leaves_a_model_a_picture_and_a_table(name, tmp_path) -> None:
    """From the data to the files, with the lecture's log lines on the way."""
    lines: list[str] = []
    result = training.run(name, tmp_path / "out", epochs=QUICK[name], log=lines.append)
    model, picture, table = result.files
    import keras

    assert keras.models.load_model(model).count_params() > 0
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert len(list(csv.reader(table.read_text(encoding="utf-8").splitlines()))) == 1 + QUICK[name] == 1 + len(result.epochs)
    assert re.fullmatch(r"Train Epoch: 1 \[0/\d+ \(0%\)\]\tLoss: \d+\.\d{6}", lines[0])
    assert re.search(r"Test set: Average loss: \d+\.\d{4}, Accuracy: \d+/\d+ \(\d+\.\d%\)", lines[-1])
    assert 0 <= result.test_accuracy <= 1
    assert np.isfinite([result.test_loss, *(value for epoch in result.epochs for value in vars(epoch).values())]).all()


def test_a_seed_gives_the_same_run(tmp_path) -> None:
    """One seed, one curve; another seed, another one."""
    runs = [training.run("dropout-mlp", tmp_path, epochs=1, seed=seed, log=str) for seed in (3, 3, 4)]
    assert runs[0].epochs == runs[1].epochs
    assert runs[0].epochs != runs[2].epochs


def test_xor_is_learned(tmp_path) -> None:
    """With eight hidden units, four of four after 100 epochs (after the recipe's 500, 1,000 of 1,000 starts when it was measured)."""
    assert training.run("xor-mlp", tmp_path, epochs=100, log=str).test_accuracy == 1.0


def test_the_perceptron_does_not_learn_xor(tmp_path) -> None:
    """One unit gets three of the four rows at best."""
    assert training.run("perceptron", tmp_path, data="xor", log=str).test_accuracy <= 0.75


def test_the_penalty_is_part_of_the_loss() -> None:
    """L(W) = mean cross-entropy + penalties; a model without penalties has the cross-entropy alone."""
    import keras

    y, logits = np.array([0, 1]), np.zeros((2, 10), dtype=np.float32)
    layer = keras.layers.Dense(10, kernel_regularizer=keras.regularizers.L2(0.5), kernel_initializer="ones")
    model = keras.Sequential([keras.Input((3,)), layer])
    recipe = RECIPES["regularized-mlp"]
    np.testing.assert_allclose(float(training.loss_of(model, recipe)(y, logits)), np.log(10) + 0.5 * 30, rtol=1e-6)


def test_validation_samples_come_from_the_training_samples(cnn) -> None:
    """A fifth of the training samples validates; no sample is in two parts, and the test set stays as it is."""
    rows = np.arange(100.0)[:, None] * np.ones(2)
    data = datasets.Dataset(rows, rows[:10] + 1000, np.arange(100), np.arange(10))
    parts = prepare(Recipe("hw5", lambda *_: None, ("digits",), 10, 0.1), data, cnn, seed=0)
    assert (len(parts["train"][0]), len(parts["val"][0])) == (80, 20)
    assert sorted([*parts["train"][1], *parts["val"][1]]) == list(range(100))
    np.testing.assert_array_equal(parts["test"][0], data.X_test)
    for X, y in parts.values():
        np.testing.assert_array_equal(X[:, 0] % 1000, y)


def test_a_truth_table_is_too_small_to_spare_rows(cnn) -> None:
    """Four rows train, validate and test."""
    parts = prepare(RECIPES["xor-mlp"], datasets.xor(), cnn, seed=0)
    assert {len(X) for X, _ in parts.values()} == {4}


def test_one_unit_is_judged_as_keras_judges_it(cnn) -> None:
    """Loss and accuracy of a sigmoid unit are those of Keras."""
    import keras

    keras.utils.set_random_seed(1)
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1, "sigmoid")])
    model.compile(loss="binary_crossentropy", metrics=["accuracy"])
    rng = np.random.default_rng(1)
    X, y = rng.normal(size=(23, 2)).astype(np.float32), rng.integers(0, 2, (23, 1)).astype(np.float32)
    ours = training.evaluate(model, in_batches(X, y, 5), RECIPES["perceptron"], cnn)
    np.testing.assert_allclose(ours, model.evaluate(X, y, verbose=0), rtol=1e-5)


@pytest.mark.parametrize(
    ("name", "data", "message"), [("svm", "", "`name` must be one of perceptron"), ("cnn", "moons", "`data` of cnn")]
)
def test_what_there_is_not_is_refused(name, data, message, tmp_path) -> None:
    """The sentence says what there is."""
    with pytest.raises(ValueError, match=message):
        training.run(name, tmp_path, data=data)


def test_a_data_set_that_stands_in_is_named(tmp_path) -> None:
    """Without MNIST the result says what was used."""
    name, _ = training.load_data("mnist", 0)
    assert name == "digits28 (mnist not available)"


# The command ------------------------------------------------------------------------------------------------------


def test_the_command_prints_the_result_and_its_files(tmp_path) -> None:
    """Log, test line, summary, and one line for each file."""
    result = CliRunner().invoke(main, ["train", "perceptron", "--epochs", "2", "--out", str(tmp_path)])
    assert result.exit_code == 0, result.output
    assert "Train Epoch: 2 [0/120 (0%)]" in result.output
    assert re.search(r"perceptron on blobs: test accuracy \d+\.\d%", result.output)
    assert f"{tmp_path / 'perceptron.keras'}" in result.output


def test_the_command_can_be_quiet(tmp_path) -> None:
    """With --quiet the result alone is printed."""
    result = CliRunner().invoke(main, ["train", "perceptron", "--epochs", "1", "--quiet", "--out", str(tmp_path)])
    assert result.exit_code == 0
    assert len(result.output.splitlines()) == 4


@pytest.mark.filterwarnings("always:MNIST:UserWarning")
def test_a_warning_is_one_line(tmp_path, monkeypatch) -> None:
    """What stands in for MNIST is said in one line of stderr, without Python's file and line."""

    def absent(**_):
        warnings.warn("MNIST is not available: no network.", stacklevel=2)
        return few_digits()

    monkeypatch.setattr(datasets, "mnist", absent)
    result = CliRunner().invoke(main, ["train", "cnn", "--epochs", "1", "--quiet", "--out", str(tmp_path)])
    assert result.exit_code == 0, result.output
    assert result.stderr.splitlines() == ["dlkit: MNIST is not available: no network."]
    assert "cnn on digits28 (mnist not available)" in result.stdout


def test_the_help_names_every_model_with_its_data() -> None:
    """What --help lists is what there is."""
    listed = dict(re.findall(r"^ {4}([a-z-]+)  +(.+)$", CliRunner().invoke(main, ["train", "--help"]).output, re.MULTILINE))
    assert tuple(RECIPES) == MODELS
    for name, recipe in RECIPES.items():
        assert re.sub(r" \(.*?\)", "", listed[name]).split(", ") == list(recipe.data)


@pytest.mark.parametrize("arguments", [["svm"], ["cnn", "--data", "moons"], ["cnn", "--epochs", "0"], []])
def test_wrong_usage_ends_with_status_2(arguments, tmp_path) -> None:
    """A sentence, no traceback."""
    result = CliRunner().invoke(main, ["train", *arguments, "--out", str(tmp_path)])
    assert result.exit_code == 2
    assert "Error" in result.output or "dlkit: " in result.output
    assert "Traceback" not in result.output


def test_outside_of_the_course_it_says_so(tmp_path, monkeypatch) -> None:
    """Where there are no references, one sentence says what was looked for."""
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(main, ["train", "perceptron"])
    assert result.exit_code == 2
    assert "No folder with assignments/ and solutions/" in " ".join(result.output.split())
