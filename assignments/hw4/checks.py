"""hw4: generalisation, capacity, splits and cross-validation.

Inputs are drawn anew for each seed; values have two decimals, so that a call can be copied. Where a random order is the
student's own (splits, seeded folds), no order is compared: its properties are computed here from the returned indices.
An edge case whose answer is trivial (degree 0, no samples, a tie) is asked together with one whose answer is not.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from autograder import Assignment, Case, CrossValidation, Forbid, Odd, Outputs, as_value, draw, flatten, raised_by

GRID = 25  # points at which two polynomials are compared


def curve(rng, n, low=-1.0, high=1.0, noise=0.2):
    """A wave with noise, at n places that are spread over the interval and stand in no order."""
    gap = (high - low) / n
    x = np.round(low + gap * (rng.permutation(n) + rng.uniform(0.15, 0.85, n)), 2)
    return x, np.round(np.sin(3 * x) + rng.normal(0, noise, n), 2)


# Cases -------------------------------------------------------------------------------------------------------------


def powers(rng):
    x = draw(rng, 6)
    x[2] = 0.0
    return {
        "degree 3": {"x": x, "degree": 3},
        "as many powers as points": {"x": draw(rng, 4), "degree": 3},
        "degree 1": {"x": draw(rng, 5), "degree": 1},
        "degree 8": {"x": draw(rng, 3), "degree": 8},
        "whole numbers": {"x": rng.permutation(np.arange(-3, 4))[:5], "degree": 2},
        "degree 0": {"x": x[:4], "degree": 2, "other_degree": 0},
        "no points": {"x": draw(rng, 3), "degree": 2, "empty": np.zeros(0)},
    }


def fits(rng):
    def case(n, degree, low=-1.0, high=1.0, **lam):
        x, y = curve(rng, n, low, high)
        return {"x": x, "y": np.round(y + 2, 2), "degree": degree, **lam}  # a mean far from 0 shows whether a_0 is penalised

    far = case(GRID, 8, 2.0, 4.0)
    far["y"] = np.round(3 + np.sin(3 * far["x"]), 2)  # without noise, lstsq is right to seven digits here
    return {
        "cubic": case(12, 3),
        "straight line": case(8, 1),
        "constant": case(7, 0),
        "as many coefficients as points": case(5, 4),
        "more coefficients than points": case(4, 6),
        "lam 0.3": case(15, 4, lam=0.3),
        "lam 0.01": case(9, 5, lam=0.01),
        "lam 2 and more coefficients than points": case(4, 5, lam=2.0),
        "degree 8 between 2 and 4": far,
    }


def polynomials(rng):
    return {
        "cubic": {"coef": draw(rng, 4), "x": draw(rng, 6)},
        "straight line": {"coef": draw(rng, 2), "x": draw(rng, 2)},
        "degree 6": {"coef": draw(rng, 7), "x": draw(rng, 4)},
        "constant": {"coef": draw(rng, 1), "x": draw(rng, 5)},
        "no points": {"coef": draw(rng, 3), "x": draw(rng, 4), "empty": np.zeros(0)},
    }


def train_and_test(rng):
    def case(n, n_test, degrees):
        (x, y), (x_test, y_test) = curve(rng, n), curve(rng, n_test)
        return {"x_train": x, "y_train": y, "x_test": x_test, "y_test": y_test, "degrees": degrees}

    return {
        "degrees 0 to 5": case(12, 9, [0, 1, 2, 3, 4, 5]),
        "degrees in no order": case(10, 7, [3, 0, 5, 1]),
        "one degree": case(8, 8, [2]),
        "more coefficients than points": case(5, 6, [1, 6]),
    }


def sizes(rng):
    def case(n, degree, sizes):
        x, y = curve(rng, n)
        return {"x": x, "y": y, "degree": degree, "sizes": sizes}

    return {
        "straight line through 10 points": case(10, 1, list(range(1, 10))),
        "cubic through 12 points": case(12, 3, [9, 5, 7]),
        "more coefficients than points": case(8, 3, [2, 3, 6]),
        "m = n": case(6, 1, [4]) | {"bad_sizes": [3, 6]},
        "m = 0": case(6, 1, [3]) | {"bad_sizes": [0]},
        "m > n": case(5, 0, [2]) | {"bad_sizes": [7]},
    }


def fractions(rng):
    """No product n * fraction lies close to a whole number, except where it is one exactly, in eighths.

    Its fractional part is above 1/2 in the first case and below in the second: floor, ceil and round are told apart.
    """

    def case(val, test, seed=None, **more):
        """A size for which the fractions leave the asked parts of a sample, in eighths."""
        while True:
            n = int(rng.integers(23, 400))
            parts = [8 * n * fraction % 8 for fraction in (val[0], test[0])]
            if all(low <= part <= high for part, (low, high) in zip(parts, (val[1], test[1]), strict=True)):
                break
        given = {"n": n, "val_fraction": val[0], "test_fraction": test[0], "seed": int(rng.integers(1, 99))}
        return given | more

    above, below, exact = (4.6, 7.4), (0.6, 3.4), (0, 0)
    default = case((0.2, above), (0.2, above))
    return {
        "more than half a sample is cut off": case((0.3, above), (0.2, above)),
        "less than half a sample is cut off": case((0.15, below), (0.35, below)),
        "whole numbers": case((0.25, exact), (0.125, exact)),
        "no validation part": case((0.0, exact), (0.3, above)),
        "no test part": case((0.35, above), (0.0, exact)) | {"seed": 0},
        "default fractions": {"n": default["n"], "seed": default["seed"]},
        "nothing left to train on": case((0.25, exact), (0.5, exact), bad_fraction=0.75),
    }


def folds(rng):
    """A size n for each of the ks that leaves the rest asked for."""

    def case(k, rest, **more):
        return {"n": k * int(rng.integers(2, 30)) + rest, "k": k} | more

    seed, one, k = int(rng.integers(1, 99)), int(rng.integers(3, 12)), int(rng.integers(3, 9))
    return {
        "equal folds": case(3, 0),
        "one fold with one more": case(k, 1),
        "all folds but one with one more": case(k + 1, k),
        "leave one out": {"n": one, "k": one},
        "2 folds": case(2, 0),
        "shuffled, folds of unequal size": case(4, 3, seed=seed) | {"n": 4 * int(rng.integers(4, 12)) + 3},
        "shuffled, equal folds": {"n": 5 * int(rng.integers(3, 12)), "k": 5, "seed": seed + 1},
        "seed 0": {"n": 5 * int(rng.integers(3, 12)) + 3, "k": 5, "seed": 0},
        "k = 1": case(2, 0, bad_k=1),
        "k > n": {"n": one + 1, "k": one + 1, "bad_k": one + 2},
    }


def rounded(rng, n, d):
    """A number that fills a column of an (n, d) table whose standard deviation is not 0, because its mean is rounded."""
    columns = {value: np.full((n, d), value) for value in np.arange(1, 99) / 10}
    return rng.choice([value for value, column in columns.items() if column.std(axis=0).min() > 0])


def tables(rng):
    def table(n, d):
        return np.round(rng.normal(size=(n, d)) * np.geomspace(0.5, 20, d) + np.linspace(3, -40, d), 2)

    constant, zero, tiny = table(7, 3), table(6, 3), table(5, 3)
    constant[:, 1] = rounded(rng, 7, 3)
    zero[:, 2] = 0
    tiny[:, 0] *= 1e-12  # small is not constant
    other = table(3, 3)
    whole = rng.integers(-9, 9, (6, 2))
    whole[:2] = [[-5, 7], [6, -8]]
    return {
        "two parts": {"X_train": table(7, 2), "others": (table(4, 2),)},
        "three parts": {"X_train": table(6, 3), "others": (table(3, 3), table(1, 3))},
        "the training part alone": {"X_train": table(5, 2), "others": ()},
        "a constant column": {"X_train": constant, "others": (other,)},
        "a column of zeros": {"X_train": zero, "others": (table(2, 3),)},
        "a column of small numbers": {"X_train": tiny, "others": (1e-12 * table(2, 3),)},
        "whole numbers": {"X_train": whole, "others": (rng.integers(-9, 9, (3, 2)),)},
        "as many rows as columns": {"X_train": table(3, 3), "others": (table(3, 3),)},
    }


def validations(rng):
    def case(n, degree, k, **given):
        x, y = curve(rng, n)
        return {"x": x, "y": y, "degree": degree, "k": k, **given}

    outlier = case(15, 2, 5)
    outlier["y"][int(rng.integers(15))] += 4  # one fold stands out
    return {
        "5 folds": case(20, 3, 5),
        "4 folds of unequal size": case(19, 2, 4),
        "leave one out": case(7, 1, 7),
        "an outlier": outlier,
        "shuffled": case(16, 3, 4, seed=7) | {"given": shuffled(rng, 16, 4)},
        "shuffled folds of unequal size": case(17, 1, 3, seed=0) | {"given": shuffled(rng, 17, 3)},
    }


def shuffled(rng, n, k):
    """Which fold each sample is validated in, for k shuffled folds; the larger ones come first."""
    return rng.permutation(np.sort(np.arange(n) % k))


def choices(rng):
    def case(n, degrees, k, **given):
        x, y = curve(rng, n)
        return {"x": x, "y": y, "degrees": degrees, "k": k, **given}

    outlier = case(15, [4, 1, 2], 5)
    outlier["y"][int(rng.integers(15))] += 4
    return {
        "degrees 0 to 5": case(24, [0, 1, 2, 3, 4, 5], 4),
        "degrees in no order": case(21, [6, 3, 1, 4], 3),
        "an outlier": outlier | {"seed": 3, "given": shuffled(rng, 15, 5)},
        "shuffled": case(18, [5, 2, 3], 3, seed=0) | {"given": shuffled(rng, 18, 3)},
        "a tie": case(12, [3, 4, 2], 3) | {"silent": np.zeros(12)},
    }


def classes(rng):
    """Three overlapping classes of unequal size, on scales that let one column drown the others unless they are standardised."""

    def case(counts, k, seed, constant=None):
        y = rng.permutation(np.repeat(np.arange(len(counts)), counts))
        X = rng.normal(size=(len(y), 4)) + np.column_stack([1.3 * y, y % 2, -y, 0 * y])
        X = np.round(X * [1, 0.2, 5, 60] + [0, 3, -20, 150], 2)
        if constant is not None:
            X[:, constant] = int(rng.integers(1, 40)) / 2  # no sum of these is rounded: divided by its std, it is nan
        return {"X": X, "y": y, "k": k, "seed": seed}

    return {
        "5 folds of three classes": case((30, 18, 12), 5, int(rng.integers(1, 99))),
        "4 folds of unequal size": case((23, 11, 9), 4, int(rng.integers(1, 99))),
        "a constant column": case((20, 25), 3, int(rng.integers(1, 99)), constant=1),
        "few of one class": case((40, 6), 3, 0),
        "default folds and seed": {name: value for name, value in case((17, 22), 5, 0).items() if name in ("X", "y")},
    }


def neighbours():
    """The three nearest neighbours vote: distances make the scale of every column count."""
    from sklearn.neighbors import KNeighborsClassifier

    return KNeighborsClassifier(3)


# Calls that need more than the function's arguments; they run in the worker ------------------------------------------


def design_matrix(module, x, degree, other_degree=None, empty=None):
    """The design matrix, and where a case has them, the one of degree 0 or of no points."""
    answer = module.polynomial_features(x, degree)
    if other_degree is not None:
        return {f"degree {degree}": answer, f"degree {other_degree}": module.polynomial_features(x, other_degree)}
    return answer if empty is None else {"three points": answer, "no points": module.polynomial_features(empty, degree)}


def values(module, coef, x, empty=None):
    """The polynomial's values, and where a case has it, those at no points."""
    answer = module.predict_polynomial(coef, x)
    return answer if empty is None else {"four points": answer, "no points": module.predict_polynomial(coef, empty)}


def errors_by_size(module, x, y, degree, sizes, bad_sizes=None):
    """Both errors; and, for sizes that leave nothing to test or to train on, what was raised."""
    answer = module.train_size_curve(x, y, degree, sizes)
    if bad_sizes is None:
        return answer, {}
    return answer, {f"raised for sizes {bad_sizes}": raised_by(module.train_size_curve, x, y, degree, bad_sizes)}


def with_given_folds(function):
    """Call `function` with the folds of the case where it asks `kfold_indices` for shuffled ones.

    Everybody may shuffle differently, so the case brings the folds along: `given` is the fold of each sample.
    """

    def call(module, given=None, **inputs):
        if given is None:
            return getattr(module, function)(**inputs)
        original = module.kfold_indices

        def kfold_indices(n, k, seed=None):
            if (n, k, seed) != (len(given), inputs["k"], inputs["seed"]):
                return original(n, k, seed)
            return [(np.flatnonzero(given != fold), np.flatnonzero(given == fold)) for fold in range(k)]

        module.kfold_indices = kfold_indices
        try:
            return getattr(module, function)(**inputs)
        finally:
            module.kfold_indices = original

    return call


def chosen(module, silent=None, **inputs):
    """The degree and the errors; and, where a case has them, the degree for values that every polynomial fits."""
    answer = with_given_folds("select_degree")(module, **inputs)
    return answer, {} if silent is None else {"degree of a tie": module.select_degree(**inputs | {"y": silent})[0]}


# What follows from an answer; in the grader ---------------------------------------------------------------------------


def predictions(coef, x, y, degree, lam=0.0):
    """The polynomial's values on a grid over the range of x."""
    return np.polyval(coef[::-1], np.linspace(x.min(), x.max(), GRID))


# Kinds of checks -----------------------------------------------------------------------------------------------------


def is_indices(value):
    """Whether a value is a vector of whole numbers; an empty one may be of any kind."""
    return isinstance(value, np.ndarray) and value.ndim == 1 and (value.dtype.kind in "iu" or not value.size)


def listing(numbers):
    """The first few of some numbers."""
    return ", ".join(str(int(number)) for number in numbers[:3]) + (", …" if len(numbers) > 3 else "")


def not_a_partition(parts, n):
    """Why some index vectors are not 0 .. n-1 cut into pieces, or ""."""
    together = np.concatenate(parts).astype(int)
    found, count = np.unique(together, return_counts=True)
    outside = found[(found < 0) | (found >= n)]
    if outside.size:
        return f"there are indices outside of 0 … {n - 1}: {listing(outside)}"
    missing, twice = np.setdiff1d(np.arange(n), found), found[count > 1]
    if twice.size:
        return f"{len(twice)} of {n} samples stand in it more than once: {listing(twice)}"
    return f"{len(missing)} of {n} samples are in no part: {listing(missing)}" if missing.size else ""


@dataclass(frozen=True)
class Split(Outputs):
    """Is it a split into three parts of the right sizes, shuffled, and the same again for the same seed?"""

    @property
    def title(self):
        return f"{self.function}() cuts a shuffled order into three parts"

    def observe(self, module, n, seed, bad_fraction=None, **fractions):
        inputs = {"n": n, **fractions, "seed": seed}
        seen = dict(super().observe(module, **inputs))
        again, other = (super(Split, self).observe(module, **inputs | {"seed": s}) for s in (seed, seed + 1))
        seen |= {f"again.{name}": value for name, value in again.items()} | {f"other.{name}": value for name, value in other.items()}
        if bad_fraction is not None:
            seen["raised"] = raised_by(module.train_val_test_split, n, fractions["val_fraction"], bad_fraction, seed)
        return seen

    def compare_names(self, actual, expected):
        return f"it is {actual['answer'].what}" if "answer" in actual else super().compare_names(actual, expected)

    def compare_values(self, actual, expected, inputs):
        parts = [actual[name] for name in self.returns]
        for name, part in zip(self.returns, parts, strict=True):
            if not is_indices(part):
                return f"`{name}`: {self.explain(name, part, expected[name], inputs) or 'it is no vector of whole numbers'}"
        for name, part in zip(self.returns, parts, strict=True):
            if len(part) != len(expected[name]):
                return f"`{name}` has {len(part)} of {inputs['n']} samples; expected {len(expected[name])}"
        sentence = not_a_partition(parts, inputs["n"])
        if sentence:
            return f"the three parts do not make up 0 … {inputs['n'] - 1}: {sentence}"
        if all(np.all(np.diff(np.sort(part)) == 1) for part in parts):
            return "each part is a block of consecutive samples: the order has to be shuffled first"
        if not all(np.array_equal(actual[f"again.{name}"], actual[name]) for name in self.returns):
            return f"two calls with seed {inputs['seed']} give two different splits"
        other = [actual[f"other.{name}"] for name in self.returns]
        if all(np.array_equal(one, part) for one, part in zip(other, parts, strict=True)):
            return f"seeds {inputs['seed']} and {inputs['seed'] + 1} give the same split"
        if not all(map(is_indices, other)) or [len(part) for part in other] != [len(part) for part in parts]:
            return f"with seed {inputs['seed'] + 1}, the parts have other sizes than with seed {inputs['seed']}"
        sentence = not_a_partition(other, inputs["n"])
        if sentence:
            return f"with seed {inputs['seed'] + 1}, the three parts do not make up 0 … {inputs['n'] - 1}: {sentence}"
        if actual.get("raised", "ValueError") != "ValueError":
            return f"with test_fraction={inputs['bad_fraction']} nothing is left to train on: {actual['raised']} was raised; expected ValueError"
        return super().compare_values(*effects(actual, expected), inputs)

    def call_text(self, inputs):
        return super().call_text({name: value for name, value in inputs.items() if name != "bad_fraction"})


@dataclass(frozen=True)
class Folds(Outputs):
    """Without a seed the very folds of scikit-learn's KFold; with one, any k shuffled folds that use every sample once."""

    @property
    def title(self):
        return f"{self.function}() validates every sample once"

    def observe(self, module, n, k, seed=None, bad_k=None):
        def pairs(seed, before=""):
            answer = self.apply(module, {"n": n, "k": k, "seed": seed})
            try:
                answer = list(answer)  # a generator will do
            except TypeError:
                return {"answer": Odd("None" if answer is None else f"a {type(answer).__name__}")}
            parts = {}
            for i, pair in enumerate(answer):
                whole = hasattr(pair, "__len__") and len(pair) == 2
                for j, part in enumerate(("train", "validation")):
                    parts[f"{before}{part} {i}"] = as_value(pair[j] if whole else None)
            return parts

        seen = pairs(seed)
        if seed is not None:
            seen |= pairs(seed, "again ") | pairs(seed + 1, "other ")
        if bad_k is not None:
            seen["raised"] = raised_by(module.kfold_indices, n, bad_k)
        return seen

    def compare_names(self, actual, expected):
        if "answer" in actual:
            return f"it is {actual['answer'].what}; expected a list of pairs (train, validation)"
        for call in ("", "again ", "other "):  # with a seed: the same once more, and another
            for part in ("validation", "train"):
                found, wanted = (sum(name.startswith(f"{call}{part} ") for name in seen) for seen in (actual, expected))
                if found != wanted:
                    return f"the list has {found} pair{'s' * (found != 1)}; expected {wanted}"
        return ""

    def compare_values(self, actual, expected, inputs):
        n, k = inputs["n"], inputs["k"]
        train, validation = ([actual[f"{part} {i}"] for i in range(k)] for part in ("train", "validation"))
        for i in range(k):
            if not is_indices(train[i]) or not is_indices(validation[i]):
                return f"pair {i} is not (train, validation), two vectors of whole numbers"
        if len(train[0]) < len(validation[0]) and k > 2:
            return f"pair 0 trains on {len(train[0])} samples and validates on {len(validation[0])}: are the two exchanged?"
        sentence = not_a_partition(validation, n)
        if sentence:
            return f"the {k} validation folds together are not 0 … {n - 1}: {sentence}"
        for i in range(k):
            sentence = not_a_partition([train[i], validation[i]], n)
            if sentence:
                return f"in pair {i}, train and validation together are not 0 … {n - 1}: {sentence}"
        found, wanted = ([len(fold) for fold in folds] for folds in (validation, [expected[f"validation {i}"] for i in range(k)]))
        if found != wanted:
            return f"the validation folds have {words(found)} samples; expected {words(wanted)}"
        sentence = self.in_order(validation, train, expected) if inputs.get("seed") is None else self.in_disorder(train, validation, actual, inputs)
        if not sentence and actual.get("raised", "ValueError") != "ValueError":
            sentence = f"with k={inputs['bad_k']}, {actual['raised']} was raised; expected ValueError"
        return sentence or super().compare_values(*effects(actual, expected), inputs)

    def in_order(self, validation, train, expected):
        """Without a seed: consecutive blocks."""
        for part, folds in (("validation", validation), ("train", train)):
            for i, fold in enumerate(folds):
                if not np.array_equal(fold, expected[f"{part} {i}"]):
                    return f"{part} of pair {i} is {words(fold)}; expected {words(expected[f'{part} {i}'])}: without a seed, folds are consecutive blocks"
        return ""

    def in_disorder(self, train, validation, actual, inputs):
        """With a seed: shuffled, the same again, and as good a shuffle in another order for another seed."""
        if all(np.all(np.diff(np.sort(fold)) == 1) for fold in validation):
            return "the folds are consecutive blocks although a seed was given: the order has to be shuffled first"

        def folds(call, part):
            return [actual[f"{call} {part} {i}"] for i in range(inputs["k"])]

        seed, n = inputs["seed"], inputs["n"]
        once, again = [*train, *validation], [*folds("again", "train"), *folds("again", "validation")]
        if not all(np.array_equal(a, b) for a, b in zip(once, again, strict=True)):
            return f"two calls with seed {seed} give different folds"
        others = folds("other", "validation")
        if all(np.array_equal(a, b) for a, b in zip(validation, others, strict=True)):
            return f"seeds {seed} and {seed + 1} give the same folds"
        pairs = list(zip(folds("other", "train"), others, strict=True))
        if not all(is_indices(part) for pair in pairs for part in pair):
            return f"with seed {seed + 1}, not every fold is a vector of whole numbers"
        sentences = [not_a_partition(others, n), *(not_a_partition(pair, n) for pair in pairs)]
        return next((f"with seed {seed + 1}, the folds do not fit together: {one}" for one in sentences if one), "")


def words(numbers):
    """A short vector as text."""
    return ", ".join(str(int(number)) for number in numbers[:8]) + (", …" if len(numbers) > 8 else "")


def effects(actual, expected):
    """What the calls did besides answering, of both sides."""
    names = [name for name in expected if name.startswith("effect: ")]
    return {name: actual[name] for name in names}, {name: expected[name] for name in names}


@dataclass(frozen=True)
class WithMore(Outputs):
    """`call` gives the function's answer and a dict of what else was asked in the same case."""

    def observe(self, module, **inputs):
        answer, more = self.call(module, **inputs)
        return flatten(answer, self.returns) | flatten(more)

    def about(self, name, sentence):
        return super().about(name, sentence.replace("it is no error", "no error was raised"))

    def call_text(self, inputs):
        return super().call_text({name: value for name, value in inputs.items() if name not in ("bad_sizes", "silent", "given")})


@dataclass(frozen=True)
class Parts(Outputs):
    """A tuple with one table for each that was given."""

    def observe(self, module, X_train, others):
        answer, names = module.standardize(X_train, *others), ["X_train", *(f"other {i}" for i in range(len(others)))]
        if not isinstance(answer, list | tuple):
            kind = "a single array" if isinstance(answer, np.ndarray) else "None" if answer is None else f"a {type(answer).__name__}"
            return {"answer": Odd(f"{kind} instead of a tuple of arrays")}
        if len(answer) != len(names):
            return {"answer": Odd(f"a tuple of {len(answer)} array{'s' * (len(answer) != 1)}")}
        return {name: as_value(part) for name, part in zip(names, answer, strict=True)}


BY_HAND = Forbid("sklearn", "scipy", "keras", "tensorflow", why="write it with NumPy; scikit-learn is what it is compared with")
FITTED = ("polynomial_features", "fit_polynomial", "predict_polynomial")

assignment = Assignment(
    title="Generalisation and cross-validation",
    files=["generalization.py"],
    checks=[
        Outputs(
            "polynomial_features", on=powers, points=10, exact_dtype=True, call=design_matrix, rtol=1e-9, see="polynomial_features({empty|x}, {other_degree|degree})",
            rules=(BY_HAND,),
            hint="Row j holds the powers of x[j], from x[j]**0 to x[j]**degree (handout, eq. 1).",
            why="a family of models of growing capacity",
        ),
        Outputs(
            "fit_polynomial", on=fits, points=18, through=predictions, depends=("polynomial_features",),
            rules=(BY_HAND,),
            hint="Write the penalty as further rows of the same least-squares problem, and leave X^T X out of it (eq. 2 and 3).",
            why="least squares, with and without a penalty",
            levels=(
                "A penalty lam * a_i^2 is a squared error, too. Of which prediction, and what would be its target?",
                "Multiply eq. 2 by N. Which numbers must stand in the rows of R in eq. 3, so that |R a - 0|^2 is N lam times "
                "the sum of a_i^2 without a_0?",
                "R = sqrt(N lam) diag(0, 1, ..., 1);  a = lstsq([Phi; R], [y; 0]).",
            ),
        ),
        Outputs(
            "predict_polynomial", on=polynomials, points=6, call=values, rtol=1e-7, see="predict_polynomial({coef}, {empty|x})",
            depends=("polynomial_features",),
            rules=(BY_HAND,),
            hint="coef[0] is the constant (eq. 4).",
            why="the errors are measured with it",
        ),
        Outputs(
            "capacity_curve", on=train_and_test, points=14, returns=("train_mse", "test_mse"), depends=FITTED,
            rules=(BY_HAND,),
            hint="One fit for each degree, on the training points; two means of squared errors with it (eq. 5).",
            why="underfitting and overfitting",
        ),
        Folds(
            "kfold_indices", on=folds, points=18, keeps_random_state=True, see="kfold_indices({n}, {bad_k|k}{seed=})",
            rules=(BY_HAND,),
            hint="Write down the folds of n = 11 and k = 3 by hand: which sizes do they have, and which samples? (eq. 7)",
            why="every point is tested once",
        ),
        Parts(
            "standardize", on=tables, points=12, rtol=1e-9, atol=1e-12, see="standardize({X_train}, *{others})",
            rules=(BY_HAND,),
            hint="Mean and standard deviation are numbers of the training columns, whatever they are applied to (eq. 8).",
            why="what may learn from which data",
        ),
        Outputs(
            "cross_val_mse", on=validations, points=12, call=with_given_folds("cross_val_mse"),
            see="cross_val_mse({x}, {y}, {degree}, {k}{seed=})", depends=(*FITTED, "kfold_indices"),
            rules=(BY_HAND,),
            hint="For each pair of kfold_indices(len(x), k, seed): fit on train, and one error on validation (eq. 9).",
            why="an honest error without new data",
        ),
        WithMore(
            "select_degree", on=choices, points=10, call=chosen, returns=("degree", "errors"), depends=("kfold_indices", "cross_val_mse"),
            rules=(BY_HAND,),
            hint="First one mean error for each degree, then the degree that belongs to the smallest (eq. 10).",
            why="choosing a hyperparameter",
        ),
        WithMore(
            "train_size_curve", on=sizes, points=5, stretch=True, returns=("train_mse", "test_mse"), call=errors_by_size,
            depends=(*FITTED, "capacity_curve"),
            rules=(BY_HAND,),
            hint="The first m points train and all the others test; think of the sizes for which that cannot be done.",
            why="the same errors over another variable",
        ),
        Split(
            "train_val_test_split", on=fractions, points=6, stretch=True, returns=("train", "val", "test"), keeps_random_state=True,
            rules=(BY_HAND,),
            hint="Shuffle 0 … n-1 once, then cut the order into three pieces (eq. 6).",
            why="a simpler split than the folds",
        ),
        CrossValidation(
            "cross_val_scores", on=classes, points=10, stretch=True, estimator=neighbours, depends=("standardize",),
            imports=("sklearn.neighbors", "sklearn.model_selection", "sklearn.preprocessing", "sklearn.pipeline"),
            hint="Whatever learns from data, the scaler too, may see the training part of the fold only, and starts anew in each (eq. 11).",
            why="cross-validation once more, for any classifier",
        ),
    ],
)  # fmt: skip
