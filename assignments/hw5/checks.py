"""hw5: regularisation: penalties, dropout, batch normalisation, stochastic depth, ensembles.

Inputs are drawn anew for each seed, with two decimals, so that a call can be copied. Gradients are never asked for at
corners, except where a stub states them (the gradient of |w| at 0 is 0). What is random is judged by its statistics,
with bounds that a right solution practically never misses.
"""

from __future__ import annotations

import itertools

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
    as_tensors,
    as_value,
    draw,
    explain_difference,
    explain_form,
    flatten,
    gradient_value,
    inject,
    literal,
)

SIGMAS = 6  # a right solution is outside of 6 standard deviations twice in 10^9 draws


# Kinds of questions of this assignment ------------------------------------------------------------------------------


class Penalty(Gradients):
    """A penalty of a list of weight matrices, and its gradient with respect to each of them.

    The matrices travel as the inputs W1 and W2; every other input is an argument of the function. The dtype is left
    open, because an empty list has none.
    """

    def observe(self, module, **inputs):
        """Put the matrices into the list that the function takes."""
        if self.call is None:
            from dataclasses import replace

            def listed(module, **given):
                weights = [given.pop(name) for name in ("W1", "W2") if name in given]
                return self.apply(module, {"weights": weights, **given})

            return replace(self, call=listed).observe(module, **inputs)
        return super().observe(module, **inputs)

    def call_text(self, inputs):
        """The call with its list, and how to take the gradient of it."""
        given = {name: value for name, value in inputs.items() if name not in ("W1", "W2", "cotangent")}
        names = [name for name in ("W1", "W2") if name in inputs]
        lines = [f"{name} = {literal(inputs[name], tensors=True)}" for name in names]
        call = f"{self.function}([{', '.join(names)}]{''.join(f', {name}={literal(value)}' for name, value in given.items())})"
        if "cotangent" not in inputs:
            return "\n".join([*lines, call])
        return "\n".join([*lines, self.gradient_text(call, names, inputs)])


class Mask(Check):
    """Statistics of the masks that a dropout function draws by itself; all judged here, from returned arrays.

    Four calls on a large x: a seed, the same seed again, another seed, and the same seed at test time.
    """

    scaled = False
    RUNS = ("drawn", "same seed", "other seed")

    @property
    def title(self):
        """The sentence that is true when the check passes."""
        return f"{self.function}() drops each entry on its own, with the probability asked for"

    def observe(self, module, **inputs):
        """What comes out for each seed."""
        import tensorflow as tf

        x, seed = tf.constant(inputs.pop("x")), inputs.pop("seed")
        seeds = dict(zip(self.RUNS, (seed, seed, seed + 1), strict=True))
        return {run: as_value(self.apply(module, {"x": x, "training": True, **inputs, "seed": s})) for run, s in seeds.items()}

    def compare_values(self, actual, expected, inputs):
        """The first statistic that a mask of independent entries would not have."""
        for run in self.RUNS:
            form = explain_form(actual[run], expected[run])
            if form:
                return form
        x, rate = inputs["x"], inputs["rate"]
        scale = 1 / (1 - rate) if self.scaled else 1.0
        masks = {run: actual[run] / (scale * x) for run in self.RUNS}
        kept = {run: mask > 0.5 for run, mask in masks.items()}
        sentence = self.values(masks["drawn"], kept["drawn"], x, scale) or self.spread(kept["drawn"], rate)
        if sentence:
            return sentence
        if not np.array_equal(kept["drawn"], kept["same seed"]):
            return "two calls with the same seed drop different entries"
        if np.array_equal(kept["drawn"], kept["other seed"]):
            return "two different seeds drop the same entries"
        effects = [{n: v for n, v in seen.items() if n.startswith("effect")} for seen in (actual, expected)]
        return super().compare_values(*effects, inputs)

    @staticmethod
    def values(mask, kept, x, scale):
        """Every entry is 0 or x times the scale, so that the mean over many masks is known."""
        off = ~np.isclose(mask, kept, rtol=1e-4, atol=1e-6)
        if not off.any():
            return ""
        found = np.unique(np.round(mask[off] * scale, 4))
        some = ", ".join(f"{value:.4g} x" for value in found[:3])
        return f"every entry should be 0 or {scale:.4g} x; {int(off.sum())} of {off.size} are neither, such as {some}"

    @staticmethod
    def spread(kept, rate):
        """How many are dropped, and whether neighbours are dropped independently."""
        dropped = 1 - kept.mean()
        if 0 < dropped < 1 and (kept == kept[0]).all():
            return "every row has the same mask: each sample has to lose units of its own"
        if 0 < dropped < 1 and (kept == kept[:, :1]).all():
            return "whole rows are dropped: each unit has to be dropped on its own"
        if abs(dropped - rate) > SIGMAS * np.sqrt(rate * (1 - rate) / kept.size):
            return f"{dropped:.1%} of {kept.size} entries are dropped; with rate={rate} about {rate:.0%} should be"
        centred = (kept - (1 - rate)) / np.sqrt(rate * (1 - rate))
        for what, product in (("rows", centred[1:] * centred[:-1]), ("columns", centred[:, 1:] * centred[:, :-1])):
            if abs(product.mean()) > SIGMAS / np.sqrt(product.size):
                return f"neighbouring {what} of the mask depend on each other (correlation {product.mean():.2f})"
        return ""

    def call_text(self, inputs):
        """A call in the small."""
        return f"{self.function}(tf.ones((6, 5)), rate={inputs['rate']}, training=True, seed={inputs['seed']})"


class ScaledMask(Mask):
    """The same for inverted dropout, which scales up what it keeps."""

    scaled = True


class Normalization(Gradients):
    """Outputs and new state of batch_norm; gradients of its output."""

    def observe(self, module, **inputs):
        """The output, the new state and what became of the given one; or the gradients of the output."""
        if "cotangent" in inputs:
            return super().observe(module, **inputs)
        tensors = as_tensors(inputs)
        state = {"mean": tensors.pop("mean"), "var": tensors.pop("var")}
        answer = self.apply(module, {**tensors, "state": state})
        seen = flatten(answer, ("y", "new state"))
        return seen | {f"given state.{name}": value for name, value in flatten(state).items()}

    def about(self, name, sentence):
        """A state that the call changed is a side effect."""
        if name.startswith("given state"):
            return f"the given state was changed ({name}): return a new dict"
        return super().about(name, sentence)

    def call_text(self, inputs):
        """The call with its state dict, as in the stub."""
        texts = {name: literal(value, tensors=True) for name, value in inputs.items() if name != "cotangent"}
        if None in texts.values():
            return ""
        state = f"{{'mean': {texts.pop('mean')}, 'var': {texts.pop('var')}}}"
        if "cotangent" not in inputs:
            arguments = ", ".join(f"{name}={text}" for name, text in (texts | {"state": state}).items())
            return f"{self.function}({arguments})"
        lines = [f"{name} = {texts[name]}" for name in self.wrt]
        arguments = ", ".join(f"{name}={name if name in self.wrt else text}" for name, text in (texts | {"state": state}).items())
        return "\n".join([*lines, self.gradient_text(f"{self.function}({arguments})[0]", self.wrt, inputs)])


class Randomness(Check):
    """Is a model random in training and only there? Two outputs in each mode, compared here.

    Its weights are the grader's, so that what it answers at inference is known: noise from anywhere is not enough.
    """

    @property
    def title(self):
        """The sentence that is true when the check passes."""
        return f"{self.function}() gives a model that drops units in training and nowhere else"

    def observe(self, module, **inputs):
        """Two outputs in each mode."""
        import keras

        x, strip = inputs.pop("x"), inputs.pop("strip")
        model = self.apply(module, inputs)
        if not isinstance(model, keras.Model):
            return {"answer": as_value(model)}
        inject(model, strip)
        return {f"{mode} {i}": as_value(model(x, training=mode == "training")) for mode in ("inference", "training") for i in (1, 2)}

    def compare_values(self, actual, expected, inputs):
        """The same twice at inference, not the same in training."""
        form = next((s for name in expected if not name.startswith("effect") if (s := explain_form(actual[name], expected[name]))), "")
        if form:
            return form
        if not np.array_equal(actual["inference 1"], actual["inference 2"]):
            return "two calls with training=False give different outputs"
        sentence = explain_difference(actual["inference 1"], expected["inference 1"], rtol=1e-4, atol=1e-6)
        if sentence:
            return f"with the same weights as the reference, its output with training=False differs: {sentence}"
        same = np.isclose(actual["training 1"], actual["training 2"]).all(axis=1)
        if same.any():
            return f"two calls with training=True give the same output for {same.sum()} of {same.size} rows: nothing is dropped"
        return ""

    def call_text(self, inputs):
        """Two calls to compare."""
        call = super().call_text({name: value for name, value in inputs.items() if name not in ("x", "strip")})
        return f"model = {call}\nx = np.ones((1, {inputs['input_dim']}))\nprint(model(x, training=True), model(x, training=True))"


class Relations(Check):
    """The relations between four trained models that the docstring states; computed here from returned numbers."""

    MODELS = ("plain", "l2", "l1", "dropout")
    KEYS = ("train_acc", "test_acc", "kernel_l2", "near_zero")

    @property
    def title(self):
        """The sentence that is true when the check passes."""
        return f"{self.function}() shows what each regulariser does"

    def observe(self, module, **inputs):
        """The numbers of each model, and the first bytes of the figure."""
        import tempfile
        from pathlib import Path

        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / inputs["file"]
            results = self.apply(module, {"path": str(path)})
            figure = path.read_bytes() if path.is_file() else b""
        if not isinstance(results, dict):
            return {"answer": Odd(f"a {type(results).__name__}")}
        seen = {"figure": np.frombuffer(figure[:64], np.uint8)}
        for name in self.MODELS:
            entry = results.get(name)
            for key in self.KEYS:
                seen[f"{name}.{key}"] = as_value(entry.get(key)) if isinstance(entry, dict) else Odd("missing")
        return seen

    def compare_values(self, actual, expected, inputs):
        """Every number there and possible, then the relations."""
        for name, wanted in expected.items():
            form = "" if name == "figure" or name.startswith("effect") else explain_form(actual[name], wanted)
            if form:
                return f"`{name}`: {form}"
        r = {name: {key: float(actual[f"{name}.{key}"]) for key in self.KEYS} for name in self.MODELS}
        for name, numbers in r.items():
            for key, value in numbers.items():
                if not 0 <= value <= (1 if key != "kernel_l2" else np.inf):
                    return f"`{name}.{key}` is {value:g}, which it cannot be"
        plain = r["plain"]
        if plain["train_acc"] - plain["test_acc"] <= 0.1:
            return (
                f"the plain model does not overfit: it has {plain['train_acc']:.3f} on its training labels and "
                f"{plain['test_acc']:.3f} on test data; expected more than 0.1 between them"
            )
        gap = {name: numbers["train_acc"] - numbers["test_acc"] for name, numbers in r.items()}
        for name in ("l2", "l1", "dropout"):
            if gap[name] > gap["plain"] - 0.1:
                return (
                    f"{name} overfits like the plain model: train_acc - test_acc is {gap[name]:.3f}, and {gap['plain']:.3f} for plain; "
                    "expected at least 0.1 less"
                )
        best = max(("l2", "l1", "dropout"), key=lambda name: r[name]["test_acc"])
        if r[best]["test_acc"] < plain["test_acc"] + 0.02:
            gain = r[best]["test_acc"] - plain["test_acc"]
            return f"the best regulariser, {best}, changes the plain model's test_acc by {gain:+.3f}; expected at least +0.02"
        if r["l1"]["near_zero"] <= 0.6:
            return f"near_zero of l1 is {r['l1']['near_zero']:.2f}; expected more than 0.6: L1 makes weights sparse"
        if r["l2"]["kernel_l2"] >= 0.2 * plain["kernel_l2"]:
            share = r["l2"]["kernel_l2"] / plain["kernel_l2"] if plain["kernel_l2"] else np.nan
            return f"kernel_l2 of l2 is {share:.2f} of the plain model's; expected less than 0.2: L2 makes weights small"
        if bytes(actual["figure"][:8]) != b"\x89PNG\r\n\x1a\n":
            return "there is no PNG at `path`" if not actual["figure"].size else "the file at `path` is no PNG"
        return ""


# Cases -------------------------------------------------------------------------------------------------------------


def penalties(rng, **more):
    """Two matrices, their edge case of none, and a square one."""
    return {
        "two kernels": {"W1": draw(rng, 3, 4), "W2": draw(rng, 4, 2), **more},
        "float32": {"W1": draw(rng, 2, 3).astype(np.float32), "W2": draw(rng, 3, 3).astype(np.float32), **more},
        "large and small": {"W1": 100 * draw(rng, 2, 2), "W2": draw(rng, 2, 5) / 10, **more},
        "no weights": Case(more, gradient=False, trivial=True),
    }


def l2_weights(rng):
    return penalties(rng)


def l1_weights(rng):
    zeros = draw(rng, 3, 2)
    zeros[1, 0] = zeros[2, 1] = 0.0  # the stub states the gradient there
    return penalties(rng) | {"entries equal to 0": {"W1": zeros, "W2": draw(rng, 2, 2)}}


def elastic_weights(rng):
    plain = {"W1": draw(rng, 3, 4), "W2": draw(rng, 4, 2)}
    return penalties(rng, ratio=0.3) | {"ratio = 0": {**plain, "ratio": 0.0}, "ratio = 1": {**plain, "ratio": 1.0}}


def huber_weights(rng):
    def case(delta, dtype=np.float64):
        small, large = draw(rng, 2, 3, low=0.1, high=0.9), draw(rng, 3, 2, low=1.2, high=4)
        return {"W1": (small * delta).astype(dtype), "W2": (large * delta).astype(dtype), "delta": delta}

    plain = case(1.0)
    mixed = rng.permuted(np.stack([draw(rng, 3, high=0.35), draw(rng, 3, low=0.6, high=3)]), axis=0)
    joint = {"W1": np.array([[0.4, -0.4], [0.2, 1.0]]), "W2": draw(rng, 2, 2, low=0.5), "delta": 0.4}
    return {
        "default delta": {"W1": plain["W1"], "W2": plain["W2"]},
        "delta = 0.4": {"W1": mixed, "W2": draw(rng, 2, 2, low=0.5, high=2), "delta": 0.4},
        "delta = 2.5 in float32": case(2.5, np.float32),
        "at |w| = delta": Case(joint, gradient=False),  # forms that split |w| at delta have a tie there
        "no weights": Case({"delta": 0.4}, gradient=False, trivial=True),
    }


def losses(rng):
    y = rng.permutation([0, 1, 2, 2, 0, 1])
    x = draw(rng, 6, 4).astype(np.float32)
    plain = {"network": "plain", "x": x, "y": y, "strip": draw(rng, 211), "lam": 0.1, "kind": "l2"}
    return {
        "l2": plain,
        "l1": {**plain, "lam": 0.05, "kind": "l1"},
        "lam = 0": {**plain, "lam": 0.0},
        "l2 by default": {name: value for name, value in plain.items() if name != "kind"} | {"lam": 0.07},
        "every row twice": {**plain, "x": np.vstack([x, x]), "y": np.concatenate([y, y])},
        "batch normalization": {**plain, "network": "batch norm", "lam": 0.2},
        "layers with regularizers": {**plain, "network": "regularized", "lam": 0.03},
    }


def dropped(rng, test_is_trivial=False):
    def case(n, d, rate, training, dtype=np.float64):
        mask = (rng.uniform(size=(n, d)) >= rate).astype(dtype)
        mask[0, 0], mask[-1, -1] = 1, 0  # at least one of each
        given = {"mask": mask} if training else {}
        return {"x": draw(rng, n, d).astype(dtype), "rate": rate, "training": training, **given}

    plain, test = case(4, 3, 0.4, True), case(4, 3, 0.4, False)
    return {
        "given mask": plain,
        "test": Case(test, trivial=test_is_trivial),
        "given mask in float32": case(3, 5, 0.25, True, np.float32),
        "test in float32": Case(case(2, 5, 0.25, False, np.float32), trivial=test_is_trivial),
        "one axis": {"x": draw(rng, 5), "rate": 0.4, "training": True, "mask": np.array([1.0, 0.0, 1.0, 1.0, 0.0]), "seed": 3},
        "training at rate 0": Case({**case(3, 2, 0.0, False), "training": True}, trivial=True),
        "test at rate 0": Case(case(3, 2, 0.0, False), trivial=True),
        "rate = 1": Case({**test, "rate": 1.0}, raises="ValueError", trivial=True),
        "negative rate": Case({**plain, "rate": -0.1}, raises="ValueError", trivial=True),
    }


def dropped_inverted(rng):
    """At test time inverted dropout is the identity."""
    return dropped(rng, test_is_trivial=True)


def drawn_masks(rng):
    x = draw(rng, 160, 50)
    return {
        f"rate = {rate}": {"x": x.astype(dtype), "rate": rate, "seed": seed}
        for rate, dtype, seed in ((0.3, np.float64, int(rng.integers(1000))), (0.75, np.float32, 0))
    }


def batches(rng):
    def case(n, d, training, dtype=np.float64, **more):
        given = {
            "x": np.round(2 * draw(rng, n, d) + np.arange(d), 2), "gamma": draw(rng, d, low=0.5, high=2), "beta": draw(rng, d),
            "mean": draw(rng, d), "var": np.abs(draw(rng, d, low=0.4, high=3)),
        }  # fmt: skip
        return {name: value.astype(dtype) for name, value in given.items()} | {"training": training} | more

    constant = case(5, 3, True, momentum=0.9)
    constant["x"][:, 1] = 1.5
    return {
        "training": case(6, 3, True),
        "test": case(6, 3, False),
        "training in float32": case(4, 2, True, np.float32, momentum=0.8, eps=0.01),
        "test in float32": case(4, 2, False, np.float32, eps=0.01),
        "square": case(4, 4, True, momentum=0.7),  # N = D: statistics over the wrong axis do not change the shape
        "square at test": case(3, 3, False, momentum=0.7),
        "constant column": constant,
        "one row": Case(case(1, 3, True), trivial=True),
    }


def blocks(rng):
    def case(layer, layers, p_last, training, gate=None, dtype=np.float64):
        given = {"x": draw(rng, 2, 3).astype(dtype), "branch": draw(rng, 2, 3).astype(dtype)}
        return {**given, "layer": layer, "num_layers": layers, "p_last": p_last, "training": training} | ({} if gate is None else {"gate": gate})

    return {
        "gate open": case(2, 5, 0.4, True, 1.0),
        "gate closed": Case(case(2, 5, 0.4, True, 0.0), trivial=True),
        "first layer at test": case(1, 5, 0.4, False),
        "last layer at test": case(5, 5, 0.4, False),
        "test in float32": case(3, 4, 0.25, False, None, np.float32),
        "test with p_last = 1": case(3, 4, 1.0, False),
    }


def ensembles(rng):
    def probabilities(m, n, k, spread=1.5):
        e = np.exp(spread * rng.normal(size=(m, n, k)))
        return e / e.sum(axis=-1, keepdims=True)

    veto = np.round(probabilities(3, 2, 4), 2)
    veto[1, 0, 2] = 0.0
    veto /= veto.sum(axis=-1, keepdims=True)
    many = 1e-3 * rng.uniform(0.5, 1.5, (500, 2, 3))
    certain = np.geomspace(1e-300, 1e-298, 9).reshape(3, 1, 3)[:, :, rng.permutation(3)]
    certain[np.arange(3), 0, np.arange(3)] = 1.0
    W, b, x = rng.normal(size=(4, 3)), rng.normal(size=3), rng.normal(size=(5, 4))
    logits = np.stack([(x * mask) @ W + b for mask in itertools.product([0, 1], repeat=4)])  # all 2^4 dropout masks
    masks = np.exp(logits) / np.exp(logits).sum(axis=-1, keepdims=True)
    return {
        "three models": {"probs": np.round(probabilities(3, 4, 3), 3)},
        "square": {"probs": probabilities(3, 3, 3)},
        "500 models": {"probs": many},
        "a probability 0": {"probs": veto},
        "all dropout masks": {"probs": masks},
        "two models": {"probs": np.stack([(p := np.round(rng.uniform(0.1, 0.9, (2, 1)), 2)), 1 - p], axis=-1)},
        "each certain of another class": {"probs": certain},
    }


def regularized_networks(rng):
    x = draw(rng, 5, 3).astype(np.float32)
    return {
        "default": {"input_dim": 3, "num_classes": 4, "seed": 0, "x": x},
        "two hidden layers": {"input_dim": 3, "num_classes": 2, "hidden": (5, 4), "l1": 0.003, "l2": 0.02, "seed": 1, "x": x},
        "no hidden layer": {"input_dim": 3, "num_classes": 3, "hidden": (), "l1": 0.0, "l2": 0.05, "seed": 2, "x": x},
        "l1 only": {"input_dim": 3, "num_classes": 3, "hidden": (6,), "l1": 0.01, "l2": 0.0, "seed": 3, "x": x},
    }


def penalized_networks(rng):
    shared = {"input_dim": 3, "num_classes": 2, "l1": 0.0, "l2": 0.0, "strip": draw(rng, 43)}
    return {
        "l2": {**shared, "hidden": (5,), "l2": 0.05},
        "l1": {**shared, "hidden": (4, 3), "l1": 0.02},
        "both": {**shared, "hidden": (4,), "l1": 0.03, "l2": 0.01},
    }


def dropout_networks(rng):
    x = draw(rng, 5, 3).astype(np.float32)
    return {
        "default": {"input_dim": 3, "num_classes": 4, "seed": 0, "x": x},
        "two hidden layers": {"input_dim": 3, "num_classes": 2, "hidden": (6, 4), "rate": 0.3, "seed": 1, "x": x},
        "rate 0.25": {"input_dim": 3, "num_classes": 3, "hidden": (8,), "rate": 0.25, "seed": 2, "x": x},
    }


def random_networks(rng):
    rows, classes = (int(size) for size in rng.integers(4, 12, 2))
    x = np.abs(draw(rng, rows, 6)).astype(np.float32)
    sizes = {"input_dim": 6, "num_classes": classes, "hidden": (64,), "rate": 0.4}
    return {"rate 0.4": {**sizes, "seed": int(rng.integers(100)), "x": x, "strip": draw(rng, 211)}}


def experiment(rng):
    return {"four models": {"file": f"regularizers_{rng.integers(1000)}.png"}}


# Calls that need more than the function's arguments; they run in the worker ------------------------------------------


def make_network(kind, x, strip):
    """A small classifier of a kind, with the strip's numbers as weights."""
    import keras

    layers, regularizers = keras.layers, keras.regularizers
    hidden, last = {
        "plain": ([layers.Dense(5, activation="tanh")], None),
        "batch norm": ([layers.Dense(5), layers.BatchNormalization(), layers.Activation("tanh")], None),
        "regularized": ([layers.Dense(5, activation="tanh", kernel_regularizer=regularizers.L2(0.1))], regularizers.L1(0.05)),
    }[kind]
    model = keras.Sequential([keras.Input(x.shape[1:]), *hidden, layers.Dense(3, kernel_regularizer=last)])
    inject(model, strip)
    return model


def loss_and_gradients(module, network, x, y, strip, **arguments):
    """The loss, and its gradient with respect to every trainable variable."""
    import tensorflow as tf

    model = make_network(network, x, strip)
    with tf.GradientTape() as tape:
        loss = module.regularized_loss(model, tf.constant(x), tf.constant(y), **arguments)
    variables = [(f"layer {i} {v.name}", v) for i, layer in enumerate(model.layers) for v in layer.trainable_variables]
    found = tape.gradient(loss, [v.value for _, v in variables]) if tf.is_tensor(loss) else [None] * len(variables)
    return {"loss": loss} | {f"gradient.{name}": gradient_value(g) for (name, _), g in zip(variables, found, strict=True)}



def output_only(module, mean, var, **arguments):
    """The normalised batch without the state."""
    answer = module.batch_norm(**arguments, state={"mean": mean, "var": var})
    return answer[0] if isinstance(answer, tuple) else None


def penalty_of_model(module, strip, **arguments):
    """What the model's own losses add up to with the strip's numbers as weights."""
    model = module.build_regularized_mlp(**arguments)
    if not hasattr(model, "losses"):
        return model
    inject(model, strip)
    return {"sum(model.losses)": sum(model.losses), "number of regularised weights": len(model.losses)}


assignment = Assignment(
    title="Regularisation",
    files=["regularization.py"],
    imports=("tensorflow", "keras"),
    checks=[
        Penalty(
            "l2_penalty", wrt=("W1", "W2"), exact_dtype=False, on=l2_weights, points=10,
            hint="Square every entry, add everything up, over all matrices (eq. 2).",
            why="makes weights small",
        ),
        Penalty(
            "l1_penalty", wrt=("W1", "W2"), exact_dtype=False, on=l1_weights, points=8,
            hint="The size of every entry counts, its sign does not (eq. 3).",
            why="makes weights zero",
        ),
        Outputs(
            "regularized_loss", on=losses, points=22, imports=("tensorflow",), call=loss_and_gradients, order=("loss", "gradient"),
            depends=("l2_penalty", "l1_penalty"),
            hint="The mean over the samples, plus lam times the penalty of the kernels, and nothing else (eq. 1).",
            why="data and penalty in one loss",
        ),
        Gradients(
            "inverted_dropout", wrt=("x",), on=dropped_inverted, points=12, label="outputs",
            hint="Training drops and scales up, so that the mean stays; test does nothing (eq. 7).",
            why="dropout as libraries have it",
            levels=(
                "Each entry of x survives with probability 1 - rate. What is the mean of x * mask, and what should it be?",
                "At test time nothing happens (eq. 7). So scale in training: by which number must x * mask be divided, so "
                "that its mean is x?",
                "training: x * mask / (1 - rate); test: x.",
            ),
        ),
        ScaledMask(
            "inverted_dropout", on=drawn_masks, points=8, label="mask", imports=("tensorflow",),
            hint="One random number for each entry of x, from the seed; rate is the probability to drop.",
        ),
        Normalization(
            "batch_norm", wrt=("x", "gamma", "beta"), on=batches, points=26, call=output_only, atol=1e-7,
            rules=(Forbid("keras.layers", "tf.nn.batch_normalization", "tf.nn.fused_batch_norm", "keras.ops.batch_normalization",
                          "tf.compat", why="write the two lines of the definition"),),
            hint="Statistics of each column while training, the kept ones at test time; one formula for both (eq. 8, 9).",
            why="what training and test do differently",
            levels=(
                "What do you do to a column of numbers so that its mean is 0 and its variance 1? And how could a layer undo "
                "this, if that were better?",
                "Eq. 8 with the batch's own mean and variance; at test time the same line with the stored ones. Eq. 9 moves "
                "the stored ones a little towards the batch's: momentum is the share of the old.",
                "y = gamma (x - mu)/sqrt(var + eps) + beta; new state = momentum*state + (1-momentum)*(mu, var).",
            ),
        ),
        Architecture(
            "build_dropout_mlp", on=dropout_networks, points=10, seeded=True,
            hint="Dense, Dropout, Dense, Dropout, …, and logits at the end (eq. 13).",
            why="dropout at work in a model",
        ),
        Randomness(
            "build_dropout_mlp", on=random_networks, points=4, label="randomness", imports=("tensorflow", "keras"),
            hint="keras.layers.Dropout is active while training only, if it is left to the training argument.",
        ),
        Penalty(
            "elastic_net_penalty", wrt=("W1", "W2"), exact_dtype=False, on=elastic_weights, points=2, stretch=True, depends=("l2_penalty", "l1_penalty"),
            hint="ratio = 1 has to be the L1 penalty, ratio = 0 the L2 penalty (eq. 4).",
            why="the two penalties mixed",
        ),
        Penalty(
            "huber_penalty", wrt=("W1", "W2"), exact_dtype=False, on=huber_weights, points=3, stretch=True,
            hint="Draw h(w): at |w| = delta the two pieces have to meet in value and in slope (eq. 5).",
            why="a third penalty",
        ),
        Gradients(
            "slide_dropout", wrt=("x",), on=dropped, points=3, stretch=True, label="outputs",
            hint="Training drops and does not scale; test scales and does not drop (eq. 6).",
            why="dropout in another form",
        ),
        Mask(
            "slide_dropout", on=drawn_masks, points=2, stretch=True, label="mask", imports=("tensorflow",),
            hint="One random number for each entry of x, from the seed; rate is the probability to drop.",
        ),
        Outputs(
            "stochastic_depth", on=blocks, points=3, stretch=True, imports=("tensorflow",), tensors=True, exact_dtype=True,
            hint="x always passes; only the branch is gated or weighed (eq. 10).",
            why="dropout for whole blocks",
        ),
        Outputs(
            "geometric_mean_ensemble", on=ensembles, points=4, stretch=True, rtol=1e-9, atol=1e-12,
            hint="The logarithm of a geometric mean is a mean of logarithms (eq. 11).",
            why="a numerical refinement: products without underflow",
        ),
        Architecture(
            "build_regularized_mlp", on=regularized_networks, points=3, stretch=True, seeded=True,
            hint="Every Dense kernel carries the regulariser, the last one too; the model ends in logits (eq. 12).",
            why="the penalties again, with a tool",
        ),
        Outputs(
            "build_regularized_mlp", on=penalized_networks, points=2, stretch=True, call=penalty_of_model, rtol=1e-4, label="penalty",
            see="build_regularized_mlp({input_dim}, {num_classes}, {hidden}, l1={l1}, l2={l2}).losses",
            hint="sum(model.losses) has to be l1 sum|W| + l2 sum W^2 over all kernels.",
        ),
        Relations(
            "experiment_regularizers", on=experiment, points=4, stretch=True, timeout=120, imports=("tensorflow", "keras", "sklearn.datasets", "matplotlib.figure"),
            depends=("build_regularized_mlp", "build_dropout_mlp"), see="experiment_regularizers({file})",
            hint="Random labels on the training part only, every model the same data, a fresh optimizer for each.",
            why="an experiment with finished models",
        ),
    ],
)  # fmt: skip
