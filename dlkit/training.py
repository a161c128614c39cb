"""`dlkit train`: a whole training run with the course's references, from the data to the saved model.

Each run puts the assignments together: the model of one of them, the loops, the normalisation and the file of hw6. It logs the
lecture's lines, validates after each epoch, tests once at the end, saves the model and draws its learning curve.
"""

from __future__ import annotations

import csv
import os
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from autograder.sandbox.installed import called, missing, remedy
from dlkit import course, datasets
from dlkit.datasets import Array, Dataset

Log = Callable[[str], Any]


@dataclass(frozen=True)
class Recipe:
    """What a run is made of.

    Attributes:
        assignment: whose reference builds the model.
        build: makes the model from that reference and a seed.
        data: the names of the data sets that it can be trained on; the first is the default.
        classes: how many classes; with 2 the model ends in one sigmoid unit, otherwise in logits.
        learning_rate, momentum, batch_size, epochs: for Keras's SGD.
        every: epochs between two epochs whose log lines are shown.
        images: the samples are uint8 images, for hw6's `normalize_images`.
        hold_out: the share of the training samples that validate; 0 where there are too few to spare any.
    """

    assignment: str
    build: Callable[[ModuleType, int], Any]
    data: tuple[str, ...]
    classes: int
    learning_rate: float
    momentum: float = 0.9
    batch_size: int = 32
    epochs: int = 15
    every: int = 1
    images: bool = False
    hold_out: float = 0.2


RECIPES = {
    "perceptron": Recipe(
        "hw1", lambda hw1, seed: hw1.build_perceptron(2), ("blobs", "and", "or", "xor", "moons"), 2, 0.5, epochs=20
    ),
    "xor-mlp": Recipe("hw2", lambda hw2, seed: hw2.build_xor_mlp(8, seed=seed), ("xor", "moons"), 2, 0.5, epochs=500, every=50),
    "regularized-mlp": Recipe(
        "hw5", lambda hw5, seed: hw5.build_regularized_mlp(64, 10, l2=1e-3, seed=seed), ("digits", "noisy_digits"), 10, 0.1
    ),
    "dropout-mlp": Recipe(
        "hw5", lambda hw5, seed: hw5.build_dropout_mlp(64, 10, rate=0.5, seed=seed), ("digits", "noisy_digits"), 10, 0.1
    ),
    "cnn": Recipe("hw6", lambda hw6, seed: hw6.build_cnn(), ("mnist", "digits28"), 10, 0.01, epochs=5, images=True),
}


@dataclass(frozen=True)
class Epoch:
    """What an epoch came to: losses of an average sample, and the share of right answers on the validation samples.

    The training loss is the one that was minimised, penalties included; the validation loss is the cross-entropy alone.
    """

    number: int
    train_loss: float
    val_loss: float
    val_accuracy: float


@dataclass(frozen=True)
class Run:
    """A finished run.

    Attributes:
        model: the name of its recipe.
        data: the name of the data set.
        epochs: one entry for each epoch.
        test_loss, test_accuracy: of the reloaded model, on samples that nothing was chosen by.
        seconds: how long the training took.
        files: the saved model, the learning curve and the table of epochs.
    """

    model: str
    data: str
    epochs: tuple[Epoch, ...]
    test_loss: float
    test_accuracy: float
    seconds: float
    files: tuple[Path, ...] = field(default=())


def run(
    name: str,
    folder: Path,
    *,
    data: str = "",
    epochs: int | None = None,
    learning_rate: float | None = None,
    batch_size: int | None = None,
    seed: int = 0,
    log_interval: int = 10,
    log: Log = print,
) -> Run:
    """Train a model from its data to its file.

    Args:
        name: a key of `RECIPES`.
        folder: where the saved model, the picture and the table go.
        data: a data set of the recipe; its first by default.
        epochs: in place of the recipe's.
        learning_rate: in place of the recipe's.
        batch_size: in place of the recipe's.
        seed: for the initial weights, the dropout masks, the split and the order of the batches.
        log_interval: batches between two log lines.
        log: called with each line.

    Raises:
        CourseError: a reference is missing.
        ValueError: there is no such recipe, or it does not know the data.
    """
    if name not in RECIPES:
        raise ValueError(f"`name` must be one of {', '.join(RECIPES)}. Received: {name!r}")
    changes = {"epochs": epochs, "learning_rate": learning_rate, "batch_size": batch_size}
    recipe = replace(RECIPES[name], **{key: value for key, value in changes.items() if value is not None})  # type: ignore[arg-type]
    chosen = data or recipe.data[0]
    if chosen not in recipe.data:
        raise ValueError(f"`data` of {name} must be one of {', '.join(recipe.data)}. Received: {chosen!r}")
    reference, cnn = course.reference(recipe.assignment), course.reference("hw6")

    import keras

    keras.utils.set_random_seed(seed)
    model = recipe.build(reference, seed)
    chosen, samples = load_data(chosen, seed)
    parts = prepare(recipe, samples, cnn, seed)
    started = time.perf_counter()
    history = fit(model, recipe, parts, cnn, seed, log_interval, log)
    seconds = time.perf_counter() - started

    folder.mkdir(parents=True, exist_ok=True)
    model_path, picture, table = (folder / file for file in (f"{name}.keras", f"{name}.png", f"{name}.csv"))
    test = in_batches(*parts["test"], size=256)
    loss, accuracy = evaluate(cnn.save_and_reload(model, str(model_path)), test, recipe, cnn)
    count = len(parts["test"][0])
    log(f"\nTest set: Average loss: {loss:.4f}, Accuracy: {round(accuracy * count)}/{count} ({accuracy:.1%})\n")
    result = Run(name, chosen, tuple(history), loss, accuracy, seconds, (model_path, picture, table))
    draw(result, picture)
    write_table(result, table)
    return result


# Its parts --------------------------------------------------------------------------------------------------------


def load_data(name: str, seed: int) -> tuple[str, Dataset]:
    """A data set by the name of its function, or of a gate; and what it is in fact, if another had to stand in."""
    if name in datasets.GATES:
        return name, datasets.gates(name)
    found: Dataset = getattr(datasets, name)(seed=seed)
    if name == "mnist" and len(found.X_train) < 60_000:
        name = "digits28 (mnist not available)"
    return name, found


def prepare(recipe: Recipe, data: Dataset, cnn: ModuleType, seed: int) -> dict[str, tuple[Array, Array]]:
    """Samples and targets as the model wants them, in three parts: "train", "val" and "test".

    The validation samples are taken from the training samples, never from the test set. Where the table of a gate is all
    there is, its four rows are all three parts.
    """
    X_train, X_test = (cnn.normalize_images(X) if recipe.images else X.astype(np.float32) for X in (data.X_train, data.X_test))
    y_train, y_test = ((y[:, None].astype(np.float32) if recipe.classes == 2 else y) for y in (data.y_train, data.y_test))
    held = round(recipe.hold_out * len(X_train)) if len(X_train) >= 20 else 0
    order = np.random.default_rng(seed).permutation(len(X_train))
    rest, val = (order[held:], order[:held]) if held else (order, order)
    return {"train": (X_train[rest], y_train[rest]), "val": (X_train[val], y_train[val]), "test": (X_test, y_test)}


def in_batches(X: Array, y: Array, size: int) -> list[tuple[Array, Array]]:
    """Samples and targets cut into batches; the last one may be smaller."""
    return [(X[start : start + size], y[start : start + size]) for start in range(0, len(X), size)]


def fit(
    model: Any,
    recipe: Recipe,
    parts: dict[str, tuple[Array, Array]],
    cnn: ModuleType,
    seed: int,
    log_interval: int,
    log: Log,
) -> list[Epoch]:
    """Train for all epochs: hw6's `train_epoch` on batches in a new order each time, then a look at the validation samples."""
    import keras

    optimizer = keras.optimizers.SGD(recipe.learning_rate, momentum=recipe.momentum)
    loss_fn = loss_of(model, recipe)
    rng = np.random.default_rng(seed + 1)
    X, y = parts["train"]
    val = in_batches(*parts["val"], size=256)
    history = []
    for number in range(1, recipe.epochs + 1):
        order = rng.permutation(len(X))
        batches = in_batches(X[order], y[order], recipe.batch_size)
        shown = number == 1 or number % recipe.every == 0 or number == recipe.epochs
        train_loss = cnn.train_epoch(model, batches, loss_fn, optimizer, number, log_interval, log if shown else _nothing)
        val_loss, val_accuracy = evaluate(model, val, recipe, cnn)
        history.append(Epoch(number, train_loss, val_loss, val_accuracy))
        if shown:
            log(f"Epoch {number}: loss {train_loss:.4f}, validation loss {val_loss:.4f}, validation accuracy {val_accuracy:.1%}")
    return history


def loss_of(model: Any, recipe: Recipe) -> Callable[[Any, Any], Any]:
    """The loss that is minimised: L(W) = mean cross-entropy + the model's own penalties."""
    import keras

    if recipe.classes == 2:
        data_loss = keras.losses.BinaryCrossentropy()
    else:
        data_loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    return lambda y, answer: data_loss(y, answer) + sum(model.losses)


def evaluate(model: Any, batches: list[tuple[Array, Array]], recipe: Recipe, cnn: ModuleType) -> tuple[float, float]:
    """Average loss (without penalties) and accuracy: hw6's `evaluate_model`, or the same for one sigmoid unit."""
    if recipe.classes > 2:
        loss, accuracy = cnn.evaluate_model(model, batches)
        return loss, accuracy
    p = np.concatenate([np.asarray(model(X, training=False), dtype=float) for X, _ in batches])  # (N, 1)
    y = np.concatenate([y for _, y in batches])
    p_of_truth = np.clip(np.where(y == 1, p, 1 - p), 1e-7, 1)
    return float(-np.log(p_of_truth).mean()), float(np.mean((p > 0.5) == (y == 1)))


def draw(result: Run, path: Path) -> None:
    """The learning curve: losses on the left, validation accuracy on the right."""
    from dlkit.figures.style import BLUE, GREEN, ORANGE, canvas, save, styled

    @styled
    def picture() -> Any:
        numbers = [epoch.number for epoch in result.epochs]
        mark = "o" if len(numbers) <= 30 else ""
        figure, (losses, accuracy) = canvas(9, 3.8, 1, 2)
        losses.plot(numbers, [e.train_loss for e in result.epochs], marker=mark, color=BLUE, linestyle="-", label="training")
        losses.plot(numbers, [e.val_loss for e in result.epochs], marker=mark, color=ORANGE, linestyle="--", label="validation")
        losses.set(xlabel="epoch", ylabel="loss", title=f"validation loss {result.epochs[-1].val_loss:.3g} at the end")
        losses.set_ylim(bottom=0)
        losses.legend()
        accuracy.plot(numbers, [e.val_accuracy for e in result.epochs], marker=mark, color=GREEN, linestyle="-")
        accuracy.set(xlabel="epoch", ylabel="validation accuracy", title=f"test accuracy {result.test_accuracy:.1%}")
        accuracy.set_ylim(0, 1.03)
        for ax in (losses, accuracy):
            ax.xaxis.get_major_locator().set_params(integer=True)
        figure.suptitle(f"{result.model} on {result.data}, {len(numbers)} epochs in {result.seconds:.0f} s")
        return figure

    save(picture(), path)


def write_table(result: Run, path: Path) -> None:
    """One row for each epoch, as CSV."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["epoch", "train_loss", "val_loss", "val_accuracy"])
        writer.writerows([e.number, f"{e.train_loss:.6f}", f"{e.val_loss:.6f}", f"{e.val_accuracy:.6f}"] for e in result.epochs)


def _nothing(line: str) -> None:
    """A log that is not shown."""


def load_tensorflow_quietly() -> None:
    """Import TensorFlow and let it look for devices, without its remarks on the machine, which go past `sys.stderr`.

    Raises:
        CourseError: it is not installed.
    """
    if package := missing(["tensorflow", "keras"]):
        raise course.CourseError(f"This needs {called(package)}, which is not installed here. {remedy(package)}.")
    kept, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    try:
        import tensorflow as tf

        tf.config.list_logical_devices()
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)
