"""The reference of hw6 against TensorFlow's own layers, and the lecture's numbers."""

from __future__ import annotations

import re
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from autograder.grading.grade import draw
from dlkit import course

ROOT = Path(__file__).parent.parent.parent
HANDOUT = ROOT / "assignments" / "hw6" / "README.md"

CONVOLUTIONS = [  # shape of x, shape of the kernel, stride, padding
    ((2, 5, 6, 3), (3, 2, 3, 4), 1, "valid"),
    ((2, 5, 6, 3), (3, 2, 3, 4), 1, "same"),
    ((2, 7, 9, 2), (3, 3, 2, 3), 2, "valid"),
    ((2, 7, 9, 2), (2, 4, 2, 3), 2, "same"),
    ((1, 8, 6, 1), (4, 2, 1, 2), 1, "same"),
    ((1, 10, 7, 2), (2, 5, 2, 2), 3, "valid"),
    ((1, 10, 7, 2), (1, 2, 2, 2), 3, "same"),
    ((3, 5, 5, 3), (5, 5, 3, 3), 1, "valid"),
    ((0, 5, 6, 2), (3, 2, 2, 3), 1, "valid"),
]
POOLINGS = [((2, 4, 6, 3), 2, None), ((2, 7, 9, 2), 2, None), ((1, 8, 7, 2), 3, 2), ((1, 6, 6, 1), 2, 1), ((1, 8, 9, 2), 2, 3)]


@pytest.fixture(scope="module")
def cnn() -> ModuleType:
    """The reference of hw6."""
    return course.load(ROOT / "solutions" / "hw6" / "cnn.py")


def random(*shape: int) -> Any:
    """A tensor of numbers without ties."""
    import tensorflow as tf

    return tf.constant(np.random.default_rng(sum(shape)).normal(size=shape))


def with_gradients(function: Any, *arguments: Any) -> list[Any]:
    """What a function answers, and the gradients of the sum of its squared answers."""
    import tensorflow as tf

    with tf.GradientTape() as tape:
        tape.watch(arguments)
        answer = function(*arguments)
        total = tf.reduce_sum(answer**2)
    return [answer.numpy(), *(gradient.numpy() for gradient in tape.gradient(total, arguments))]


@pytest.mark.parametrize(("x", "kernel", "stride", "padding"), CONVOLUTIONS)
def test_conv2d_is_tensorflows_convolution(
    cnn: ModuleType, x: tuple[int, ...], kernel: tuple[int, ...], stride: int, padding: str
) -> None:
    """Values and gradients of conv2d are those of tf.nn.conv2d."""
    import tensorflow as tf

    arguments = random(*x), random(*kernel), random(kernel[-1])
    ours = with_gradients(lambda x, k, b: cnn.conv2d(x, k, b, stride, padding), *arguments)
    theirs = with_gradients(lambda x, k, b: tf.nn.conv2d(x, k, stride, padding.upper()) + b, *arguments)
    for one, other in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize(("x", "size", "stride"), POOLINGS)
def test_max_pool2d_is_tensorflows_pooling(cnn: ModuleType, x: tuple[int, ...], size: int, stride: int | None) -> None:
    """Values and gradients of max_pool2d are those of tf.nn.max_pool2d."""
    import tensorflow as tf

    ours = with_gradients(lambda x: cnn.max_pool2d(x, size, stride), random(*x))
    theirs = with_gradients(lambda x: tf.nn.max_pool2d(x, size, stride or size, "VALID"), random(*x))
    for one, other in zip(ours, theirs, strict=True):
        np.testing.assert_array_equal(one, other)


def test_sizes_are_those_of_tensorflow(cnn: ModuleType) -> None:
    """conv_output_size says how long the output of conv2d is, for every size, kernel, stride and padding."""
    for n in range(1, 12):
        for kernel in range(1, 6):
            for stride in (1, 2, 3):
                for padding in ("valid", "same"):
                    if kernel <= n or padding == "same":
                        y = cnn.conv2d(random(1, n, 5, 1), random(kernel, 1, 1, 1), random(1), stride, padding)
                        assert cnn.conv_output_size(n, kernel, stride, padding) == y.shape[1]


def test_the_lectures_chain_of_sizes(cnn: ModuleType) -> None:
    """28 -> 24 -> 12 -> 8 -> 4."""
    sizes = [28]
    for kernel, stride in ((5, 1), (2, 2), (5, 1), (2, 2)):
        sizes.append(cnn.conv_output_size(sizes[-1], kernel, stride))
    assert sizes == [28, 24, 12, 8, 4]


def test_the_lectures_counts(cnn: ModuleType) -> None:
    """500 shared weights against 10^12; 431,080 parameters of the Net, layer by layer."""
    assert cnn.conv_param_count((5, 5), 1, 20, bias=False) == 500
    assert cnn.dense_param_count(10**6, 10**6, bias=False) == 10**12
    layers = [cnn.conv_param_count((5, 5), 1, 20), cnn.conv_param_count((5, 5), 20, 50)]
    layers += [cnn.dense_param_count(800, 500), cnn.dense_param_count(500, 10)]
    model = cnn.build_cnn()
    assert layers == [520, 25_050, 400_500, 5_010] == [layer.count_params() for layer in model.layers if layer.weights]
    assert model.count_params() == sum(layers) == 431_080
    assert [tuple(layer.output.shape[1:]) for layer in model.layers] == [
        (24, 24, 20), (12, 12, 20), (8, 8, 50), (4, 4, 50), (800,), (500,), (10,),
    ]  # fmt: skip


def test_scanning_is_a_convolution_with_a_threshold(cnn: ModuleType) -> None:
    """scan_perceptron(image, w, b) is conv2d > 0 with one channel in and one out."""
    rng = np.random.default_rng(4)
    image, w, b = rng.normal(size=(7, 9)), rng.normal(size=(3, 2)), 0.3
    score = cnn.conv2d(image[None, :, :, None], w[:, :, None, None], np.array([b]))[0, :, :, 0]
    np.testing.assert_array_equal(cnn.scan_perceptron(image, w, b), score.numpy() > 0)


def test_conv2d_moves_with_the_picture(cnn: ModuleType) -> None:
    """A shifted picture has exactly the shifted feature maps; so the global maximum does not change at all."""
    rng = np.random.default_rng(5)
    x = np.zeros((2, 14, 14, 1))
    x[:, 4:9, 3:8] = rng.normal(size=(2, 5, 5, 1))
    kernel, bias = rng.normal(size=(3, 3, 1, 4)), rng.normal(size=4)
    y, moved = (cnn.conv2d(images, kernel, bias).numpy() for images in (x, cnn.shift_images(x, 2, 3)))
    np.testing.assert_array_equal(moved[:, 2:, 3:], y[:, :-2, :-3])
    np.testing.assert_array_equal(moved.max(axis=(1, 2)), y.max(axis=(1, 2)))


def test_the_lectures_pixels(cnn: ModuleType) -> None:
    """Pixel 0 becomes -0.4242 and 255 becomes 2.8215."""
    x = cnn.normalize_images(np.array([[[0, 255]]], dtype=np.uint8))
    assert x.shape == (1, 1, 2, 1)
    assert x.dtype == np.float32
    np.testing.assert_allclose(x.ravel(), [-0.42421293, 2.8214867], rtol=1e-6)


def test_an_epoch_is_keras_fit(cnn: ModuleType) -> None:
    """train_epoch takes the steps of model.fit without shuffling, and reports the same loss."""
    import keras

    rng = np.random.default_rng(6)
    x, y = rng.normal(size=(23, 12, 12, 1)).astype(np.float32), rng.integers(0, 3, 23)
    build = lambda: keras.Sequential([keras.Input((12, 12, 1)), keras.layers.Flatten(), keras.layers.Dense(3)])  # noqa: E731
    ours, theirs = build(), build()
    theirs.set_weights(ours.get_weights())
    loss_fn = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    lines: list[str] = []
    batches = [(x[i : i + 5], y[i : i + 5]) for i in range(0, 23, 5)]
    loss = cnn.train_epoch(ours, batches, loss_fn, keras.optimizers.SGD(0.1, 0.9), 3, 2, lines.append)
    theirs.compile(keras.optimizers.SGD(0.1, 0.9), loss_fn)
    history = theirs.fit(x, y, batch_size=5, shuffle=False, verbose=0)
    for one, other in zip(ours.get_weights(), theirs.get_weights(), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(loss, history.history["loss"][0], rtol=1e-5)
    assert [line.partition("\t")[0] for line in lines] == [
        "Train Epoch: 3 [0/23 (0%)]", "Train Epoch: 3 [10/23 (40%)]", "Train Epoch: 3 [20/23 (80%)]",
    ]  # fmt: skip
    average, accuracy = cnn.evaluate_model(ours, batches)
    theirs.compile(loss=loss_fn, metrics=["accuracy"])
    np.testing.assert_allclose([average, accuracy], theirs.evaluate(x, y, batch_size=5, verbose=0), rtol=1e-5)


def test_the_handouts_padding_table(cnn: ModuleType) -> None:
    """Every row of the handout's table of "same" paddings is what conv2d and TensorFlow do."""
    import tensorflow as tf

    rows = re.findall(r"^\|" + r" (\d+) \|" * 7 + "$", HANDOUT.read_text(encoding="utf-8"), re.MULTILINE)
    assert len(rows) == 5
    for n, k, s, out, p, before, behind in ([int(entry) for entry in row] for row in rows):
        assert cnn.conv_output_size(n, k, s, "same") == out
        assert before + behind == p
        x, kernel = random(1, n, 4, 1), random(k, 1, 1, 1)
        padded = tf.pad(x, [[0, 0], [before, behind], [0, 0], [0, 0]])
        by_hand = tf.nn.conv2d(padded, kernel, [s, 1], "VALID")
        assert by_hand.shape[1] == out
        np.testing.assert_allclose(by_hand, tf.nn.conv2d(x, kernel, [s, 1], "SAME"), rtol=1e-12)


def test_the_handouts_table_of_the_net(cnn: ModuleType) -> None:
    """Output shapes and parameters in the handout are those of the reference's model."""
    rows = re.findall(r"^\| [^|]+ \| \(([\d, ]+)\) \| ([\d,]+) \|$", HANDOUT.read_text(encoding="utf-8"), re.MULTILINE)
    shapes = [tuple(int(side) for side in shape.split(", ")) for shape, _ in rows]
    counts = [int(count.replace(",", "")) for _, count in rows]
    layers = cnn.build_cnn().layers
    assert shapes == [tuple(layer.output.shape[1:]) for layer in layers]
    assert counts == [layer.count_params() for layer in layers]


def test_the_handouts_log_line(cnn: ModuleType) -> None:
    """Batch 4 of five is logged as the handout shows it, with a loss of its own."""
    import keras

    rng = np.random.default_rng(8)
    x, y = rng.normal(size=(23, 4)).astype(np.float32), np.zeros(23, dtype=int)
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(10, kernel_initializer="zeros")])
    lines: list[str] = []
    batches = [(x[i : i + 5], y[i : i + 5]) for i in range(0, 23, 5)]
    loss_fn = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    cnn.train_epoch(model, batches, loss_fn, keras.optimizers.SGD(1e-30), 3, 4, lines.append)
    number = re.compile(r"\d\.\d{6}$")
    shown = {number.sub("", line) for line in HANDOUT.read_text(encoding="utf-8").splitlines() if number.search(line)}
    assert lines[-1].endswith("2.302585")  # log 10
    assert number.sub("", lines[-1]) in shown


def test_whoever_counts_in_eight_bits_fails_one_case_with_every_seed(courses):
    """Lengths are drawn so that no seed decides whether a small kind of integer overflows: the long axis does, no other."""
    assignment = courses("hw6").assignment
    for seed in range(50):
        cases = draw(assignment, assignment.check("conv_output_size"), seed)
        largest = {name: max(case.inputs["n"], case.inputs["kernel"]) for name, case in cases.items()}
        long = cases["a long axis"].inputs
        assert long["n"] - long["kernel"] > np.iinfo(np.uint8).max
        assert all(length <= np.iinfo(np.int8).max for name, length in largest.items() if name != "a long axis")
