"""hw7: the clinic: ten programs that run and learn badly, to be named and repaired.

A repair is judged by what the program reaches on data that it has not seen, and by a probe of its own. Whatever reaches it is
right: no line, no rate and no optimizer is asked for. Each bound lies between what the healthy and the ill program reach, with every
seed that was tried: `tests/assignments/test_hw7_harm.py` says how many, and how far off they were.
"""

from __future__ import annotations

import difflib
from dataclasses import KW_ONLY, dataclass

import numpy as np

from autograder import Assignment, Case, Check, Odd, as_value, explain_form, symptoms
from dlkit import datasets

FAULTS = (
    "dead ReLUs",
    "equal weights",
    "gradients add up",
    "inference mode in training",
    "labels apart from the inputs",
    "leak of held-out rows",
    "learning rate too high",
    "learning rate too low",
    "metric of the wrong kind",
    "no gradient",
    "overfitting",
    "saturated units",
    "softmax twice",
    "test set chooses",
    "unscaled inputs",
    "vanishing gradient",
)
PROGRAMS = (
    "price_flats", "trace_wave", "sort_wines", "read_signs", "screen_patients",
    "grade_apples", "filter_letters", "spot_beams", "sort_stamps", "read_sensors",
)  # fmt: skip
STRETCH = {"trace_wave", "filter_letters", "read_sensors"}  # programs that may stay without a name
UNNAMED, UNKNOWN = -1, -2  # in place of the number of a fault; below, the nearest fault of a name that is not in the list
STEPS = {"price_flats": 300, "trace_wave": 400, "sort_wines": 200}  # more steps are no repair


# Kinds of questions of this assignment ------------------------------------------------------------------------------


class Names(Check):
    """The names of some faults, by their numbers in the list. How many are right is told, and not which."""

    told_by_sentence = False

    @property
    def title(self):
        """The sentence that is true when the check passes."""
        return f"{self.function}() names the fault of each program"

    def observe(self, module, **inputs):
        """The numbers of the faults that are named for these programs."""
        named = self.apply(module, {})
        if not isinstance(named, dict):
            return {"answer": Odd(f"a {type(named).__name__}, not a dict")}
        return {"names": np.array([numbered(named.get(program, "")) for program in inputs["programs"]])}

    def compare_values(self, actual, expected, inputs):
        """What is missing or not in the list is told with its program; of wrong names, how many there are."""
        form = explain_form(actual["names"], expected["names"])
        if form:
            return form
        named = {
            program: (found, wanted)
            for program, found, wanted in sorted(
                zip(inputs["programs"], actual["names"], expected["names"], strict=True), key=lambda one: PROGRAMS.index(one[0])
            )
            if found != UNNAMED or program not in STRETCH
        }
        for program, (found, _) in named.items():
            if found <= UNNAMED:
                return f"`{program}` {unlisted(int(found))}"
        right = sum(found == wanted for found, wanted in named.values())
        programs = " and ".join(f"`{program}`" for program in named)
        if right == len(named):
            return ""
        return f"{right} of {len(named)} names are right, of {programs}" if len(named) > 1 else f"the name of {programs} is not right"

    def call_text(self, inputs):
        """No call: it would show what is written there."""
        return ""


def numbered(name):
    """The number of a fault, from its name as a student wrote it."""
    numbers = {fault.casefold(): number for number, fault in enumerate(FAULTS)} | {"": UNNAMED}
    written = str(name).strip().casefold()
    near = difflib.get_close_matches(written, [fault.casefold() for fault in FAULTS], n=1)
    return numbers.get(written, UNKNOWN - 1 - numbers[near[0]] if near else UNKNOWN)


def unlisted(number):
    """What is told of a program that has no name, or one that is not in the list."""
    if number == UNNAMED:
        return "has no name yet"
    near = f'; the nearest is "{FAULTS[UNKNOWN - 1 - number]}"' if number < UNKNOWN else ""
    return f"has a name that is not one of FAULTS{near}"


def entry_of(chart, name):
    """One entry of a chart; where it is missing, which ones there are."""
    has = ", ".join(f"`{key}`" for key in list(chart)[:5]) or "nothing"
    return as_value(chart[name]) if name in chart else Odd(f"missing: the chart has {has}")


@dataclass(frozen=True)
class Repaired(Check):
    """A program as it comes back from the clinic: what it reaches on new data, and whether its probe is quiet.

    The labels of the new data stay in the grader, which computes the measure from returned predictions.

    Attributes:
        least: what it has to reach.
    """

    JUDGED = Check.JUDGED | {"least"}
    _: KW_ONLY
    least: float = 0.9
    told_by_sentence = False  # many programs are right about 48 % of the labels, for as many reasons
    measured = "of the new labels are right"

    @property
    def title(self):
        """The sentence that is true when the check passes."""
        return f"{self.function}() learns what it is there for"

    def observe(self, module, **inputs):
        """What the program says of new data, and what its probe needs."""
        chart = self.apply(module, inputs)
        if not isinstance(chart, dict):
            return {"answer": as_value(chart)}
        return {"predictions": entry_of(chart, "predictions")}

    def compare_values(self, actual, expected, inputs):
        """Form, then the measure, then the probe."""
        for name in (name for name in expected if not name.startswith("effect")):
            form = explain_form(actual[name], expected[name]) if name not in self.FREE else ""
            if form:
                return self.about(name, form)
            if not np.isfinite(actual[name]).all():
                return f"{int((~np.isfinite(actual[name])).sum())} of {actual[name].size} entries of `{name}` are nan or infinite"
        reached = self.measure(actual, inputs)
        if not reached >= self.least:
            return f"{self.said(reached)}; a healthy program reaches at least {self.least:.0%}"
        return self.probe(actual, inputs)

    FREE = ()  # entries whose shape hangs on how the program is written

    def said(self, reached):
        """The measure in words."""
        return f"{reached:.0%} {self.measured}"

    def measure(self, actual, inputs):
        """The share of right labels."""
        return np.mean(np.asarray(actual["predictions"]) == inputs["y_new"])

    def probe(self, actual, inputs):
        """What is still ill, in one sentence; "" where the probe is quiet."""
        return ""

    SHOWN = '(chart["predictions"] == y_new).mean()'  # the measure, for a student to copy

    def call_text(self, inputs):
        """A call with data of the same kind, which students have, and what it reaches."""
        order = "X, X_new, y, y_new"
        data = {"filter_letters": "X, y, X_new, y_new", "spot_beams": "X, y", "read_sensors": "X, y"}.get(self.function, "X, y, X_new")
        lines = [f'{order} = datasets.clinic("{self.function}")', f"chart = {self.function}({data})", f"print({self.SHOWN})"]
        return "\n".join(["from dlkit import datasets", *lines])


class Explains(Repaired):
    """The share of the variance of new values that predictions explain."""

    measured = "of the variance of new values is explained"
    SHOWN = '1 - ((chart["predictions"] - y_new) ** 2).mean() / y_new.var()'

    def measure(self, actual, inputs):
        """R^2, which is below 0 for what is worse than the mean of the new values."""
        y = inputs["y_new"]
        return 1 - np.mean((actual["predictions"] - y) ** 2) / np.var(y)

    def said(self, reached):
        """Below 0, how large the error is."""
        if reached >= 0:
            return super().said(reached)
        return f"the mean squared error is {1 - reached:.3g} times the variance of the new values, so nothing of it is explained"


class Balanced(Repaired):
    """The mean of the shares of right answers in both groups."""

    measured = "is the mean of the shares of right answers among the ill and the healthy"
    SHOWN = '[(chart["predictions"][y_new == group] == group).mean() for group in (0, 1)]'

    def measure(self, actual, inputs):
        """Of each group for itself."""
        y = inputs["y_new"]
        right = np.asarray(actual["predictions"]) == y
        return (right[y == 1].mean() + right[y == 0].mean()) / 2


class Alone(Repaired):
    """Rows beside a row: what is said of it must not depend on them."""

    def observe(self, module, **inputs):
        """The answer for the new rows alone, and beside rows that a broken device has measured."""
        strange = inputs.pop("strange")
        seen = super().observe(module, **inputs)
        if "predictions" not in seen:
            return seen
        beside = super().observe(module, **{**inputs, "X_new": np.vstack([inputs["X_new"], strange])})
        return seen | {"beside": beside.get("predictions", Odd("missing"))}

    def probe(self, actual, inputs):
        """The same rows, the same answers."""
        n = len(inputs["y_new"])
        other = int((np.asarray(actual["beside"])[:n] != actual["predictions"]).sum())
        return f"{other} of {n} apples get another sort when other apples lie beside them" if other else ""


class Blind(Repaired):
    """The test labels: what is learned must not depend on them."""

    def observe(self, module, **inputs):
        """The answer with the test labels, and with others in their place."""
        others = inputs.pop("others")
        chart = self.apply(module, inputs)
        if not isinstance(chart, dict):
            return {"answer": as_value(chart)}
        again = self.apply(module, {**inputs, "y_test": others})
        return {
            "predictions": entry_of(chart, "predictions"),
            "accuracy": entry_of(chart, "accuracy"),
            "with other test labels": entry_of(again, "predictions"),
        }

    def probe(self, actual, inputs):
        """The same predictions for any test labels, and an accuracy that is theirs."""
        other = int((actual["with other test labels"] != actual["predictions"]).sum())
        if other:
            return f"{other} of {actual['predictions'].size} predictions change when only the test labels are others"
        right = self.measure(actual, inputs)
        if abs(float(actual["accuracy"]) - right) > 1e-6:
            return f"`accuracy` is {float(actual['accuracy']):.3f}, but {right:.3f} of the predictions are right"
        return ""


class Modelled(Repaired):
    """A program that gives back a Keras model: it is asked in the worker, its answers are scored in the grader."""

    def observe(self, module, **inputs):
        """Train; then what the model answers to new rows, twice."""
        import keras

        X_new = np.asarray(inputs.pop("X_new"), np.float32)
        chart = self.apply(module, inputs)
        if not isinstance(chart, dict):
            return {"answer": as_value(chart)}
        model = chart.get("model")
        if not isinstance(model, keras.Model):
            return {"predictions": Odd(f"none: the `model` of the chart is a {type(model).__name__}, not a keras.Model")}
        return {"predictions": as_value(model(X_new, training=False)), **self.more(model, X_new)}

    def more(self, model, X_new):
        """What the probe needs besides; in the worker."""
        return {}


class Awake(Modelled):
    """The share of hidden ReLUs that are above 0 for some row."""

    FREE = ("hidden",)
    SHOWN = '((chart["model"](X_new).numpy()[:, 0] > 0) == y_new).mean()'
    MOST = 0.8  # of the units may be 0 for all rows: a network that starts badly and is right has up to 0.69 of them

    def more(self, model, X_new):
        """The outputs of the first layer that has units: its ReLUs, whether they are in it or behind it."""
        import keras

        X, found = X_new, X_new
        for layer in model.layers[:-1]:
            if isinstance(layer, keras.layers.InputLayer):
                continue
            X = found = layer(X, training=False)
            if isinstance(layer, keras.layers.ReLU | keras.layers.LeakyReLU | keras.layers.Activation):
                break
            if isinstance(layer, keras.layers.Dense) and layer.activation is not keras.activations.linear:
                break
        return {"hidden": as_value(found)}

    def measure(self, actual, inputs):
        """The share of right signs."""
        return np.mean((np.asarray(actual["predictions"]).ravel() > 0) == inputs["y_new"])

    def probe(self, actual, inputs):
        """Units that are 0 for all rows learn nothing; those of another activation are never 0."""
        hidden = np.abs(actual["hidden"])
        found = symptoms.dead_relus(hidden, "the first hidden layer", self.MOST) if hidden.ndim == 2 else None
        return found.sentence if found else ""


class Settled(Modelled):
    """A model with batch normalisation: its answer to a row is the same twice, alone and among others."""

    SHOWN = '(chart["model"](X_new).numpy().argmax(axis=1) == y_new).mean()'

    def more(self, model, X_new):
        """The same again, and the first rows alone."""
        return {"again": as_value(model(X_new, training=False)), "alone": as_value(model(X_new[:5], training=False))}

    def measure(self, actual, inputs):
        """The share of right states."""
        return np.mean(np.asarray(actual["predictions"]).argmax(axis=1) == inputs["y_new"])

    def probe(self, actual, inputs):
        """Twice the same, and the same alone."""
        if not np.allclose(actual["again"], actual["predictions"], atol=1e-4):
            return "two calls with training=False give different answers"
        if not np.allclose(actual["alone"], actual["predictions"][:5], rtol=1e-3, atol=1e-3):
            return "the answer to a reading depends on the readings beside it"
        return ""


class Likely(Repaired):
    """Probabilities: those of the right kinds have to be high."""

    MOST = 0.3  # of the mean of -log p
    SHOWN = '-np.log(chart["predictions"][np.arange(len(y_new)), y_new]).mean()'

    def measure(self, actual, inputs):
        """The share of right labels."""
        return np.mean(np.asarray(actual["predictions"]).argmax(axis=1) == inputs["y_new"])

    def probe(self, actual, inputs):
        """Rows add up to 1, and the right kinds are likely."""
        p = np.asarray(actual["predictions"], np.float64)
        if (p < 0).any() or not np.allclose(p.sum(axis=1), 1, atol=1e-3):
            return f"a row of probabilities has to add up to 1; these add up to {p.sum(axis=1).min():.3g} and more"
        loss = -np.mean(np.log(p[np.arange(len(p)), inputs["y_new"]] + 1e-12))
        return f"the mean of -log p of the right kinds is {loss:.2f}; a healthy program reaches {self.MOST} or less" if loss > self.MOST else ""


# Cases -------------------------------------------------------------------------------------------------------------


def pairs(rng):
    """The ten programs in the order of the handout, two at a time; no pair has two that can be left out."""
    both = [rng.permutation(PROGRAMS[i : i + 2]).tolist() for i in range(0, len(PROGRAMS), 2)]
    return {f"programs {2 * i + 1} and {2 * i + 2}": {"programs": pair} for i, pair in enumerate(both)}


def fresh(program, *, count=1, scale=None):
    """Data of a program that nobody has seen: the labels of the new rows stay in the grader."""

    more = {"steps": STEPS[program]} if program in STEPS else {}

    def cases(rng):
        found = {}
        for number in range(count):
            X, X_new, y, y_new = datasets.clinic(program, seed=int(rng.integers(2**31)))
            found["fresh data" if not number else "more fresh data"] = Case({"X": X, "y": y, "X_new": X_new, **more}, kept={"y_new": y_new})
        if scale is not None:
            X, X_new, y, y_new = datasets.clinic(program, seed=int(rng.integers(2**31)))
            found["other units"] = Case({"X": X * scale, "y": y, "X_new": X_new * scale, **more}, kept={"y_new": y_new})
        return found

    return cases


def with_strange_rows(rng):
    """New apples, and others whose sugar was measured with a broken device."""
    X, X_new, y, y_new = datasets.clinic("grade_apples", seed=int(rng.integers(2**31)))
    strange = np.column_stack([rng.uniform(150, 210, 40), rng.uniform(300, 900, 40)])
    return {"beside other apples": Case({"X": X, "y": y, "X_new": X_new, "strange": strange}, kept={"y_new": y_new})}


def with_other_labels(rng):
    """Test labels, and others: those of the same letters in another order."""
    X, X_test, y, y_test = datasets.clinic("filter_letters", seed=int(rng.integers(2**31)))
    given = {"X": X, "y": y, "X_test": X_test, "y_test": y_test, "others": 1 - y_test}
    return {"two sets of test labels": Case(given, kept={"y_new": y_test})}


KERAS = ("tensorflow", "keras")

assignment = Assignment(
    title="The clinic",
    files=["clinic.py"],
    imports=KERAS,
    checks=[
        Names(
            "diagnosis", on=pairs, points=8,
            hint="Find the program in both pictures, and what you see there in the table of curves.",
            why="naming comes before repairing",
        ),
        Explains(
            "price_flats", on=fresh("price_flats", count=2), points=11, least=0.9,
            hint="How far does the loss come down in the steps that there are, and how fast at the end? Or does it grow?",
            why="a first patient",
        ),
        Repaired(
            "sort_wines", on=fresh("sort_wines", scale=np.array([1.0, 1000.0, 0.01, 1.0])), points=12,
            hint="Print the columns of X beside each other, and one gradient.",
            why="a curve that jumps",
        ),
        Repaired(
            "read_signs", on=fresh("read_signs", count=2), points=12,
            hint="Show the first signs of a batch with their labels.",
            why="a curve that stays",
        ),
        Balanced(
            "screen_patients", on=fresh("screen_patients", count=2), points=14, least=0.8,
            hint="How many of the ill are found? What does a test score that calls nobody?",
            why="a fine score",
        ),
        Alone(
            "grade_apples", on=with_strange_rows, points=14,
            hint="Which numbers of the program would change if X_new had other rows?",
            why="a fine score again",
        ),
        Awake(
            "spot_beams", on=fresh("spot_beams"), points=14, imports=KERAS, timeout=30,
            hint="What does the first layer say to all the points, before any training?",
            why="a network that stays as it is",
        ),
        Likely(
            "sort_stamps", on=fresh("sort_stamps"), points=15, imports=KERAS, timeout=30,
            hint="What does the last layer give, and what does the loss do with it?",
            why="a network that learns slowly",
        ),
        Explains(
            "trace_wave", on=fresh("trace_wave", count=2), points=6, stretch=True, least=0.9,
            hint="Does the loss come down at each step? What does the size of the gradient do?",
            why="another curve that jumps",
        ),
        Blind(
            "filter_letters", on=with_other_labels, points=7, stretch=True, least=0.85,
            hint="For what is y_test used before the last line?",
            why="a third fine score",
        ),
        Settled(
            "read_sensors", on=fresh("read_sensors"), points=8, stretch=True, imports=KERAS, timeout=30,
            hint="Which layer does something else in training than afterwards, and does it know?",
            why="the hardest case",
        ),
    ],
)  # fmt: skip
