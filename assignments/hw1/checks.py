"""hw1: perceptrons, linear models and what they cannot do.

Inputs are drawn anew for each seed. What a perceptron sees are multiples of 1/4: sums of them are exact, so that a point
on the boundary is on it in whatever order a student adds up, and a training run takes the same steps everywhere.
An edge case whose answer is trivial (no rows, no error) is asked together with one whose answer is not.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from autograder import (
    Architecture,
    Assignment,
    Case,
    Forbid,
    ForbidLoops,
    Outputs,
    Require,
    draw,
    explain_form,
    flatten,
    raised_by,
)

ROWS = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
GATES = {"and": (0, 0, 0, 1), "or": (0, 1, 1, 1), "nand": (1, 1, 1, 0), "nor": (1, 0, 0, 0), "xor": (0, 1, 1, 0)}


def quarters(rng, *shape, high=2.0):
    """Multiples of 1/4 of either sign, away from 0."""
    return np.array(rng.integers(1, int(4 * high) + 1, shape) / 4 * rng.choice([-1.0, 1.0], shape))


# Cases -------------------------------------------------------------------------------------------------------------


def rows(rng):
    def both_classes(n, d):
        """Rows of which at least two lie on either side, and would without the bias, or with a whole one, be labelled otherwise."""
        while True:
            X, w, b = quarters(rng, n, d), quarters(rng, d), float(quarters(rng))
            positive = X @ w + b > 0
            if (X @ w + b == 0).any():  # the boundary is a case of its own
                continue
            others = [X @ w > 0, X @ w + round(b) > 0] if n >= 20 else [X @ w > 0]
            if 2 <= positive.sum() <= n - 2 and all((positive != other).any() for other in others):
                return {"X": X, "w": w, "b": b}

    w = rng.choice([-2.0, -1.0, 1.0, 2.0], 2)
    across = rng.permutation(np.append([0, 1, 2], rng.integers(0, 3, 6)))  # 1: on the boundary, 2: class 1, 0: class 0
    ties = np.outer(across, w) + np.outer(quarters(rng, 9), [w[1], -w[0]])
    return {
        "random rows": both_classes(30, 3),
        "as many rows as columns": both_classes(4, 4),
        "rows on the boundary": {"X": ties, "w": w, "b": -float(w @ w)},
        "no rows": both_classes(5, 3) | {"empty": np.zeros((0, 3))},
        "whole numbers": {"X": rng.integers(-6, 7, (8, 3)), "w": rng.integers(1, 5, 3), "b": int(rng.integers(-4, 5)) + 0.25},
    }


def batches(rng):
    return {
        "batch": {"X": draw(rng, 4, 3)},
        "as many rows as columns": {"X": draw(rng, 3, 3)},
        "whole numbers": {"X": rng.integers(1, 9, (3, 2))},
        "one sample": {"X": draw(rng, 3)},
        "one sample of whole numbers": {"X": rng.integers(1, 9, 4)},
        "no rows": {"X": draw(rng, 2, 4), "empty": np.zeros((0, 4))},
    }


def gates(rng):
    """Two gates at a time, so that one pair of weights for everything is never right; which two is drawn.

    There are four names, so that who knows them all has written the function. What else is asked for is drawn.
    """
    one, two, three, four = (str(gate) for gate in rng.permutation(["and", "nand", "or", "nor"]))
    unknown = [f"{word}{number}" for word, number in zip(rng.permutation(["implies", "xnor", "not", "iff"]), rng.integers(2, 99, 4), strict=True)]
    return {
        "two gates": {"gates": [one, two]},
        "the two others": {"gates": [three, four]},
        "xor": {"gates": [four, "xor", unknown[0]]},
        "unknown gate": {"gates": [two, unknown[1]]},
    }


def truth_table(rng):
    def shuffled(n):
        """The four rows and n - 4 random ones, in a random order."""
        return rng.permutation(np.vstack([ROWS, rng.integers(0, 2, (n - 4, 2))]))

    return {
        "truth table": {"X": shuffled(9)},
        "50 random rows": {"X": shuffled(50)},
        "made of perceptrons": {"X": shuffled(10), "watched": True},
        "made of perceptrons (random rows)": {"X": shuffled(14), "watched": True},
    }


def samples(rng):
    """One sample that is classified wrongly, and one that is right and changes nothing."""

    def case(score, y, other_score, other_y, **lr):
        """Two samples with the asked values of w.x."""
        w = quarters(rng, 4)
        w[0] = rng.choice([-1.0, 1.0])  # x[0] = 1 is given; w[1] = 1 or -1 lets x[1] bring about any w.x
        w[1] = rng.choice([-1.0, 1.0])
        x, right = (np.array([1.0, 0.0, *quarters(rng, 2)]) for _ in range(2))
        x[1], right[1] = (score - w @ x) * w[1], (other_score - w @ right) * w[1]
        return Case({"w": w, "x": x, "y": y, **lr, "right": right, "right_y": other_y}, writable=("w",))

    near, far = 0.25, 1.5
    def sample():
        return np.array([1.0, *quarters(rng, 2)])

    start = {"w": np.zeros(3), "x": sample(), "y": 1, "lr": float(rng.integers(2, 9)) / 4, "right": sample(), "right_y": 0}
    return {
        "answers 0 for a 1": case(-far, 1, far, 1, lr=1.0),
        "answers 1 for a 0": case(far, 0, -far, 0),
        "just on the other side": case(near, 0, -near, 0),
        "another lr": case(-near, 1, near, 1, lr=0.25),
        "another lr for a 0": case(near, 0, -near, 0, lr=2.5),
        "on the boundary": case(0.0, 1, 0.0, 0),
        "w = 0": Case(start, writable=("w",)),

    }


def runs(rng):
    def blobs(n, d):
        """Points on either side of a line that keeps its distance from all of them."""
        while True:
            X, w, b = quarters(rng, n, d, high=3), quarters(rng, d), float(quarters(rng, high=5))
            score = X @ w + b
            y = (score > 0).astype(int)
            if 0.25 <= np.abs(score).min() <= 0.75 and abs(b) > 2 and 2 <= y.sum() <= n - 2:
                return {"X": X, "y": y}

    def table(gate, **more):
        """The rows of a gate in a random order, each column in a unit of its own."""
        order = rng.permutation(4)
        return {"X": ROWS[order] * quarters(rng, 2), "y": np.array(GATES[gate])[order], **more}

    return {
        "AND": table("and"),
        "AND with another lr": table("and", lr=0.25 * int(rng.choice([2, 3, 5, 6]))),
        "blobs": blobs(12, 2),
        "blobs with lr 0.5": blobs(10, 3) | {"lr": 0.5},
        "XOR for a few epochs": table("xor", max_epochs=int(rng.integers(5, 15))),
        "XOR for 100 epochs": table("xor"),
        "no rows": table("or", empty=np.zeros((0, 2))),
    }


def errors(rng):
    return {
        "vector": {"y_true": draw(rng, 6), "y_pred": draw(rng, 6)},
        "matrix": {"y_true": draw(rng, 4, 3), "y_pred": draw(rng, 4, 3)},
        "whole numbers": {"y_true": rng.integers(-9, 0, 5), "y_pred": rng.integers(1, 9, 5)},
        "one number": {"y_true": draw(rng, 1), "y_pred": draw(rng, 1, low=2, high=3)},
        "(N,) and (N, 1)": {"y_true": draw(rng, 3), "y_pred": draw(rng, 3), "bad_true": np.zeros(3), "bad_pred": np.zeros((3, 1))},
        "(N, K) and (K,)": {"y_true": draw(rng, 2, 3), "y_pred": draw(rng, 2, 3), "bad_true": np.ones((2, 3)), "bad_pred": np.ones(3)},
        "no numbers": {"y_true": draw(rng, 2), "y_pred": draw(rng, 2), "bad_true": np.zeros(0), "bad_pred": np.zeros(0)},
    }


def points(rng):
    def case(n, d):
        return {"X": draw(rng, n, d, high=3), "y": draw(rng, n, high=4)}

    doubled = case(7, 2)
    doubled["X"] = doubled["X"][:, [0, 1, 0]]
    return {
        "line": case(8, 1),
        "plane": case(10, 3),
        "as many points as unknowns": case(3, 2),
        "whole numbers": {"X": rng.permutation(9)[:5].reshape(5, 1), "y": rng.permutation(9)[:5]},
        "a column twice": doubled,
        "fewer points than unknowns": case(3, 4),
    }


def units(rng):
    return {
        "2 inputs": {"input_dim": 2, "x": draw(rng, 4, 2).astype(np.float32)},
        "5 inputs": {"input_dim": 5, "x": draw(rng, 3, 5).astype(np.float32)},
        "1 input": {"input_dim": 1, "x": draw(rng, 3, 1).astype(np.float32)},
    }


def folded_weights(rng):
    """More rows than weights, so that the probabilities tell every weight."""
    return {
        "weights given": {"input_dim": 3, "weights": quarters(rng, 4), "x": quarters(rng, 6, 3)},
        "two inputs": {"input_dim": 2, "weights": quarters(rng, 3), "x": ROWS},
        "one input": {"input_dim": 1, "weights": quarters(rng, 2), "x": quarters(rng, 4, 1)},
    }


def experiments(rng):
    """AND is learnt in epoch 6 and OR in epoch 4, though all rows are right one epoch before; how many XOR takes is drawn.

    What does not move with the seed, fewer epochs and the default, is asked together with what does.
    """
    many, more = (int(n) for n in rng.permutation(60)[:2] + 7)
    return {
        "many epochs": {"max_epochs": [many], "picture": True},
        "few epochs": {"max_epochs": [3, more], "picture": False},
        "five epochs": {"max_epochs": [5, many + 60], "picture": False},
        "as many epochs as by default": {"max_epochs": [None, more + 60], "picture": False},
    }


# Calls that need more than the function's arguments; they run in the worker ------------------------------------------


def also_without_rows(function, *others):
    """Call `function` with X, and, where a case has an `empty` one, with that as well."""

    def call(module, X, empty=None, **rest):
        answer = getattr(module, function)(X, **rest)
        if empty is None:
            return answer
        return {f"{len(X)} rows": answer, "no rows": getattr(module, function)(empty, **rest)}

    return call


def both_samples(module, w, x, y, right, right_y, **lr):
    """The weights after a sample that was wrong, and after one that was right; and whether those are a new array."""
    another = w.copy()  # as it was, should the first call change it
    wrong, unchanged = module.perceptron_step(w, x, y, **lr), module.perceptron_step(another, right, right_y, **lr)
    return {
        "after a wrong sample": wrong,
        "after a right sample": unchanged,
        "the array that is returned": "the one that was given" if unchanged is another or wrong is w else "a new one",
    }


def trained(module, X, y, empty=None, **settings):
    """The run on X, or that and the one on no rows."""
    answer = module.train_perceptron(X, y, **settings)
    if empty is None:
        return answer
    other = module.train_perceptron(empty, y[:0])
    if not all(isinstance(pair, tuple) and len(pair) == 2 for pair in (answer, other)):
        return answer
    return {"four rows": answer[0], "no rows": other[0]}, {"four rows": answer[1], "no rows": other[1]}


def error_or_refusal(module, y_true, y_pred, bad_true=None, bad_pred=None):
    """The error of the first two; what is raised for the other two."""
    answer = module.mean_squared_error(y_true, y_pred)
    if bad_true is None:
        return answer
    return {"error": answer, f"raised for shapes {bad_true.shape} and {bad_pred.shape}": raised_by(module.mean_squared_error, bad_true, bad_pred)}


def loaded(module, input_dim, weights, x):
    """What the model answers with the given weights."""
    model = module.build_perceptron(input_dim, weights)
    return {"model(x)": np.asarray(model(x))} if callable(model) else model


def drawn(module, picture, max_epochs):
    """The numbers of the experiment for each number of epochs, None for the default; and what became of the pictures."""
    import tempfile
    from pathlib import Path

    flat = {}
    for epochs in max_epochs:
        path = Path(tempfile.mkdtemp()) / "boundaries.png"
        most = {} if epochs is None else {"max_epochs": epochs}
        found = module.experiment_linear_vs_xor(*([str(path)] if picture else []), **most)
        if not isinstance(found, dict) or not all(isinstance(numbers, dict) for numbers in found.values()):
            return found
        about = f" (max_epochs={epochs})" if epochs else ""
        flat |= {f"{gate}.{name}{about}": number for gate, numbers in found.items() for name, number in numbers.items()}
        flat |= {f"picture{about}": kind_of(path)} if picture else {}
    return flat


def kind_of(path):
    """What a file is: a picture of more than one colour, or why it is not."""
    if not path.is_file():
        return "no file"
    if path.read_bytes()[:8] != b"\x89PNG\r\n\x1a\n":
        return "a file that is no PNG"
    import matplotlib.image

    pixels = matplotlib.image.imread(path)
    return "a PNG picture" if np.ptp(pixels, axis=(0, 1)).any() else "an empty picture"


# Kinds of checks -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Gates(Outputs):
    """Weights that may differ while all are right: what counts are the labels of the four rows."""

    def observe(self, module, gates):
        """The weights of each gate, or what is raised where there are none."""
        seen = {}
        for gate in gates:
            if gate in GATES and gate != "xor":
                seen |= {f"{gate}.{name}": value for name, value in self.parts(self.apply(module, {"gate": gate})).items()}
            else:
                seen[gate] = raised_by(module.gate_weights, gate)
        return seen

    def parts(self, answer):
        return flatten(answer, ("w", "b"))

    def compare_names(self, actual, expected):
        for gate in GATES:
            odd = actual.get(f"{gate}.answer")
            if odd is not None:
                return f"for {gate!r} it is {odd.what}"
        return super().compare_names(actual, expected)

    def compare_values(self, actual, expected, inputs):
        for gate in inputs["gates"]:
            if gate in expected:
                if actual[gate] != "ValueError":
                    return f"for {gate!r}, {'no error' if actual[gate] == 'no error' else actual[gate]} was raised; expected ValueError"
                continue
            w, b = actual[f"{gate}.w"], actual[f"{gate}.b"]
            for name, value, shape in (("w", w, (2,)), ("b", b, ())):
                if not isinstance(value, np.ndarray) or value.shape != shape:
                    return f"for {gate!r}, `{name}`: {self.form(value, expected[f'{gate}.{name}'])}"
                if value.dtype.kind not in "biuf":
                    return f"for {gate!r}, `{name}` holds no real numbers. Received: values of the type {value.dtype.name}"
            labels = tuple(int(label) for label in ROWS @ w + b > 0)
            if labels != GATES[gate]:
                return f"for {gate!r} these weights label the rows (0,0), (0,1), (1,0), (1,1) with {words(labels)}; expected {words(GATES[gate])}"
        return ""

    def form(self, value, expected):
        return explain_form(value, expected)

    def call_text(self, inputs: Mapping):
        return "; ".join(f"gate_weights({gate!r})" for gate in inputs["gates"])


def words(labels):
    return ", ".join(str(label) for label in labels)


PERCEPTRONS = "how many perceptrons answered"
ALL_ONES = "labels if every perceptron answered 1"


@dataclass(frozen=True)
class MadeOfPerceptrons(Outputs):
    """The labels, and whether they follow from what `perceptron_predict` answers: if every perceptron said 1, no row
    could be told from another."""

    def observe(self, module, X, watched=False):
        if not watched:
            return super().observe(module, X=X)
        answers, original = [], module.perceptron_predict

        def all_ones(*arguments, **named):
            answers.append(np.ones_like(original(*arguments, **named)))
            return answers[-1]

        seen = {f"{name}": value for name, value in super().observe(module, X=X).items()}
        module.perceptron_predict = all_ones
        try:
            seen[ALL_ONES] = next(iter(super().observe(module, X=X).values()))
        finally:
            module.perceptron_predict = original
        return seen | {PERCEPTRONS: np.array(len(answers))}

    def explain(self, name, actual, expected, inputs):
        if name == PERCEPTRONS:
            few = int(actual) < 3
            return f"{int(actual)} call{'' if actual == 1 else 's'} of perceptron_predict; expected at least 3, two hidden units and one on top" if few else ""
        if name == ALL_ONES:
            follow = not isinstance(actual, np.ndarray) or (actual.size and np.ptp(actual))
            return "the labels do not come from perceptron_predict: they stay as they are when it is made to answer 1 for every row" if follow else ""
        return super().explain(name, actual, expected, inputs)

    def about(self, name, sentence):
        return sentence if name in (PERCEPTRONS, ALL_ONES) else super().about(name, sentence)

    def call_text(self, inputs):
        return super().call_text({"X": inputs["X"]})


@dataclass(frozen=True)
class Run(Outputs):
    """A run of the learning rule: the first epoch that differs says what is wrong, everything after follows from it."""

    def explain(self, name, actual, expected, inputs):
        sentence = super().explain(name, actual, expected, inputs)
        if not sentence or not name.startswith("mistakes") or not isinstance(actual, np.ndarray):
            return sentence
        if actual.ndim != 1 or actual.dtype.kind not in "iu":
            return sentence
        for epoch, (count, wanted) in enumerate(zip(actual.tolist(), expected.tolist(), strict=False), 1):
            if count != wanted:
                return f"epoch {epoch} has {count} mistake{'s' * (count != 1)}; expected {wanted}"
        return f"the list has {len(actual)} epochs; expected {len(expected)}"


BY_HAND = Forbid("sklearn", "scipy", "keras", "tensorflow", why="write it with NumPy")

assignment = Assignment(
    title="Perceptrons and linear models",
    files=["perceptron.py"],
    checks=[
        Outputs(
            "perceptron_predict", on=rows, points=14, call=also_without_rows("perceptron_predict"),
            see="perceptron_predict({empty|X}, {w}, {b})", exact_dtype=True,
            rules=(BY_HAND, ForbidLoops("X", why="one product does it"), Forbid("vectorize", "apply_along_axis", "map", why="these are loops over the rows; one product does it")),
            hint="One product of X and w gives all scores; then compare them with 0 (handout, eq. 1).",
            why="the rule that everything here is about",
        ),
        Outputs(
            "fold_bias", on=batches, points=8, call=also_without_rows("fold_bias"), see="fold_bias({empty|X})", exact_dtype=True,
            rules=(BY_HAND,),
            hint="x_0 = 1 stands in front, in a new array of floats (handout, eq. 2).",
            why="after it, no formula has to mention the bias",
        ),
        Gates(
            "gate_weights", on=gates, points=12,
            rules=(BY_HAND,),
            hint="Draw the four points and a line between the two classes, then read w and b off it (handout, eq. 3).",
            why="what one straight line can do",
        ),
        MadeOfPerceptrons(
            "xor_from_gates", on=truth_table, points=14, exact_dtype=True, depends=("perceptron_predict", "gate_weights"),
            rules=(
                BY_HAND,
                Require("perceptron_predict", why="XOR is to be built from perceptrons"),
                Forbid(
                    "logical_xor", "bitwise_xor", "not_equal", "mod", "remainder", "fmod", "abs", "absolute", "fabs", "xor",
                    why="build it from perceptrons",
                ),
            ),
            hint="Write down what two hidden units answer for each of the four rows, and let a third one look at them (eq. 4).",
            why="what two layers can do",
        ),
        Outputs(
            "perceptron_step", on=samples, points=14, call=both_samples, see="perceptron_step({w}, {x}, {y}{lr=})",
            order=("after a wrong sample", "after a right sample", "the array that is returned"), rtol=1e-9,
            rules=(BY_HAND,),
            hint="Work one sample out on paper: what is y - yhat, and which way does w move? (eq. 5)",
            why="the learning rule",
            levels=(
                "Look at one row of each kind: right, 0 in place of 1, and 1 in place of 0. On which side of the line does "
                "it lie, and to which side must its score w.x move?",
                "In eq. 5, c is one number for each kind. If the row is added to w, its score grows by lr x.x. What are c "
                "for the three kinds, and which difference of y and yhat has just these values?",
                "yhat = 1 if w.x > 0 else 0;  w_new = w + lr * (y - yhat) * x.",
            ),
        ),
        Run(
            "train_perceptron", on=runs, points=20, call=trained, returns=("w", "mistakes"), order=("mistakes", "w"),
            rtol=1e-9, see="train_perceptron({X}, {y}{lr=}{max_epochs=})", depends=("fold_bias", "perceptron_step"),
            rules=(BY_HAND,),
            hint="The handout has the whole run on AND: compare w after each row and the mistakes of each epoch (eq. 6).",
            why="the rule at work, epoch after epoch",
        ),
        Outputs(
            "linear_regression_fit", on=points, points=18, returns=("w", "b"), rtol=1e-6, depends=("fold_bias",),
            rules=(BY_HAND, Forbid("polyfit", "numpy.polynomial", why="it fits polynomials of one variable")),
            hint="Fold the bias in and solve one least-squares problem; think of what to do when X^T X has no inverse (eq. 8).",
            why="the same sum without a threshold",
        ),
        Outputs(
            "mean_squared_error", on=errors, points=3, stretch=True, call=error_or_refusal, see="mean_squared_error({bad_true|y_true}, {bad_pred|y_pred})", rtol=1e-7,
            rules=(BY_HAND,),
            hint="Square each error, then average over all of them; before that, look at the shapes (eq. 7).",
            why="a definition; hw4 measures with it again",
        ),
        Architecture(
            "build_perceptron", on=units, points=4, stretch=True,
            hint="Compare build_perceptron(2).summary() with the handout: one unit, 3 parameters (eq. 9).",
            why="the same unit once more, with a tool",
        ),
        Outputs(
            "build_perceptron", on=folded_weights, points=2, stretch=True, label="weights", call=loaded, imports=("tensorflow", "keras"),
            see="build_perceptron({input_dim}, {weights}).get_weights()",
            hint="Entry 0 of the folded vector is the bias, the others are the column of the kernel (eq. 9).",
        ),
        Outputs(
            "experiment_linear_vs_xor", on=experiments, points=6, stretch=True, call=drawn, depends=("perceptron_predict", "train_perceptron"),
            imports=("matplotlib.pyplot",), see="for epochs in {max_epochs}:\n    print(experiment_linear_vs_xor('boundaries.png', max_epochs=epochs or 50))", timeout=30,
            hint="The numbers follow from the list of mistakes and from the labels of the four rows after training.",
            why="an experiment with finished functions",
        ),
    ],
)  # fmt: skip
