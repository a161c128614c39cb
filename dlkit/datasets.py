"""The course's data: small, offline, the same in every run.

Each function gives a `Dataset`, in scikit-learn's order:

    X_train, X_test, y_train, y_test = datasets.moons()

Rows of `X` are samples; labels are whole numbers, (N,). Nothing here imports scikit-learn before it is needed.
"""

from __future__ import annotations

import importlib
import os
import threading
import urllib.request
import warnings
from hashlib import sha256
from http.client import HTTPException
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

__all__ = ["blobs", "clinic", "Dataset", "digits", "digits28", "gates", "mnist", "moons", "noisy_digits", "polynomial", "xor"]

Array = np.ndarray[Any, Any]

GATES = {"and": (0, 0, 0, 1), "or": (0, 1, 1, 1), "nand": (1, 1, 1, 0), "nor": (1, 0, 0, 0), "xor": (0, 1, 1, 0)}
MNIST_URL = "https://storage.googleapis.com/tensorflow/tf-keras-datasets/mnist.npz"  # where keras.datasets has it from
MNIST_SHA256 = "731c5ac602752760c8e48fbffcf8c3b850d9dc2a2aedcf2cc48468fc17b673d1"


class Dataset(NamedTuple):
    """Samples to train on and samples to test on, in the order of scikit-learn's `train_test_split`."""

    X_train: Array
    X_test: Array
    y_train: Array
    y_test: Array


# Points -----------------------------------------------------------------------------------------------------------


def gates(gate: str = "and") -> Dataset:
    """The truth table of a Boolean gate; it has only four rows, which are also the test set.

    Args:
        gate: "and", "or", "nand", "nor" or "xor".

    Returns:
        X (4, 2) float64 of 0 and 1, y (4,) int64 of 0 and 1; twice the same.

    Raises:
        ValueError: there is no such gate.

    >>> gates("xor").y_train
    array([0, 1, 1, 0])
    """
    if gate not in GATES:
        raise ValueError(f"`gate` must be one of {', '.join(GATES)}. Received: {gate!r}")
    X = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    y = np.array(GATES[gate])
    return Dataset(X, X.copy(), y, y.copy())


def xor() -> Dataset:
    """The four rows of XOR: X (4, 2) float64, y (4,) int64; the test set is the training set."""
    return gates("xor")


def blobs(n_samples: int = 200, *, distance: float = 4.0, seed: int = 0) -> Dataset:
    """Two round clouds of points, linearly separable except for a few points if the clouds are close.

    Source: NumPy; standard deviation 0.6, centres `distance` apart. A quarter of the points is the test set.

    Args:
        n_samples: how many points in total, half of them in each class.
        distance: the distance between the two centres.
        seed: for NumPy's generator.

    Returns:
        X (n, 2) float64, y (n,) int64 of 0 and 1.
    """
    rng = np.random.default_rng(seed)
    y = np.arange(n_samples) % 2
    centres = np.array([[-1.0, -1.0], [1.0, 1.0]]) * distance / np.sqrt(8)
    return _split(centres[y] + 0.6 * rng.normal(size=(n_samples, 2)), y, rng)


def moons(n_samples: int = 300, *, noise: float = 0.2, seed: int = 0) -> Dataset:
    """Two interleaved half circles: not linearly separable.

    Source: `sklearn.datasets.make_moons`. A quarter of the points is the test set.

    Args:
        n_samples: how many points in total.
        noise: standard deviation of the added noise.
        seed: for the points and the split.

    Returns:
        X (n, 2) float64, y (n,) int64 of 0 and 1.
    """
    make_moons = _scikit_learn("datasets").make_moons
    X, y = make_moons(n_samples, noise=noise, random_state=seed)
    return _split(X, y, np.random.default_rng(seed))


def clinic(program: str, *, seed: int = 0) -> Dataset:
    """What one of the ten programs of hw7 learns from, and new rows to try it on.

    Source: NumPy; see `dlkit.clinic`, which says of each what it is.

    Args:
        program: the name of its function, such as "price_flats".
        seed: for NumPy's generator.

    Returns:
        X (n, d) float64; y (n,) float64 where a number is predicted, int64 labels elsewhere.

    Raises:
        ValueError: there is no such program.

    >>> clinic("spot_beams").X_train.shape
    (200, 2)
    """
    from dlkit.clinic import drawn

    return Dataset(*drawn(program, seed))


def polynomial(n_samples: int = 30, *, noise: float = 0.25, n_test: int = 200, seed: int = 0) -> Dataset:
    """Noisy values of sin 3x on [-1, 1], for fitting y = sum_i a_i x^i.

    Source: NumPy. x is uniform and the noise is normal; test values have the same noise.

    Args:
        n_samples: how many points to fit.
        noise: standard deviation of the noise.
        n_test: how many points to test on.
        seed: for NumPy's generator.

    Returns:
        x (n,) float64 and y (n,) float64.
    """
    rng = np.random.default_rng(seed)
    x = rng.uniform(-1, 1, n_samples + n_test)
    y = np.sin(3 * x) + noise * rng.normal(size=x.size)
    return Dataset(x[:n_samples], x[n_samples:], y[:n_samples], y[n_samples:])


# Images -----------------------------------------------------------------------------------------------------------


def digits(*, seed: int = 0) -> Dataset:
    """Scikit-learn's 1,797 handwritten digits as rows: 1,437 to train on and 360 to test on, stratified by digit.

    Source: `sklearn.datasets.load_digits` (8 x 8 pixels of 0 to 16), which needs no download.

    Args:
        seed: for the split.

    Returns:
        X (n, 64) float32 in [0, 1], y (n,) int64 of 0 to 9.
    """
    return _split_digits(lambda images: (images / 16).astype(np.float32).reshape(len(images), -1), seed)


def digits28(*, seed: int = 0) -> Dataset:
    """The same digits in MNIST's format: each pixel is a 3 x 3 block, in the middle of an empty 28 x 28 image.

    Source: `sklearn.datasets.load_digits`. Scaled to [0, 1], the training pixels have mean 0.2244 and standard deviation
    0.3493 (MNIST's: 0.1307 and 0.3081).

    Args:
        seed: for the split.

    Returns:
        X (n, 28, 28) uint8 of 0 to 255, y (n,) int64 of 0 to 9; 1,437 and 360 of them.
    """

    def on_canvas(images: Array) -> Array:
        pixels = np.round(images * 255 / 16).astype(np.uint8)
        large = np.kron(pixels, np.ones((1, 3, 3), dtype=np.uint8))  # (n, 8, 8) -> (n, 24, 24)
        return np.pad(large, ((0, 0), (2, 2), (2, 2)))  # -> (n, 28, 28)

    return _split_digits(on_canvas, seed)


def noisy_digits(n_train: int = 300, *, share: float = 0.3, seed: int = 0) -> Dataset:
    """A few digits with some random training labels: a model that learns all of them memorizes noise.

    Source: `sklearn.datasets.load_digits`; the data of hw5's `experiment_regularizers`.

    Args:
        n_train: how many digits to train on; all others are the test set, with correct labels.
        share: the share of training labels that are drawn at random (one in ten of these is correct by chance).
        seed: for NumPy's generator.

    Returns:
        X (n, 64) float32 in [0, 1], y (n,) int64 of 0 to 9.
    """
    images, labels = _scikit_learn("datasets").load_digits(return_X_y=True)
    rng = np.random.default_rng(seed)
    order = rng.permutation(len(images))
    X, y = (images[order] / 16).astype(np.float32), labels[order]
    noisy = round(share * n_train)
    y_train = y[:n_train].copy()
    y_train[rng.choice(n_train, noisy, replace=False)] = rng.integers(0, 10, noisy)
    return Dataset(X[:n_train], X[n_train:], y_train, y[n_train:])


def mnist(*, seconds: float = 20.0, seed: int = 0) -> Dataset:
    """MNIST: 60,000 handwritten digits to train on and 10,000 to test on; without a network, `digits28` and a warning.

    Source: the file of `keras.datasets.mnist`. It is read where Keras keeps it (`~/.keras/datasets`, or `KERAS_HOME`);
    if it is not there, dlkit downloads it there once.

    Args:
        seconds: how long the download may take.
        seed: for the split of `digits28`, if that is used instead.

    Returns:
        X (n, 28, 28) uint8 of 0 to 255, y (n,) int64 of 0 to 9.

    Warns:
        UserWarning: MNIST is not available; the result is `digits28`.
    """
    path = mnist_path()
    trouble = "" if path.is_file() else _download(path, seconds)
    if not trouble:
        try:
            with np.load(path, allow_pickle=False) as file:
                X_train, X_test, y_train, y_test = (file[name] for name in ("x_train", "x_test", "y_train", "y_test"))
            return Dataset(X_train, X_test, y_train.astype(np.int64), y_test.astype(np.int64))
        except (OSError, ValueError, KeyError) as error:
            trouble = f"{path} cannot be read ({error})"
    warnings.warn(
        f"MNIST is not available: {trouble}. Using scikit-learn's 1,797 digits on a 28 x 28 canvas instead of its 70,000 images.",
        stacklevel=2,
    )
    return digits28(seed=seed)


def mnist_path() -> Path:
    """Where Keras keeps MNIST once it has been downloaded."""
    home = os.environ.get("KERAS_HOME")
    return (Path(home) if home else Path.home() / ".keras") / "datasets" / "mnist.npz"


# Shared -----------------------------------------------------------------------------------------------------------


def _split(X: Array, y: Array, rng: np.random.Generator, test: float = 0.25) -> Dataset:
    """Shuffle, and put a share of the samples aside."""
    order = rng.permutation(len(X))
    rest, aside = np.split(order, [len(X) - round(test * len(X))])
    return Dataset(X[rest], X[aside], y[rest], y[aside])


def _split_digits(form: Any, seed: int) -> Dataset:
    found = _scikit_learn("datasets").load_digits()
    split = _scikit_learn("model_selection").train_test_split
    return Dataset(*split(form(found.images), found.target, test_size=360, random_state=seed, stratify=found.target))


def _scikit_learn(part: str) -> Any:
    """A part of scikit-learn, which a kit brings only if one of its assignments uses it.

    Raises:
        ModuleNotFoundError: it is not installed.
    """
    try:
        return importlib.import_module(f"sklearn.{part}")
    except ModuleNotFoundError as error:
        if error.name != "sklearn":
            raise
        why = "these data come from scikit-learn, which is not installed. Install it: pip install scikit-learn"
        raise ModuleNotFoundError(why, name="sklearn") from None


def _download(path: Path, seconds: float) -> str:
    """Fetch MNIST to `path`; what went wrong, or "". A name server or a line that hangs costs `seconds` and no more."""
    trouble = [f"it could not be downloaded within {seconds:g} s"]

    def fetch() -> None:
        try:
            with urllib.request.urlopen(MNIST_URL, timeout=seconds) as response:
                data = response.read()
            if sha256(data).hexdigest() != MNIST_SHA256:
                trouble[:] = ["the downloaded file is not MNIST"]
                return
            path.parent.mkdir(parents=True, exist_ok=True)
            partial = path.with_name(f"mnist-{os.getpid()}.part")
            partial.write_bytes(data)
            partial.replace(path)
            trouble.clear()
        except (OSError, HTTPException) as error:  # URLError and timeouts among them
            trouble[:] = [f"it is not in {path.parent}, and downloading it failed ({getattr(error, 'reason', error)})"]

    thread = threading.Thread(target=fetch, daemon=True)  # a daemon: whatever hangs in it does not keep the program alive
    thread.start()
    thread.join(seconds)
    return "".join(trouble)
