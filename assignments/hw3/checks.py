"""hw3: activations, softmax losses and gradient-based optimisation.

Inputs are drawn anew for each seed, with two decimals, so that a call can be copied. Gradients are never asked for at
corners (0, -1, 1) or at ties, where right forms differ.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from autograder import (
    Architecture,
    Assignment,
    Case,
    Check,
    Forbid,
    Gradients,
    Odd,
    Outputs,
    Require,
    Trajectory,
    as_value,
    draw,
    inject,
)

# Kinds of questions of this assignment ------------------------------------------------------------------------------


class Epoch(Check):
    """Properties of one epoch of mini-batches; the order itself may be any random one.

    The worker returns the batches of three epochs (a seed, the same again, another); everything is judged here. Each
    sample has a label of its own, so that it is recognised.
    """

    RUNS = ("epoch", "same seed", "other seed")

    @property
    def title(self):
        """The sentence that is true when the check passes."""
        return f"{self.function}() gives every sample once, in random batches"

    def observe(self, module, **inputs):
        """The batches of three epochs, each array under a name of its own."""
        seen = {}
        for run, seed in zip(self.RUNS, (inputs["seed"], inputs["seed"], inputs["seed"] + 1), strict=True):
            batches = self.apply(module, {**inputs, "seed": seed})
            for i, batch in enumerate(batches if isinstance(batches, Iterable) else [batches]):
                pair = batch if isinstance(batch, tuple | list) and len(batch) == 2 else (None, None)
                seen |= {f"{run}, X of batch {i}": as_value(pair[0]), f"{run}, y of batch {i}": as_value(pair[1])}
                if i > len(inputs["X"]):  # a generator without an end
                    break
        return seen

    def compare_names(self, actual, expected):
        """How many batches there are is told by their sizes."""
        return ""

    def compare_values(self, actual, expected, inputs):
        """The first broken promise of an epoch."""
        runs = [self.batches(actual, run) for run in self.RUNS]
        sentence = next((s for s in (self.form(batches, inputs) for batches in runs) if s), "")
        if sentence:
            return sentence
        orders = [np.concatenate([y for _, y in batches]) for batches in runs]
        sentence = self.once(runs[0], orders[0], inputs) or self.random(runs, orders, inputs)
        effects = [{n: v for n, v in seen.items() if n.startswith("effect")} for seen in (actual, expected)]
        return sentence or super().compare_values(*effects, inputs)

    @staticmethod
    def batches(seen, run):
        """The pairs (X, y) of one epoch, in order."""
        xs = [value for name, value in seen.items() if name.startswith(f"{run}, X")]
        ys = [value for name, value in seen.items() if name.startswith(f"{run}, y")]
        return list(zip(xs, ys, strict=True))

    @staticmethod
    def form(batches, inputs):
        """Pairs of arrays of the right sizes."""
        X, size = inputs["X"], inputs["batch_size"]
        if not batches:
            return "it gives no batches"
        for i, (a, b) in enumerate(batches):
            if not (isinstance(a, np.ndarray) and isinstance(b, np.ndarray)):
                return f"batch {i} is not a pair (X_batch, y_batch) of arrays"
            if a.ndim != X.ndim or a.shape[1:] != X.shape[1:] or b.shape != a.shape[:1]:
                return f"batch {i} has shapes {a.shape} and {b.shape}; expected (n, {X.shape[1]}) and (n,)"
        sizes = [len(b) for _, b in batches]
        wanted = [min(size, len(X) - start) for start in range(0, len(X), size)]
        if sizes != wanted:
            return f"the batches have {_listed(sizes)} rows; expected {_listed(wanted)}"
        return ""

    @staticmethod
    def once(batches, order, inputs):
        """Every sample exactly once, with its own label."""
        X, y = inputs["X"], inputs["y"]
        rows = np.concatenate([a for a, _ in batches])
        known = {tuple(row): label for row, label in zip(X.tolist(), y.tolist(), strict=True)}
        if not all(tuple(row) in known for row in rows.tolist()):
            return "some rows of the batches are no rows of X"
        for what, found in (("rows of X", {tuple(row) for row in rows.tolist()}), ("labels", set(order.tolist()))):
            if len(found) < len(X):
                return f"{len(X) - len(found)} of {len(X)} {what} never appear in the epoch, others more than once"
        apart = sum(known[tuple(row)] != label for row, label in zip(rows.tolist(), order.tolist(), strict=True))
        return f"{apart} of {len(X)} rows come with another sample's label" if apart else ""

    @staticmethod
    def random(runs, orders, inputs):
        """Shuffled as a whole, by the seed and by nothing else."""
        y, size = inputs["y"], inputs["batch_size"]
        if all(np.array_equal(order, y) for order in orders):
            return "the samples come in their original order: nothing was shuffled"
        for order, seed in zip(orders[::2], (inputs["seed"], inputs["seed"] + 1), strict=True):
            if np.array_equal(order, y):
                return f"with seed {seed} the samples come in their original order: every seed has to shuffle"
        if not np.array_equal(orders[0], orders[1]):
            return "two calls with the same seed give different orders"
        if np.array_equal(orders[0], orders[2]):
            return "two different seeds give the same order"
        pieces = {frozenset(y[start : start + size].tolist()) for start in range(0, len(y), size)}
        if size > 1 and len(pieces) > 2 and all(frozenset(labels.tolist()) in pieces for batches in runs for _, labels in batches):
            return "every batch holds samples that were neighbours in X: shuffle all samples, then cut"
        return ""


def _listed(sizes):
    return ", ".join(map(str, sizes)) if len(sizes) <= 12 else f"{', '.join(map(str, sizes[:12]))}, …"


# Cases -------------------------------------------------------------------------------------------------------------


def leaky_inputs(rng):
    return {
        "default alpha": {"z": draw(rng, 6)},
        "relu": {"z": draw(rng, 3, 2), "alpha": 0.0},
        "alpha = 2": {"z": draw(rng, 6), "alpha": 2.0},
        "float32": {"z": draw(rng, 5, high=4).astype(np.float32), "alpha": 0.3},
        "zero": Case({"z": np.append(draw(rng, 2), 0.0), "alpha": 0.2}, gradient=False),
    }


def softplus_inputs(rng):
    return {
        "float64": {"z": draw(rng, 6, high=4)},
        "float32": {"z": draw(rng, 2, 3, high=4).astype(np.float32)},
        "large": {"z": np.append(draw(rng, 2), [-1000.0, -60.0, 60.0, 1000.0])},
        "large float32": {"z": np.append(draw(rng, 2), [-1000.0, -100.0, 95.0, 1000.0]).astype(np.float32)},
        "single number": {"z": draw(rng, high=3)},
        "zero": Case({"z": np.append(draw(rng, 2), 0.0)}, gradient=False),  # the form with max and |z| has a tie there
    }


def bounded_inputs(rng):
    inside, outside = draw(rng, 4, high=0.9), draw(rng, 4, low=1.1, high=4)
    return {
        "inside and outside": {"z": rng.permutation(np.concatenate([inside, outside]))},
        "float32": {"z": rng.permutation(np.concatenate([inside[:2], 2 * outside[:2]])).astype(np.float32)},
        "matrix": {"z": np.stack([draw(rng, 3, high=0.9), draw(rng, 3, low=1.1, high=3)])},
        "corners": Case({"z": np.append(draw(rng, 3), [-1.0, 1.0, 300.0, -300.0])}, gradient=False),
    }


def templates(rng):
    def case(n, h, d, sigma, dtype=np.float64):
        return {"z": draw(rng, n, d).astype(dtype), "w": draw(rng, h, d).astype(dtype), "sigma": sigma}

    match = case(3, 2, 2, 1.7)
    match["z"][1] = match["w"][0]  # one input is one of the templates
    return {
        "batch": case(4, 5, 3, 1.7),
        "square": case(3, 3, 2, 0.8),  # N = H: exchanged axes do not change the shape
        "float32": case(2, 3, 2, 1.3, np.float32),
        "equal to a template": match,
        "one input and one template": case(1, 1, 2, 2.0),
    }


def logits(rng):
    large = np.stack([draw(rng, 3, high=3), [1000.0, 998.5, -1000.0], [-1000.0, -999.0, -1001.5]])
    shift = draw(rng, 2, 3)
    return {
        "batch": {"z": draw(rng, 3, 4, high=3)},
        "square": {"z": draw(rng, 3, 3, high=3)},  # N = K: a sum over the wrong axis does not change the shape
        "float32": {"z": draw(rng, 2, 5, high=3).astype(np.float32)},
        "large logits": {"z": large},
        "large logits float32": {"z": large[[1, 0]].astype(np.float32)},
        "one vector": {"z": draw(rng, 3, high=2)},
        "three axes": {"z": draw(rng, 2, 3, 2, high=2)},
        "rows shifted": {"z": np.vstack([shift, shift + 7.25])},
        "one class": Case({"z": draw(rng, 3, 1)}, trivial=True),
    }


def labels(rng):
    drawn = np.array([0, 2, 1, 1])
    rng.shuffle(drawn)
    many = rng.integers(0, 5, 9)
    return {
        "one label": {"labels": rng.integers(20, 40, 1), "num_classes": 41},
        "batch": {"labels": np.append(many, 4), "num_classes": 5},
        "absent class": {"labels": many, "num_classes": 7},
        "square": {"labels": rng.integers(0, 6, 6), "num_classes": 6},
        "small integers": {"labels": many.astype(np.uint8), "num_classes": 5},
        "no labels": Case({"labels": np.zeros(0, np.int64), "num_classes": int(rng.integers(2, 99))}, trivial=True),
        "label too large": Case({"labels": np.append(drawn, 4), "num_classes": 4}, raises="ValueError", trivial=True),
        "negative label": Case({"labels": np.append(drawn, -1), "num_classes": 3}, raises="ValueError", trivial=True),
    }


def predictions(rng):
    def case(n, k, dtype=np.float64, **more):
        y = rng.uniform(0.2, 1.0, (n, k))
        y = np.clip(np.round(y / y.sum(axis=1, keepdims=True), 2), 0.04, 0.96)
        return {"d": np.eye(k, dtype=dtype)[rng.integers(0, k, n)], "y": y.astype(dtype), **more}

    part = float(np.round(rng.uniform(0.2, 0.7), 2))
    return {
        "batch": case(5, 4),
        "square": case(3, 3),
        "two classes": case(4, 2),
        "float32": case(2, 5, np.float32),
        "one sample": case(1, 3),
        "larger eps": {
            "d": np.array([[1.0, 0.0, 0.0], [0.0, 0.0, 1.0]]), "y": np.array([[0.98, 0.01, 0.01], [0.98 - part, part, 0.02]]), "eps": 0.05,
        },
        "certain, default eps": Case(
            {"d": np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]]), "y": np.array([[0.0, 1 - part, part], [1 - part, 0.0, part]])}, gradient=False
        ),
        "certain": Case(
            {
                "d": np.array([[1.0, 0.0], [1.0, 0.0], [0.0, 1.0]]), "y": np.array([[1.0, 0.0], [0.0, 1.0], [1 - part, part]]),
                "eps": 0.01,  # with 1e-7, 1 - eps differs between float32 and float64
            },
            gradient=False,
        ),
    }  # fmt: skip


def scores(rng):
    def case(n, k, dtype=np.float64, label_dtype=np.int64):
        found = rng.integers(0, k, n)
        found[:2] = [k - 1, 0][:n]  # not all samples of one class
        return {"logits": draw(rng, n, k, high=3).astype(dtype), "labels": found.astype(label_dtype)}

    large = np.array([[1000.0, -1000.0, 3.25], [-1000.0, 998.0, 1000.0], draw(rng, 3)])
    level = np.round(rng.uniform(-3, 3), 2)
    return {
        "batch": case(4, 3),
        "square": case(4, 4),
        "float32 with int32 labels": case(3, 5, np.float32, np.int32),
        "large logits all right": {"logits": large, "labels": np.array([0, 2, 1])},
        "large logits all wrong": {"logits": large, "labels": np.array([1, 0, 2])},
        "large logits float32": {"logits": large.astype(np.float32), "labels": np.array([2, 0, 1])},
        "one sample": case(1, 4),
        "equal logits": Case({"logits": np.full((2, int(rng.integers(4, 40))), level), "labels": np.array([3, 1])}, gradient=False, trivial=True),
    }


def samples(rng):
    def case(n, batch_size, d=3):
        X = np.round(rng.normal(size=(n, d)), 2)
        X[:, 0] = np.round(X[:, 0] / 100, 4) + np.arange(n)  # no two rows are equal
        y = rng.permutation(10 * n)[:n]  # a label of its own for each sample
        return {"X": rng.permutation(X), "y": y, "batch_size": batch_size, "seed": int(rng.integers(1000))}

    return {
        "smaller last batch": case(23, 5, 2),
        "equal batches": case(24, 6),
        "one batch": case(12, 50, 2) | {"seed": 0},  # which counts as false
        "batches of one": case(14, 1),
    }


def momentum(rng):
    def case(alpha, lrs, *shape):
        return {"w": draw(rng, *shape), "v": draw(rng, *shape, high=0.5), "grads": draw(rng, len(lrs), *shape), "lrs": np.array(lrs), "alpha": alpha}

    return {
        "changing lr": case(0.9, [0.5, 0.1, 0.02], 3),
        "matrix": case(0.6, [0.1, 0.3, 0.2], 2, 3),
        "alpha = 0": case(0.0, [0.3, 0.2, 0.1], 3),
        "constant lr": case(0.8, [0.25, 0.25, 0.25], 2),
    }


def valleys(rng):
    start = draw(rng, 2, low=0.5, high=4)
    plain = {"w0": start, "lr": 0.03, "alpha": 0.0, "steps": 20, "curvature": np.array([1.0, 25.0])}
    return {
        "two steps": {**plain, "steps": 2},
        "two steps with momentum": {**plain, "alpha": 0.8, "steps": 2},
        "ravine": plain,
        "ravine with momentum": {"w0": draw(rng, 2, low=1, high=4), "lr": 0.07, "alpha": 0.5, "steps": 60, "curvature": np.array([1.0, 25.0])},
        "diverging": {**plain, "lr": 0.081, "steps": 15},  # beyond 2 / 25: a path is a path
        "three weights": {"w0": draw(rng, 3), "lr": 0.1, "alpha": 0.9, "steps": 30, "curvature": draw(rng, 3, low=0.5, high=4) ** 2},
        "no momentum and 100 steps by default": {"w0": start, "lr": 0.03, "curvature": np.array([1.0, 9.0])},
        "no step": Case({**plain, "steps": 0}, trivial=True),
    }


def networks_to_train(rng):
    x = draw(rng, 6, 4).astype(np.float32)
    y = np.array([0, 1, 2, 0, 2, 1])
    rng.shuffle(y)
    strip = draw(rng, 211)
    classes = {"x": x, "y": y, "strip": strip, "lr": 0.1, "momentum": 0.9}
    return {
        "two layers": {"kind": "plain", **classes},
        "regression": {"kind": "regression", "x": x, "y": draw(rng, 6, 1).astype(np.float32), "strip": strip, "lr": 0.05, "momentum": 0.0},
        "frozen layer": {"kind": "frozen", **classes},
        "batch normalization": {"kind": "batch norm", **classes},
        "dropout": {"kind": "dropout", **classes},
    }


def networks_to_measure(rng):
    y = np.array([0, 1, 2, 0, 2, 1])
    rng.shuffle(y)
    classes = {"x": draw(rng, 6, 4).astype(np.float32), "y": y, "strip": draw(rng, 211)}
    return {
        "two layers": {"kind": "plain", **classes},
        "four layers": {"kind": "deep", **classes},
        "frozen layer": {"kind": "frozen", **classes},
        "batch normalization": {"kind": "batch norm", **classes},
        "convolution": {"kind": "convolution", **classes, "x": draw(rng, 6, 4, 4, 1).astype(np.float32)},
    }


def deep_networks(rng):
    x3, x5 = draw(rng, 6, 3).astype(np.float32), draw(rng, 6, 5).astype(np.float32)
    return {
        "three tanh layers": {"input_dim": 3, "depth": 3, "width": 4, "activation": "tanh", "num_classes": 5, "seed": 1, "x": x3},
        "sigmoid": {"input_dim": 3, "depth": 2, "width": 6, "activation": "sigmoid", "seed": 0, "x": x3},
        "batch norm": {
            "input_dim": 3, "depth": 2, "width": 4, "activation": "relu", "num_classes": 3, "batch_norm": True, "seed": 2, "x": x3,
        },
        "skip": {"input_dim": 3, "depth": 3, "width": 4, "activation": "tanh", "num_classes": 3, "skip": True, "seed": 3, "x": x3},
        "skip from the input": {
            "input_dim": 5, "depth": 2, "width": 5, "activation": "relu", "num_classes": 4, "skip": True, "seed": 4, "x": x5,
        },
        "batch norm and skip": {
            "input_dim": 3, "depth": 3, "width": 4, "activation": "sigmoid", "num_classes": 2, "batch_norm": True, "skip": True,
            "seed": 5, "x": x3,
        },
    }  # fmt: skip


def starting_networks(rng):
    # Square kernels throughout: only their numbers tell a layer that starts like another.
    x = draw(rng, 4, 6).astype(np.float32)
    plain = {"input_dim": 6, "depth": 3, "width": 6, "activation": "tanh", "num_classes": 6, "batch_norm": False, "seed": 7, "x": x}
    return {
        "tanh": plain,
        "other seed": {**plain, "depth": 2, "width": 5, "activation": "sigmoid", "num_classes": 10, "seed": 12},
        "relu with batch norm": {**plain, "depth": 2, "activation": "relu", "num_classes": 10, "batch_norm": True, "seed": 3},
    }


# Calls that need more than the function's arguments; they run in the worker ------------------------------------------


def three_steps(module, w, v, grads, lrs, alpha):
    """The velocity and the weights after each of three steps, each with a learning rate of its own."""
    seen = {}
    for step, (lr, grad) in enumerate(zip(lrs, grads, strict=True), 1):
        answer = module.momentum_step(w, v, grad, float(lr), alpha)
        if not isinstance(answer, tuple | list) or len(answer) != 2:
            return answer
        w, v = answer
        seen |= {f"v after step {step}": v, f"w after step {step}": w}
    return seen


def path_in_valley(module, curvature, **arguments):
    """The path on E = sum_i curvature_i w_i^2 / 2."""
    return module.descend(lambda w: curvature * w, **arguments)


def network(kind, x, strip):
    """A small network of a kind, with the strip's numbers as weights."""
    import keras

    layers = keras.layers
    hidden = {
        "plain": lambda: [layers.Dense(5, activation="tanh")],
        "regression": lambda: [layers.Dense(5, activation="relu")],
        "frozen": lambda: [layers.Dense(5, activation="tanh", trainable=False), layers.Dense(4, activation="tanh")],
        "deep": lambda: [layers.Dense(5, activation="sigmoid"), layers.Dense(5, activation="sigmoid"), layers.Dense(4, activation="tanh")],
        "batch norm": lambda: [layers.Dense(5), layers.BatchNormalization(), layers.Activation("tanh")],
        "dropout": lambda: [layers.Dense(8, activation="tanh"), layers.Dropout(0.4, seed=3)],
        "convolution": lambda: [layers.Conv2D(2, 3, activation="tanh"), layers.Flatten(), layers.LayerNormalization()],
    }[kind]
    model = keras.Sequential([keras.Input(x.shape[1:]), *hidden(), layers.Dense(1 if kind == "regression" else 3)])
    inject(model, strip)
    return model


def loss_of(kind):
    """The loss that a network of this kind is trained with, called as loss_fn(y, prediction)."""
    import keras

    return keras.losses.MeanSquaredError() if kind == "regression" else keras.losses.SparseCategoricalCrossentropy(from_logits=True)


def weights_of(model):
    """The values of all layers' weights by name, "layer 0 kernel" and so on."""
    return {
        f"layer {i} {weight.name}": np.array(weight)
        for i, layer in enumerate(layer for layer in model.layers if layer.weights)
        for weight in layer.weights
    }


def three_training_steps(module, kind, x, y, strip, lr, momentum):
    """The losses, the optimizer's count and all weights after one and after three steps."""
    import keras
    import tensorflow as tf

    model, loss_fn = network(kind, x, strip), loss_of(kind)
    optimizer = keras.optimizers.SGD(lr, momentum=momentum)
    seen = {}
    for step in (1, 2, 3):
        loss = module.train_step(model, tf.constant(x), tf.constant(y), loss_fn, optimizer)
        seen[f"step {step}.loss"] = Odd("a tensor; expected a float") if tf.is_tensor(loss) else loss
        if step != 2:
            seen[f"step {step}.optimizer.iterations"] = np.array(optimizer.iterations)
            seen |= {f"step {step}.{name}": value for name, value in weights_of(model).items()}
    return seen


def norms(module, kind, x, y, strip):
    """The norms, and whether the trainable weights are what they were."""
    import tensorflow as tf

    model = network(kind, x, strip)
    before = [np.array(weight) for weight in model.trainable_variables]
    found = module.layer_gradient_norms(model, tf.constant(x), tf.constant(y), loss_of(kind))
    moved = [np.max(np.abs(np.array(w) - b)) for w, b in zip(model.trainable_variables, before, strict=True)]
    return {"norms": found, "largest change of a weight": float(max(moved))}


def initial_logits(module, x, **arguments):
    """What the untrained network answers."""
    model = module.build_deep_mlp(**arguments)
    return model(x, training=False) if callable(model) else model


ACTIVATIONS = "keras.activations", "keras.layers", "keras.ops.leaky_relu", "keras.ops.softplus", "keras.ops.softmax", "keras.ops.log_sigmoid"
CROSS_ENTROPIES = (
    "keras.losses", "keras.metrics", "tf.losses", "tf.metrics",
    "keras.ops.sparse_categorical_crossentropy", "keras.ops.categorical_crossentropy",
    "tf.nn.sparse_softmax_cross_entropy_with_logits", "tf.nn.softmax_cross_entropy_with_logits", "tf.compat",
)  # fmt: skip

assignment = Assignment(
    title="Activations, losses and gradient descent",
    files=["optimization.py"],
    imports=("tensorflow", "keras"),
    checks=[
        Gradients(
            "softmax", wrt=("z",), on=logits, points=16,
            rules=(Forbid("tf.nn.softmax", "tf.math.softmax", "tf.nn.log_softmax", "tf.math.log_softmax", *ACTIVATIONS, why="write it with exp"),),
            hint="Each row on its own, over the last axis, and shifted so that no exponent is positive (eq. 1, 2).",
            why="scores become probabilities",
        ),
        Gradients(
            "softmax_cross_entropy", wrt=("logits",), on=scores, points=18,
            rules=(Forbid(*CROSS_ENTROPIES, why="write the log-sum-exp yourself"),),
            hint="log sum e^z = m + log sum e^(z - m) for every m; which m is safe? (eq. 5)",
            why="the loss of every classifier from here on",
            levels=(
                "Put the softmax into -log p for the right class. What remains of the exponential in the numerator?",
                "A quotient under a logarithm is a difference (eq. 5). To keep e^z in range, take the same number m out of "
                "the sum: which m makes every exponent at most 0?",
                "L = (1/N) sum_n ( log sum_k e^{z_nk} - z_{n, label_n} );  log sum_k e^{z_k} = m + log sum_k e^{z_k - m}, m "
                "= max_k z_k.",
            ),
        ),
        Epoch(
            "minibatches", on=samples, points=14, keeps_random_state=True,
            see="for X_batch, y_batch in minibatches({X}, {y}, {batch_size}, {seed}):\n    print(X_batch.shape, y_batch)",
            hint="One random order of all samples, cut in pieces, used for X and for y (eq. 7).",
            why="what is stochastic in SGD",
        ),
        Outputs(
            "momentum_step", on=momentum, points=14, call=three_steps, rtol=1e-7, atol=1e-12,
            order=tuple(f"{name} after step {step}" for step in (1, 2, 3) for name in ("v", "w")),
            see="w, v = {w}, {v}\nfor lr, grad in zip({lrs}, {grads}):\n    w, v = momentum_step(w, v, grad, lr, {alpha})\n    print(v, w)",
            hint="First the velocity from the old velocity, then the weights from the new one (eq. 8).",
            why="how a step remembers the ones before it",
            levels=(
                "A ball rolls down the valley. What of its velocity does it keep in each step, and what does the slope add "
                "to it?",
                "First the new velocity from the old one and the gradient, with lr inside; then the weights move by the new "
                "velocity (eq. 8).",
                "v(t+1) = alpha v(t) + lr * grad;  w(t+1) = w(t) - v(t+1).",
            ),
        ),
        Trajectory(
            "descend", on=valleys, points=10, call=path_in_valley, returns=("path",), path="path", rtol=1e-9, atol=1e-12, later_rtol=1e-6,
            rules=(Require("momentum_step", times="steps", why="one rule for moving, written once"),), depends=("momentum_step",),
            see="descend(lambda w: {curvature} * w, {w0}, lr={lr}, alpha={alpha}, steps={steps})",
            hint="Each step: the gradient where you are now, momentum_step, one more row of the path (eq. 8, 9).",
            why="the path through a ravine",
        ),
        Outputs(
            "train_step", on=networks_to_train, points=18, imports=("tensorflow", "keras"), call=three_training_steps, order=("step 1", "step 2", "step 3"),
            rules=(Forbid("fit", "train_on_batch", why="the point is to write the step yourself"),),
            hint="Forward in training mode inside the tape, gradients for the trainable variables, one update by the optimizer (eq. 10).",
            why="the step that every training loop repeats",
        ),
        Outputs(
            "layer_gradient_norms", on=networks_to_measure, points=10, imports=("tensorflow", "keras"), call=norms, rtol=1e-4, atol=1e-6,
            hint="One number for each trainable kernel, from the input to the output; nothing is updated (eq. 11).",
            why="how a gradient vanishes",
        ),
        Outputs(
            "one_hot", on=labels, points=3, stretch=True, exact_dtype=True,
            hint="N rows and num_classes columns, whichever labels occur (eq. 3).",
            why="the labels in another form",
        ),
        Gradients(
            "slide_cross_entropy", wrt=("y",), on=predictions, points=4, stretch=True,
            hint="Every class is charged: the right one for log y, the others for log(1 - y) (eq. 4).",
            why="a second loss, to compare with the first",
        ),
        Architecture(
            "build_deep_mlp", on=deep_networks, points=4, stretch=True, seeded=True, training=True,
            hint="Compare build_deep_mlp(3, 2, 4, 'tanh').summary() with the handout, block by block (eq. 12).",
            why="the cures, put together with a tool",
        ),
        Outputs(
            "build_deep_mlp", on=starting_networks, points=2, stretch=True, call=initial_logits, label="start", imports=("tensorflow", "keras"),
            see="build_deep_mlp({input_dim}, {depth}, {width}, {activation}, {num_classes}, batch_norm={batch_norm}, seed={seed})({x})",
            hint="Layer i starts from GlorotUniform(seed + i), the output layer included.",
        ),
        Gradients(
            "leaky_relu", wrt=("z",), on=leaky_inputs, points=2, stretch=True,
            rules=(Forbid("tf.nn.leaky_relu", *ACTIVATIONS, why="write the two branches yourself"),),
            hint="Two straight lines that meet at 0: which one does each z lie on? (eq. 14)",
            why="one more activation",
        ),
        Gradients(
            "softplus", wrt=("z",), on=softplus_inputs, points=4, stretch=True,
            rules=(Forbid("tf.math.softplus", "tf.nn.softplus", "tf.math.log_sigmoid", *ACTIVATIONS, why="write it with exp and log"),),
            hint="For z = 1000 the answer is 1000: find a form that never computes e^1000, in its gradient neither (eq. 15).",
            why="a numerical refinement of the ReLU",
        ),
        Gradients(
            "hard_tanh", wrt=("z",), on=bounded_inputs, points=2, stretch=True,
            hint="Slope 1 between the bounds, slope 0 outside (eq. 16).",
            why="one more activation",
        ),
        Gradients(
            "rbf", wrt=("z", "w"), on=templates, points=3, stretch=True,
            hint="Write the shapes down: (N, 1, d) and (1, H, d) give all N x H differences (eq. 17).",
            why="one more activation, with templates",
        ),
    ],
)  # fmt: skip
