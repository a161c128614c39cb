"""The data sets: shapes and sources as they are documented, the same in every run, and no surprise without a network."""

from __future__ import annotations

import http.server
import subprocess
import sys
import threading
import time
from contextlib import suppress
from hashlib import sha256
from io import BytesIO

import numpy as np
import pytest

from dlkit import datasets

SHAPES = {
    "xor": ((4, 2), (4, 2), np.float64, np.int64),
    "gates": ((4, 2), (4, 2), np.float64, np.int64),
    "blobs": ((150, 2), (50, 2), np.float64, np.int64),
    "moons": ((225, 2), (75, 2), np.float64, np.int64),
    "polynomial": ((30,), (200,), np.float64, np.float64),
    "digits": ((1437, 64), (360, 64), np.float32, np.int64),
    "digits28": ((1437, 28, 28), (360, 28, 28), np.uint8, np.int64),
    "noisy_digits": ((300, 64), (1497, 64), np.float32, np.int64),
}
SEEDED = [name for name in SHAPES if name not in ("xor", "gates")]


@pytest.mark.parametrize("name", SHAPES)
def test_shapes_and_kinds_are_the_documented_ones(name: str) -> None:
    """X_train, X_test, y_train, y_test, in this order, one target for each sample."""
    train, test, sample_kind, target_kind = SHAPES[name]
    X_train, X_test, y_train, y_test = getattr(datasets, name)()
    assert (X_train.shape, X_test.shape) == (train, test)
    assert (y_train.shape, y_test.shape) == (train[:1], test[:1])
    assert X_train.dtype == X_test.dtype == sample_kind
    assert y_train.dtype == y_test.dtype == target_kind


@pytest.mark.parametrize("name", SEEDED)
def test_a_seed_gives_the_same_data_each_time(name: str) -> None:
    """One seed, one data set; another seed, another one."""
    make = getattr(datasets, name)
    for one, other in zip(make(seed=3), make(seed=3), strict=True):
        np.testing.assert_array_equal(one, other)
    assert not np.array_equal(make(seed=3).X_train, make(seed=4).X_train)


@pytest.mark.parametrize("name", SEEDED)
def test_no_generator_of_the_caller_is_touched(name: str) -> None:
    """Data are drawn from generators of their own."""
    np.random.seed(1)
    before = np.random.get_state()[1].copy()
    getattr(datasets, name)()
    np.testing.assert_array_equal(np.random.get_state()[1], before)


@pytest.mark.parametrize("gate", datasets.GATES)
def test_gates_are_truth_tables(gate: str) -> None:
    """Each row is labelled by Python's own operators."""
    X, _, y, _ = datasets.gates(gate)
    table = {
        "and": lambda a, b: a and b,
        "or": lambda a, b: a or b,
        "nand": lambda a, b: not (a and b),
        "nor": lambda a, b: not (a or b),
        "xor": lambda a, b: a != b,
    }
    assert [int(table[gate](*row)) for row in X.astype(bool).tolist()] == y.tolist()


def test_an_unknown_gate_is_refused() -> None:
    """The sentence says which gates there are."""
    with pytest.raises(ValueError, match=r"one of and, or, nand, nor, xor\. Received: 'not'"):
        datasets.gates("not")


def test_blobs_are_linearly_separable() -> None:
    """The middle line between the centres separates them."""
    X_train, X_test, y_train, y_test = datasets.blobs()
    for X, y in ((X_train, y_train), (X_test, y_test)):
        np.testing.assert_array_equal(X.sum(axis=1) > 0, y == 1)


def test_no_image_is_in_both_parts() -> None:
    """The 1,797 digits are dealt out once, with equal shares of each digit."""
    from sklearn.datasets import load_digits

    X_train, X_test, y_train, y_test = datasets.digits()
    dealt = np.concatenate([X_train, X_test])
    np.testing.assert_array_equal(np.sort(dealt, axis=0), np.sort((load_digits().data / 16).astype(np.float32), axis=0))
    shares = np.bincount(y_train) / len(y_train) - np.bincount(y_test) / len(y_test)
    assert np.abs(shares).max() < 0.01


def test_the_canvas_keeps_every_pixel() -> None:
    """Each pixel is a 3 x 3 block, the margin of 2 is empty, and the statistics are the documented ones."""
    small, large = datasets.digits().X_train.reshape(-1, 8, 8), datasets.digits28().X_train
    np.testing.assert_allclose(large[:, 2:26:3, 2:26:3] / 255, small, atol=0.5 / 255)
    np.testing.assert_array_equal(large[:, 2:26:3], large[:, 4:26:3])
    assert not large[:, :2].any()
    assert not large[:, :, 26:].any()
    assert (round(float((large / 255).mean()), 4), round(float((large / 255).std()), 4)) == (0.2244, 0.3493)


def test_a_share_of_the_labels_is_random() -> None:
    """Of 300 labels 90 are drawn anew, of which about a tenth is right by chance; the test labels are all right."""
    from sklearn.datasets import load_digits

    images, labels = load_digits(return_X_y=True)
    right = {image.tobytes(): label for image, label in zip((images / 16).astype(np.float32), labels, strict=True)}
    X_train, X_test, y_train, y_test = datasets.noisy_digits()
    wrong = sum(right[x.tobytes()] != y for x, y in zip(X_train, y_train, strict=True))
    assert 70 <= wrong <= 90
    assert all(right[x.tobytes()] == y for x, y in zip(X_test, y_test, strict=True))
    np.testing.assert_array_equal(datasets.noisy_digits(share=0.0).X_train, X_train)


def test_nothing_heavy_is_imported() -> None:
    """`import dlkit.datasets` loads neither scikit-learn nor Keras."""
    code = "import sys, dlkit.datasets; sys.exit(any(name in sys.modules for name in ('sklearn', 'keras', 'tensorflow')))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


# MNIST ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def home(tmp_path, monkeypatch):
    """An empty Keras folder."""
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    return tmp_path / "datasets" / "mnist.npz"


@pytest.fixture
def file() -> bytes:
    """A file in MNIST's form, with few images."""
    rng = np.random.default_rng(0)
    arrays = {f"x_{part}": rng.integers(0, 256, (n, 28, 28)).astype(np.uint8) for part, n in (("train", 6), ("test", 2))}
    arrays |= {f"y_{part}": rng.integers(0, 10, n).astype(np.uint8) for part, n in (("train", 6), ("test", 2))}
    buffer = BytesIO()
    np.savez_compressed(buffer, **arrays)
    return buffer.getvalue()


@pytest.fixture
def server(monkeypatch, file):
    """A server on this machine that has the file, after `delay` seconds."""

    class Answer(http.server.BaseHTTPRequestHandler):
        delay = 0.0

        def do_GET(self):
            time.sleep(self.delay)
            with suppress(OSError):  # whoever asked may be gone
                self.send_response(200)
                self.end_headers()
                self.wfile.write(file)

        def log_message(self, *_):
            pass

    found = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    found.daemon_threads = True
    thread = threading.Thread(target=found.serve_forever, daemon=True)
    thread.start()
    monkeypatch.setattr(datasets, "MNIST_URL", f"http://127.0.0.1:{found.server_address[1]}/mnist.npz")
    monkeypatch.setenv("no_proxy", "*")
    yield Answer
    found.shutdown()
    found.server_close()
    thread.join()


def test_mnist_is_read_where_keras_keeps_it(home, file, monkeypatch) -> None:
    """A file that Keras has downloaded is used, without a network."""
    monkeypatch.setattr(datasets, "MNIST_URL", "http://127.0.0.1:9/")
    home.parent.mkdir()
    home.write_bytes(file)
    X_train, X_test, y_train, y_test = datasets.mnist()
    assert (X_train.shape, X_test.shape, y_train.shape, y_test.shape) == ((6, 28, 28), (2, 28, 28), (6,), (2,))
    assert X_train.dtype == np.uint8
    assert y_train.dtype == np.int64


def test_mnist_is_downloaded_once(home, file, server, monkeypatch) -> None:
    """Where there is a network, the file is fetched, compared with its checksum and kept."""
    monkeypatch.setattr(datasets, "MNIST_SHA256", sha256(file).hexdigest())
    assert len(datasets.mnist().X_train) == 6
    assert home.read_bytes() == file
    assert list(home.parent.iterdir()) == [home]


def test_another_file_is_not_taken_for_mnist(home, server) -> None:
    """A download with another checksum is refused, and not kept."""
    with pytest.warns(UserWarning, match="the downloaded file is not MNIST"):
        datasets.mnist()
    assert not home.exists()


def test_without_a_network_digits_stand_in_with_one_warning(home, monkeypatch) -> None:
    """One warning says that MNIST is missing, why, and what is used."""
    monkeypatch.setattr(datasets, "MNIST_URL", "http://127.0.0.1:9/mnist.npz")
    monkeypatch.setenv("no_proxy", "*")
    with pytest.warns(UserWarning, match=r"MNIST is not available: .* failed.*Using .*1,797 digits") as caught:
        found = datasets.mnist()
    assert len(caught) == 1
    np.testing.assert_array_equal(found.X_train, datasets.digits28().X_train)


def test_a_line_that_hangs_costs_no_more_than_it_may(home, server) -> None:
    """A server that does not answer is given up after `seconds`."""
    server.delay = 3.0
    started = time.perf_counter()
    with pytest.warns(UserWarning, match="not available"):
        datasets.mnist(seconds=0.3)
    assert time.perf_counter() - started < 2.5


def test_a_damaged_file_is_reported(home) -> None:
    """A file that cannot be read is named, and digits stand in."""
    home.parent.mkdir()
    home.write_bytes(b"no archive")
    with pytest.warns(UserWarning, match=r"mnist\.npz cannot be read"):
        assert len(datasets.mnist().X_train) == 1437
