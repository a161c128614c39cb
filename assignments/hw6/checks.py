"""hw6: convolution, pooling, the lecture's Net in Keras, its loops and its weights.

Inputs are drawn anew for each seed. Values have two decimals, so that a call can be copied; pooled values are all
different, because at a tie a maximum has no gradient that all right forms agree on. Models, losses and optimizers are made
in the worker, their weights out of a strip of numbers that the grader drew.
"""

from __future__ import annotations

import contextlib
import re
from types import SimpleNamespace

import numpy as np

from autograder import (
    EFFECT,
    PROBE,
    Architecture,
    Assignment,
    Case,
    Forbid,
    Gradients,
    Odd,
    Outputs,
    as_value,
    canonical_layers,
    draw,
    flatten,
)

LINE = re.compile(r"Train Epoch: (-?\d+) \[(-?\d+)/(\d+) \((-?\d+(?:\.\d+)?)%\)\]\s+Loss: (-?\d+(?:\.\d+)?)")  # the lecture's log line
LOGGED = ("epoch", "samples so far", "samples in all", "percent", "loss")
SHAPED = ("Conv2D", "MaxPooling2D", "AveragePooling2D", "Flatten", "Reshape", "Dense", "BatchNormalization")
EIGHT = tuple(f"{layer} {part}" for layer in ("conv1", "conv2", "fc1", "fc2") for part in ("kernel", "bias"))


def different(rng, *shape):
    """Numbers of either sign, with two decimals, no two of which are equal, and none 0."""
    count = int(np.prod(shape))
    return (rng.permutation(count) * 0.07 - 0.035 * count + 0.01).round(2).reshape(shape)


# Cases -------------------------------------------------------------------------------------------------------------


def axes(rng):
    """Lengths of one axis. Where a window does not fit an even number of times, a slip in rounding shows: a rest below and
    one above half a stride, and one of exactly half a stride beneath an even and an odd number of windows.

    With "same", an even kernel tells the right size from the one that half a kernel of padding on both sides gives.

    Every length but the one of the long axis fits into 8 bits, for every seed: whoever counts in them fails that case alone."""

    def leaving(rest, stride, steps, kernel):
        return {"n": kernel + stride * steps + rest, "kernel": kernel, "stride": stride}

    kernels = [int(k) for k in rng.integers(2, 9, 12)]
    many = [int(n) for n in rng.integers(5, 17, 12)]
    side = 4 * int(rng.integers(7, 32))  # of a picture in the lecture's Net: 28 -> 24 -> 12 -> 8 -> 4
    stride = int(rng.integers(5, 8))
    return {
        "conv1 of a Net": {"n": side, "kernel": 5},
        "a pool of a Net": {"n": side - 4, "kernel": 2, "stride": 2},
        "a small rest": leaving(1, stride, many[0], kernels[0]),
        "a large rest": leaving(stride - 1, stride, many[1], kernels[1]),
        "half a stride is left, even": leaving(1, 2, 2 * many[2], kernels[2]),
        "half a stride is left, odd": leaving(3, 6, 2 * (many[3] // 2) + 1, kernels[3]),
        "no rest": leaving(0, stride, many[4], kernels[4]) | {"padding": "valid"},
        "kernel = n": Case({"n": kernels[5], "kernel": kernels[5], "stride": 2}, trivial=True),
        "a long axis": leaving(4, 7, 50 + many[6], 290 + kernels[6]),
        "same, small rest": {"n": stride * many[7] + 1, "kernel": kernels[7] // 2 * 2, "stride": stride, "padding": "same"},
        "same, large rest": {"n": stride * many[8] - 1, "kernel": kernels[8], "stride": stride, "padding": "same"},
        "same, no rest": {"n": stride * many[9], "kernel": kernels[9] // 2 * 2, "stride": stride, "padding": "same"},
        "same with kernel > n": {"n": 60 + many[10], "kernel": 91 + kernels[10], "stride": 2, "padding": "same"},
        "kernel > n": Case({"n": kernels[11], "kernel": kernels[11] + 1}, raises="ValueError", trivial=True),
        "unknown padding": Case({"n": 9 + many[11], "kernel": 3, "stride": 1, "padding": "full"}, raises="ValueError", trivial=True),
    }


def convolutions(rng):
    """Kernels that are not square among them, and counts that no small integer holds."""
    cin, cout = (int(value) for value in rng.integers(20, 900, 2))
    kh, kw = (int(value) for value in rng.permutation([2, 3, 4, 5, 7])[:2])
    return {
        "one channel without bias": {"kernel": (5, 5), "in_channels": 1, "out_channels": cout, "bias": False},
        "one channel": {"kernel": (5, 5), "in_channels": 1, "out_channels": cout + 1},
        "several channels": {"kernel": (kh, kw), "in_channels": cin, "out_channels": cout, "bias": True},
        "several channels without bias": {"kernel": (kw, kh), "in_channels": cin + 1, "out_channels": cout, "bias": False},
        "one pixel": {"kernel": (1, 1), "in_channels": cin, "out_channels": cin + 2},
    }


def dense_layers(rng):
    n_in, n_out = (int(value) for value in rng.integers(200, 2000, 2))
    million = 10**6 + int(rng.integers(1, 10**5))
    return {
        "a million pixels": {"n_in": million, "n_out": million + 1, "bias": False},
        "more than a float can count": {"n_in": 10**9 + n_in, "n_out": 10**9 + 2 * n_out + 1},
        "fc1 of a Net": {"n_in": 16 * (n_in // 16), "n_out": n_out, "bias": True},
        "drawn": {"n_in": n_in, "n_out": n_out},
        "one input": {"n_in": 1, "n_out": n_out},
    }


def scans(rng):
    def case(image, w):
        """The bias lies half way between two scores: some windows answer 1, some 0, and rounding decides nothing."""
        windows = np.lib.stride_tricks.sliding_window_view(image, w.shape)
        scores = np.sort((windows * w).sum(axis=(2, 3)).ravel())
        lowest = int(np.argmax(np.diff(scores[len(scores) // 3 :]))) + len(scores) // 3
        return {"image": image, "w": w, "b": -round(float(scores[lowest : lowest + 2].mean()), 3)}

    pattern = np.array([[1.0, 0.0, 1.0], [0.0, 1.0, 1.0]])  # scores 4 where it lies exactly under itself, else less
    picture, shifted = np.zeros((5, 8)), np.zeros((5, 8))
    row, column = int(rng.integers(0, 3)), int(rng.integers(0, 4))
    picture[row : row + 2, column : column + 3] = pattern
    shifted[row + 1 : row + 3, column + 2 : column + 5] = pattern
    level = np.full((4, 7), 0.5)  # every score is 0.75, but for those of the windows with an entry of 1
    level[rng.integers(0, 4, 3), rng.permutation(7)[:3]] = 1.0
    return {
        "drawn": case(draw(rng, 6, 7), draw(rng, 3, 2)),
        "wide template": case(draw(rng, 4, 8), draw(rng, 2, 4)),
        "square": case(draw(rng, 4, 4), draw(rng, 2, 2)),
        "a pattern": {"image": picture, "w": pattern, "b": -3.5},
        "the pattern elsewhere": {"image": shifted, "w": pattern, "b": -3.5},
        "on the boundary": {"image": level, "w": np.array([[1.0, 0.5]]), "b": -0.75},
        "as high as the image": case(draw(rng, 3, 7), draw(rng, 3, 2)),
        "as large as the image": Case({"image": draw(rng, 3, 4), "w": draw(rng, 3, 4), "b": 30.5}, trivial=True),
        "whole numbers": case(rng.integers(-9, 10, (5, 6)), rng.integers(1, 5, (2, 3))),
    }


def convolved(rng):
    def case(x, kernel, dtype=np.float64, **more):
        arrays = {"x": draw(rng, *x), "kernel": draw(rng, *kernel), "bias": draw(rng, kernel[-1])}
        return {name: array.astype(dtype) for name, array in arrays.items()} | more

    return {
        "one channel": case((1, 5, 6, 1), (3, 2, 1, 1)),
        "several channels": case((2, 5, 6, 3), (3, 2, 3, 4)),
        "square": case((3, 5, 5, 3), (3, 3, 3, 3)),
        "float32": case((2, 5, 4, 2), (2, 3, 2, 3), np.float32),
        "odd size with stride 2": case((2, 7, 9, 2), (3, 2, 2, 3), stride=2),
        "stride 3 leaves a rest": case((1, 9, 7, 2), (2, 3, 2, 2), stride=3, padding="valid"),
        "same": case((2, 5, 6, 2), (3, 5, 2, 2), padding="same"),
        "same with an even kernel": case((2, 5, 6, 2), (4, 2, 2, 3), padding="same"),
        "same with stride 2": case((1, 6, 7, 2), (3, 4, 2, 2), stride=2, padding="same"),
        "same with a kernel of one entry": case((2, 4, 5, 2), (1, 1, 2, 3), padding="same"),
        "same with stride > kernel": case((1, 7, 6, 2), (1, 2, 2, 2), stride=3, padding="same"),
        "as large as the image": case((2, 4, 3, 2), (4, 3, 2, 3)),
        "no images": Case(case((0, 5, 6, 2), (3, 2, 2, 3)), gradient=False, trivial=True),
    }


def pooled(rng):
    return {
        "one image": {"x": different(rng, 1, 4, 6, 1)},
        "several channels": {"x": different(rng, 2, 4, 6, 3)},
        "odd size": {"x": different(rng, 2, 7, 9, 2)},
        "all negative": {"x": -1.0 - np.abs(different(rng, 1, 5, 6, 2))},
        "float32": {"x": different(rng, 2, 6, 4, 2).astype(np.float32)},
        "size 3": {"x": different(rng, 1, 7, 8, 2), "size": 3},
        "stride 1": {"x": different(rng, 2, 4, 5, 2), "size": 2, "stride": 1},
        "size 3 with stride 2": {"x": different(rng, 1, 8, 7, 2), "size": 3, "stride": 2},
        "stride > size": {"x": different(rng, 1, 8, 9, 2), "size": 2, "stride": 3},
    }


def score_maps(rng):
    def responses(n, threshold, high, ties=0):
        """n maps below the threshold everywhere, but for one place each in about half of them; some with a tie."""
        maps = threshold - np.abs(draw(rng, n, 4, 5, low=0.3))
        kinds = rng.permutation(np.append(np.repeat([0, 1], (n - ties) // 2), np.full(ties, 2)))
        for image, kind in zip(maps, kinds, strict=True):
            image[rng.integers(4), rng.integers(5)] = threshold + (-0.25, high * rng.uniform(0.4, 1), 0)[kind]
        return maps

    maps = responses(12, 0.0, 1.0)
    return {
        "drawn": {"maps": maps},
        "shifted": {"maps": rng.permutation(np.roll(maps, (2, 3), axis=(1, 2)))},
        "higher threshold": {"maps": responses(10, 0.5, 1.0), "threshold": 0.5},
        "equal to the threshold": {"maps": responses(12, 0.5, 1.0, ties=6), "threshold": 0.5},
        "equal to the default threshold": {"maps": responses(12, 0.0, 0.5, ties=4)},
        "negative threshold": {"maps": responses(12, -1.0, 0.5, ties=4), "threshold": -1.0},
    }


def photographs(rng):
    def pixels(*shape):
        return rng.integers(0, 256, shape).astype(np.uint8)

    return {
        "black to white": {"images": rng.permutation(np.append(pixels(4).ravel(), [0, 255])).astype(np.uint8).reshape(1, 2, 3)},
        "MNIST's size": {"images": pixels(3, 28, 28)},
        "another mean and std": {"images": pixels(2, 4, 5), "mean": 0.25, "std": 0.4},
        "one dark image": {"images": pixels(1, 6, 3) // np.uint8(3)},
    }


def networks(rng):
    def images(*shape):
        return draw(rng, *shape, low=0.05).astype(np.float32)

    return {
        "the lecture's Net": {PROBE: images(2, 28, 28, 1)},
        "colour images": {
            "input_shape": (20, 26, 3), "num_classes": 4, "filters": (3, 5), "dense": 7, PROBE: images(3, 20, 26, 3),
        },
        "more filters first": {
            "input_shape": (17, 16, 2), "num_classes": 3, "filters": (6, 4), "dense": 9, PROBE: images(2, 17, 16, 2),
        },
    }  # fmt: skip


def epochs(rng):
    def batches(sizes, shape, classes):
        return [(draw(rng, n, *shape).astype(np.float32), rng.integers(0, classes, n)) for n in sizes]

    def numbers(sizes, shape):
        return [(draw(rng, n, *shape).astype(np.float32), draw(rng, n, 1).astype(np.float32)) for n in sizes]

    def case(kind, batches, learning_rate, momentum, epoch, **more):
        strip = draw(rng, 97, low=0.1, high=0.9)
        return {"kind": kind, "strip": strip, "batches": batches, "learning_rate": learning_rate, "momentum": momentum, "epoch": epoch} | more

    return {
        "small last batch": case("cnn", batches((5, 5, 5, 5, 3), (6, 6, 1), 4), 0.05, 0.9, 3, log_interval=2, read_log=True),
        "default interval": case("dense", batches((4,) * 11 + (1,), (3,), 3), 0.02, 0.5, 1, read_log=True),
        "one batch": case("dense", batches((6,), (3,), 3), 0.3, 0.0, 12, log_interval=1),
        "batch normalization": case("batch norm", batches((6, 6, 4), (3,), 3), 0.04, 0.9, 2, log_interval=3),
        "squared error": case("regression", numbers((4, 4, 4, 2), (2,)), 0.03, 0.8, 7, log_interval=3),
    }


def test_sets(rng):
    def case(kind, sizes, shape, classes):
        strip = draw(rng, 97, low=0.1, high=0.9)
        return {"kind": kind, "strip": strip, "batches": [(draw(rng, n, *shape).astype(np.float32), rng.integers(0, classes, n)) for n in sizes]}

    return {
        "equal batches": case("dense", (5, 5), (3,), 3),
        "small last batch": case("cnn", (7, 7, 2), (6, 6, 1), 4),
        "unequal batches": case("dense", (1, 8, 4, 2), (3,), 3),
        "dropout": case("dropout", (6, 5), (3,), 3),
        "batch normalization": case("batch norm", (6, 6, 3), (3,), 3),
        "one image": case("cnn", (1,), (6, 6, 1), 4),
        "no batches": Case({"kind": "dense", "strip": draw(rng, 3), "batches": []}, raises="ValueError", trivial=True),
    }


def state_dicts(rng):
    def case(size, channels, filters, dense, classes, kernel=(5, 5)):
        (height, width), (c1, c2) = size, filters
        for side in kernel, kernel:
            height, width = (height - side[0] + 1) // 2, (width - side[1] + 1) // 2
        shapes = {
            "conv1.weight": (c1, channels, *kernel), "conv1.bias": (c1,), "conv2.weight": (c2, c1, *kernel), "conv2.bias": (c2,),
            "fc1.weight": (dense, c2 * height * width), "fc1.bias": (dense,), "fc2.weight": (classes, dense), "fc2.bias": (classes,),
        }  # fmt: skip
        state = {name: (draw(rng, *shape) / np.sqrt(np.prod(shape[1:]))).astype(np.float32) for name, shape in shapes.items()}
        pooled_shape = {} if (height, width, c2) == (4, 4, 50) else {"pooled_shape": (height, width, c2)}
        return {"state": state, **pooled_shape, PROBE: draw(rng, 2, *size, channels).astype(np.float32)}

    return {
        "the lecture's shapes": case((28, 28), 1, (20, 50), 12, 10),
        "small": case((18, 22), 3, (2, 4), 6, 5),
        "kernel 3x5": case((14, 20), 2, (3, 2), 5, 4, kernel=(3, 5)),
        "square layers": case((20, 20), 4, (4, 4), 16, 16),  # 16 units behind 2 * 2 * 4 maps: no shape betrays an order
    }


def shifts(rng):
    small = {"X": different(rng, 2, 4, 5, 1)}
    return {
        "down": small | {"dy": 2, "dx": 0},
        "right": small | {"dy": 0, "dx": 2},
        "down and right": small | {"dy": 2, "dx": 3},
        "up and left": small | {"dy": -1, "dx": -3},
        "up and right": {"X": different(rng, 1, 5, 4, 2), "dy": -2, "dx": 1},
        "not at all": small | {"dy": 0, "dx": 0},
        "square": {"X": different(rng, 1, 5, 5, 1), "dy": 1, "dx": -2},
        "out of the picture": small | {"dy": 4, "dx": 0},
        "far to the left": small | {"dy": 1, "dx": -9},
        "uint8": {"X": rng.integers(1, 256, (2, 3, 4, 1)).astype(np.uint8), "dy": 0, "dx": 1},
        "float32": {"X": different(rng, 1, 4, 3, 2).astype(np.float32), "dy": -1, "dx": 0},
    }


def saved(rng):
    return {
        kind: {"kind": kind, "strip": draw(rng, 97, low=0.1, high=0.9), "X": draw(rng, 3, *shape).astype(np.float32)}
        for kind, shape in (("cnn", (6, 6, 1)), ("batch norm", (3,)))
    }


# Calls that need more than the function's arguments; they run in the worker ------------------------------------------


def asked_and_diagonal(module, X, dy, dx):
    """The shift that is asked for, and one by (1, 1): an answer of nothing but zeros is right for no case."""
    return {"shifted by (dy, dx)": module.shift_images(X, dy, dx), "shifted by (1, 1)": module.shift_images(X, 1, 1)}


def small_model(kind, strip):
    """A small model whose weights are the strip's numbers, over and over; variances are positive."""
    import keras

    L = keras.layers
    images, vectors = keras.Input((6, 6, 1)), keras.Input((3,))
    model = keras.Sequential({
        "cnn": [images, L.Conv2D(2, 3, activation="relu", name="conv"), L.MaxPooling2D(), L.Flatten(), L.Dense(4, name="out")],
        "dense": [vectors, L.Dense(5, activation="tanh", name="hidden"), L.Dense(3, name="out")],
        "dropout": [vectors, L.Dense(8, activation="relu", name="hidden"), L.Dropout(0.6, seed=3), L.Dense(3, name="out")],
        "batch norm": [vectors, L.Dense(5, name="hidden"), L.BatchNormalization(name="norm"), L.ReLU(), L.Dense(3, name="out")],
        "regression": [keras.Input((2,)), L.Dense(1, name="out")],
    }[kind])  # fmt: skip
    start = 0
    for weight in model.weights:
        if not weight.dtype.startswith("float"):
            continue  # the state of a random generator
        count = int(np.prod(weight.shape))
        values = np.resize(np.roll(strip, -start), count).reshape(weight.shape)
        weight.assign(np.abs(values) if "variance" in weight.path else values)
        start += count
    return model


def weights_of(model):
    """Every weight of a model with a name such as "conv kernel"."""
    return {
        f"{layer.name} {weight.name}": np.array(weight)
        for layer in model.layers
        for weight in layer.weights
        if weight.dtype.startswith("float")
    }


def one_epoch(module, kind, strip, batches, learning_rate, momentum, epoch, read_log=False, **log_interval):
    """The returned loss, every weight after the epoch, and where they are to be read the fields of the log lines."""
    import keras

    model = small_model(kind, strip)
    loss_fn = keras.losses.MeanSquaredError() if kind == "regression" else keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    lines = []
    loss = module.train_epoch(
        model, batches, loss_fn, keras.optimizers.SGD(learning_rate, momentum), epoch,
        log=lambda *words: lines.append(" ".join(map(str, words)).rstrip("\n")), **log_interval,
    )  # fmt: skip
    seen = {"mean loss": loss} | {f"weights.{name}": value for name, value in weights_of(model).items()}
    if not read_log:
        return seen
    fields = [LINE.fullmatch(line) for line in lines]
    columns = zip(*(found.groups() for found in fields if found), strict=True)
    unlike = next((repr(line) for line, found in zip(lines, fields, strict=True) if not found), "")
    logged = {f"logged {name}": np.array(column, float) for name, column in zip(LOGGED, columns, strict=False)}
    none = {f"logged {name}": np.zeros(0) for name in LOGGED}
    return seen | {"number of log lines": len(lines), "log line unlike the lecture's": unlike} | none | logged


def whole_test(module, kind, strip, batches):
    """Average loss, accuracy, and what the test changed in the model."""
    model = small_model(kind, strip)
    before = weights_of(model)
    answer = module.evaluate_model(model, batches)
    changed = [name for name, value in weights_of(model).items() if not np.array_equal(value, before[name])]
    seen = flatten(answer, ("average loss", "accuracy"))
    if "answer" in seen:
        return {"answer": Odd(described(answer))}
    return seen | {EFFECT + "the test changed weights of the model": ", ".join(changed)}


def file_and_model(module, kind, strip, X):
    """What lies on disk afterwards, and what the returned model is and predicts."""
    import tempfile
    from pathlib import Path

    import keras

    model = small_model(kind, strip)
    path = Path(tempfile.mkdtemp()) / "mnist_cnn.keras"
    loaded = module.save_and_reload(model, str(path))
    names = list(weights_of(model))
    is_model = isinstance(loaded, keras.Model)
    kept = {}
    if path.is_file():
        with contextlib.suppress(Exception):  # whatever a file that is no model makes Keras raise
            kept = weights_of(keras.models.load_model(path))
    found = weights_of(loaded) if is_model else {}
    return {
        "the answer": "a keras.Model" if is_model else described(loaded),
        "the file": "missing" if not path.is_file() else "a Keras model" if kept else "no Keras model",
        "a new object": as_value(loaded is not model),
        "predictions": as_value(loaded(X, training=False)) if is_model else "nothing",
        **{f"weights.{name}": found.get(name, "nothing") for name in names},
        **{f"in the file.{name}": kept.get(name, "nothing") for name in names},
    }


def described(answer):
    """Something that a function returned, in words."""
    if answer is None:
        return "None"
    many = f" of {len(answer)}" if isinstance(answer, tuple | list) else ""
    return f"a {type(answer).__name__}{many}"


class Recorded(Outputs):
    """Outputs whose `call` gives back the observation itself."""

    def observe(self, module, **inputs):
        """What `call` recorded."""
        return self.call(module, **inputs)


class Net(Architecture):
    """An architecture compared layer by layer, with output shapes and parameters: the first layer that differs is named.

    ReLU before or after max pooling is the same function, and so are Flatten and Reshape((-1,)).
    """

    def observe(self, module, **inputs):
        """What size of image the model takes, then its layers, then its behaviour."""
        shape = tuple(inputs[PROBE].shape[1:])
        try:
            model = self.apply(module, {name: value for name, value in inputs.items() if name not in (PROBE, "cotangent")})
        except ValueError as error:
            if "negative" not in str(error) and "smaller" not in str(error):
                raise
            sentence = f"the picture became smaller than the 5x5 window: are (height, width, channels) = {shape} taken in this order?"
            raise ValueError(sentence).with_traceback(error.__traceback__) from None
        found = getattr(model, "input_shape", None)
        if isinstance(found, tuple) and tuple(found[1:]) != shape:
            return {"built": Odd(f"a model for inputs of shape {tuple(found[1:])}, not (height, width, channels) = {shape}")}
        seen = dict(super().observe(module, **inputs))
        if isinstance(seen.get("layers"), str):
            calls = calls_of(model)
            seen["layers"] = in_one_order(" > ".join(canonical_layers(SimpleNamespace(operations=[layer for layer, _ in calls]))))
            shaped = [(layer, shape) for layer, shape in calls if shape]
            seen["shapes"] = " > ".join("(" + ", ".join(map(str, shape)) + ")" for _, shape in shaped)
            seen["counts"] = " > ".join(f"{layer.count_params():,} parameters" for layer, _ in shaped)
        return seen

    def compare(self, actual, expected, inputs):
        """Layers, shapes and counts one by one; then what every architecture is compared by."""
        for name, word in (("layers", ""), ("shapes", " gives"), ("counts", " has")):
            sentence = first_layer(actual.get(name), expected[name], word)
            if sentence:
                return sentence
        seen, wanted = ({name: value for name, value in one.items() if name not in ("shapes", "counts")} for one in (actual, expected))
        return super().compare(seen, wanted, inputs)

    def explain(self, name, actual, expected, inputs):
        """A thing that is no model for these images is said to be what it is."""
        if name == "built" and isinstance(actual, Odd) and actual.what.startswith("a model"):
            return f"it is {actual.what}"
        return super().explain(name, actual, expected, inputs)


def in_one_order(layers):
    """The canonical layers with every ReLU before the pooling behind it, and one word for a reshape to a vector."""
    layers = re.sub(r"linear\) > (MaxPooling2D\([^)]*\)) > Activation\(relu\)", r"relu) > \1", layers)
    return re.sub(r"Reshape\(target_shape -?\d+\)", "Flatten()", layers)


def calls_of(model):
    """The layers in the order in which they are called, one that is called twice standing there twice, with output shapes.

    There is no shape for a layer that is no more than an activation, nor in a model that is not made of a graph of layers.
    """
    nodes = getattr(getattr(model, "_functional", None) or model, "_nodes_by_depth", None)
    if not nodes:
        return [(layer, ()) for layer in model.layers]
    calls = [(node.operation, tuple(node.outputs[0].shape[1:])) for depth in sorted(nodes, reverse=True) for node in nodes[depth]]
    return [(layer, shape if type(layer).__name__ in SHAPED else ()) for layer, shape in calls]


def first_layer(actual, expected, word):
    """The first layer in which two descriptions differ, in one sentence."""
    if not isinstance(actual, str) or not actual or actual == expected:
        return ""
    ours, theirs = actual.split(" > "), expected.split(" > ")
    for number, (one, other) in enumerate(zip(ours, theirs, strict=False), 1):
        if one != other:
            return f"layer {number}{word or ' is'} {one}; expected {other}"
    if len(ours) > len(theirs):
        return f"there is one layer more than expected at the end: {ours[len(theirs)]}"
    return f"the model ends after {len(ours)} layers; expected {theirs[len(ours)]} next"


class Translated(Outputs):
    """The eight arrays, and the logits of the Net in Keras that carries them."""

    def observe(self, module, **inputs):
        """Translate, then run a Keras model whose shapes the state_dict gives."""
        x = inputs.pop(PROBE)
        answer = self.apply(module, inputs)
        seen = flatten(answer, EIGHT)
        if "answer" in seen:
            return {"answer": Odd(described(answer))}
        return {**seen, "logits": logits_with(answer, inputs["state"], x)}

    def call_text(self, inputs):
        """The function's own arguments."""
        return super().call_text({name: value for name, value in inputs.items() if name != PROBE})


def logits_with(weights, state, x):
    """What the Net answers to x with these weights; words where they do not fit into it."""
    import keras

    c1, _, *kernel = state["conv1.weight"].shape
    L = keras.layers
    model = keras.Sequential([
        keras.Input(x.shape[1:]),
        L.Conv2D(c1, kernel, activation="relu"),
        L.MaxPooling2D(),
        L.Conv2D(len(state["conv2.bias"]), kernel, activation="relu"),
        L.MaxPooling2D(),
        L.Flatten(),
        L.Dense(len(state["fc1.bias"]), activation="relu"),
        L.Dense(len(state["fc2.bias"])),
    ])  # fmt: skip
    if [np.shape(weight) for weight in weights] != [tuple(weight.shape) for weight in model.weights]:
        return Odd("unknown: the arrays do not fit into the model")
    model.set_weights(weights)
    return as_value(model(x))


CONVOLUTIONS = (
    "tf.nn.conv1d", "tf.nn.conv2d", "tf.nn.conv3d", "tf.nn.conv_transpose", "tf.nn.conv2d_transpose", "tf.nn.convolution",
    "tf.nn.atrous_conv2d", "tf.nn.depthwise_conv2d", "tf.nn.separable_conv2d", "tf.nn.erosion2d", "tf.nn.dilation2d",
    "keras.layers", "keras.ops.conv", "keras.ops.conv_transpose", "keras.ops.depthwise_conv", "keras.ops.separable_conv",
    "keras.ops.nn", "keras.src", "tf.raw_ops", "tf.compat", "tf.python",
)  # fmt: skip
POOLINGS = (
    "tf.nn.max_pool", "tf.nn.max_pool1d", "tf.nn.max_pool2d", "tf.nn.max_pool3d", "tf.nn.max_pool_with_argmax", "tf.nn.pool",
    "tf.nn.dilation2d", "tf.nn.fractional_max_pool", "keras.layers", "keras.ops.max_pool", "keras.ops.nn", "keras.src",
    "tf.raw_ops", "tf.compat", "tf.python",
)  # fmt: skip

assignment = Assignment(
    title="Convolutional networks",
    files=["cnn.py"],
    imports=("tensorflow", "keras"),
    checks=[
        Outputs(
            "conv_output_size", on=axes, points=8,
            hint="Count the places where the window can begin: 0, stride, 2 stride, … (handout, eq. 1).",
            why="how large every map is",
            levels=(
                "Take n = 7 and kernel = 3, and mark each pixel on which the window can begin. How many are there for stride "
                "1, and for stride 2?",
                "The last place begins at n - kernel. Count the multiples of the stride from 0 to there (eq. 1). With "
                "\"same\", every pixel that is a multiple of the stride begins a window.",
                "\"valid\": floor((n - kernel)/stride) + 1; \"same\": ceil(n/stride).",
            ),
        ),
        Outputs(
            "conv_param_count", on=convolutions, points=6,
            hint="One filter sees kh x kw pixels of every input channel (handout, eq. 2).",
            why="what sharing saves",
            levels=(
                "One filter makes one output channel. How many numbers does it see at one place?",
                "A window has kh * kw pixels, each with every input channel; there are as many filters as output channels, "
                "and each has at most one bias (eq. 2).",
                "kh*kw*cin*cout (+ cout).",
            ),
        ),
        Outputs(
            "scan_perceptron", on=scans, points=12, exact_dtype=True,
            hint="Place the template's upper left corner on every pixel from which it still fits (handout, eq. 4).",
            why="one perceptron looks everywhere",
        ),
        Gradients(
            "conv2d", wrt=("x", "kernel", "bias"), on=convolved, points=22,
            rules=(Forbid(*CONVOLUTIONS, why="write the sum of eq. 5 with slices and matrix products"),),
            hint="Each kernel entry [a, c] meets one shifted, strided slice of x; write its shape down (handout, eq. 5 and 6).",
            why="the same with channels: the layer itself",
            levels=(
                "\"same\" promises ceil(n / stride) places. How far does the last window reach, and how many zeros must stand "
                "around the axis for that?",
                "For one entry [a, c] of the kernel, all windows together are one slice of x with the stride as its step; "
                "matrix products take care of the channels (eq. 5). For \"same\": the last window begins at (out-1)*s and ends "
                "k later (eq. 6).",
                "zero padding of total p = max((out-1)*s + k - n, 0); floor(p/2) before and the rest after.",
            ),
        ),
        Gradients(
            "max_pool2d", wrt=("x",), on=pooled, points=12,
            rules=(Forbid(*POOLINGS, why="take the maximum of shifted, strided slices"),),
            hint="Entry [a, c] of all windows is one strided slice of x (handout, eq. 7).",
            why="the strongest response counts",
        ),
        Net(
            "build_cnn", on=networks, points=14,
            hint="Compare build_cnn().summary() with the table in the handout, line by line.",
            why="the lecture's Net",
        ),
        Outputs(
            "train_epoch", on=epochs, points=16, imports=("tensorflow", "keras"), call=one_epoch, rtol=1e-4, atol=1e-6,
            order=("mean loss", "weights", "number of log lines", "log line unlike the lecture's", *(f"logged {name}" for name in LOGGED)),
            see="train_epoch(build_cnn(), batches, keras.losses.SparseCategoricalCrossentropy(from_logits=True), keras.optimizers.SGD(0.01), epoch=1)",
            hint="Follow the lecture's train() line by line; what stands inside the loop? (handout, eq. 10 and 11)",
            why="the lecture's train()",
        ),
        Recorded(
            "evaluate_model", on=test_sets, points=10, imports=("tensorflow", "keras"), call=whole_test, rtol=1e-4, atol=1e-6,
            order=("average loss", "accuracy"),
            see="evaluate_model(build_cnn(), batches)",
            hint="Sum over all images first, divide once; the model must not notice that it is tested (handout, eq. 12).",
            why="the lecture's test()",
        ),
        Outputs(
            "dense_param_count", on=dense_layers, points=2, stretch=True,
            hint="One weight for each pair of an input and an output (handout, eq. 3).",
            why="the number to compare with",
        ),
        Outputs(
            "object_present", on=score_maps, points=3, stretch=True, exact_dtype=True,
            hint="One number for each image, wherever in its map the response is (handout, eq. 8).",
            why="pooling over the whole image",
        ),
        Outputs(
            "normalize_images", on=photographs, points=3, stretch=True, exact_dtype=True,
            hint="What becomes of pixel 0, and of pixel 255? (handout, eq. 9)",
            why="preparing data",
        ),
        Translated(
            "torch_to_keras_weights", on=state_dicts, points=6, stretch=True, imports=("tensorflow", "keras"), order=(*EIGHT, "logits"),
            hint="Write beside each array what its axes mean, in PyTorch and in Keras (handout, eq. 13).",
            why="a tool: weights from another library",
        ),
        Outputs(
            "shift_images", on=shifts, points=3, stretch=True, exact_dtype=True, call=asked_and_diagonal,
            order=("shifted by (dy, dx)", "shifted by (1, 1)"),
            hint="Which rows of X stay in the picture, and where do they go? Draw a 4 x 5 image.",
            why="preparing an experiment",
        ),
        Recorded(
            "save_and_reload", on=saved, points=3, stretch=True, imports=("tensorflow", "keras"), call=file_and_model,
            order=("the answer", "the file", "a new object", "weights", "predictions", "in the file"),
            see="save_and_reload(build_cnn(), 'mnist_cnn.keras')",
            hint="Keras has one method to save a model and one function to load it.",
            why="a tool: the model in a file",
        ),
    ],
)  # fmt: skip
