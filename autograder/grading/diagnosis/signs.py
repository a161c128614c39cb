"""Signs: mistakes that can be read off the answers themselves, whatever the function is.

A factor of two in every entry, nan where the inputs are large, an error that is not raised: each sign is a relation between what
was answered, what was expected and what was asked. It needs no author, and it holds for every function of every assignment.
A sign that is told is true by construction: the sentence says what was seen, and which idea that points to.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterable, Iterator, Mapping

import numpy as np

from autograder.checks.base import ARGUMENT, EFFECT, RANDOM_STATE, WARNED
from autograder.grading.diagnosis.evidence import Difference, Evidence, leaves_of
from autograder.grading.diagnosis.variant import PLAIN, Reason
from autograder.observation import Array, Odd, Value
from autograder.observation.answer import Ending

CLOSE = 1e-5  # relative: to five digits a relation is no chance
LARGE_INPUT = 30.0  # e^30 is 1e13: from here on exponentials differ in kind
PLAIN_RANK, LAST_RANK = 1, 9  # of the features of inputs: what functions often take for granted, and what may be anything
AMBIGUOUS = 2  # features that tell the same cases apart, at most
ROUGH = 1e-4  # an error below this comes of a constant or of a step that is not exact

Sign = Callable[[Evidence], Iterable[Reason]]


def reason(id: str, sentence: str, differences: Iterable[Difference]) -> list[Reason]:
    """A reason for these differences, none where there is none."""
    found = frozenset(differences)
    return [Reason(id, sentence, found)] if found else []


# Exceptions ------------------------------------------------------------------------------------------------------

# What a library says, the idea behind it. The first that fits is told.
ERRORS = [
    (r"read-only", "changes-argument", "The call writes into an array of the caller. Work on a copy: `a = a - b`, not `a -= b`."),
    (
        r"does not support item assignment",
        "assigns-into-tensor",
        "A tensor cannot be changed in place. Build the new one out of whole tensors, with `tf.where`, `tf.stack` or "
        "`tf.concat`.",
    ),
    (
        r"(same dtype|compute .* as input .* expected to be a (float|double|int)|cannot compute \w+ as input|expected to be "
        r"a \w+ tensor but is)",
        "mixed-types",
        "Two types meet in one TensorFlow operation, such as float32 and float64. `tf.ones`, `tf.zeros` and Python numbers "
        "that "
        "became tensors are float32; give them the dtype of the input.",
    ),
    (
        r"(AxisError|axis -?\d+ is out of bounds|Invalid reduction dimension|too many indices|IndexError: tuple index out "
        r"of range"
        r"|not enough values to unpack|out of bounds for array of dimension)",
        "number-of-axes",
        "The function takes for granted how many axes its input has. Here it has another number: count axes from the end, "
        "with -1.",
    ),
    (
        r"(not aligned|mismatch in its core dimension|could not be broadcast|Incompatible shapes|Matrix size-incompatible|"
        r"Dimensions must be equal|must have the same shape|shape-mismatch|shape mismatch)",
        "shapes-differ",
        "Two arrays meet whose shapes do not fit. Print the shape of both just before that line.",
    ),
    (
        r"(ConcatOp|concatenation axis must match exactly|must have same number of dimensions|all the input arrays? dimensions)",
        "joined-shapes-differ",
        "What is joined has to have as many axes, and the same sizes but for the axis along which it is joined. Print the shapes "
        "just before that line.",
    ),
    (
        r"(index \d+ is out of bounds|list index out of range|slice index)",
        "index-too-large",
        "An index goes beyond the end. Which is the largest one that is used here, and how long is the axis?",
    ),
    (
        r"truth value of an array|Using a symbolic|truth value",
        "truth-of-array",
        "`if`, `and`, `max` or `==` gets a whole array where it needs one True or False. Compare entry by entry: "
        "`np.where`, `np.maximum`.",
    ),
    (
        r"(only .*(length-1|size-1|0-dim).* can be converted|only integer scalar arrays)",
        "scalar-function",
        "A function for single numbers, such as those of `math`, gets a whole array. Use the one of NumPy or TensorFlow.",
    ),
    (
        r"Singular matrix",
        "singular",
        "The matrix has no inverse here: two columns tell the same, or there are fewer rows than unknowns. A pseudo-inverse or "
        "`lstsq` needs none.",
    ),
    (
        r"tf\.function.*variable|creating variables on a non-first call|tf\.Variable.*non-first",
        "variables-in-graph",
        "A `tf.function` that lives on meets a second model or optimizer, which has to make variables of its own. Build the "
        "compiled step anew for each, or keep to eager code.",
    ),
    (
        r"Tensor'? object has no attribute",
        "numpy-method-of-tensor",
        "A TensorFlow tensor lacks this method of NumPy arrays. TensorFlow has functions in its place, such as `tf.transpose(w)` "
        "for `w.T`.",
    ),
    (
        r"(has no attribute|cannot import name|No module named)",
        "unknown-name",
        "A name is used that the installed version, or this kind of object, does not have. Look it up in its documentation.",
    ),
    (
        r"NoneType",
        "uses-none",
        "Something is None where a value is needed. Is there a `return`, and has the tape seen what you ask the gradient of?",
    ),
    (r"(ZeroDivisionError|division by zero)", "divides-by-zero", "Something is divided by 0 here. Which count or sum can be 0?"),
    (
        r"(UnboundLocalError|referenced before assignment|cannot access local variable)",
        "unbound",
        "A variable has no value yet when it is used: the loop or branch that sets it did not run.",
    ),
    (r"(RecursionError|maximum recursion)", "recursion", "The function calls itself without an end."),
    (
        r"unexpected keyword argument|positional argument",
        "wrong-arguments",
        "A function is called with other arguments than it takes. Compare the call with its signature.",
    ),
    (
        r"(NameError|is not defined)",
        "undefined",
        "A name is used that is nowhere defined: a slip of the pen, or an import that is missing.",
    ),
    (r"KeyError", "unknown-key", "A key is looked up that is not in the dict. Which names does it have here?"),
    (
        r"(unsupported operand type\(s\) for \^|ufunc 'bitwise_xor'|BitwiseXor)",
        "caret-as-power",
        "`^` is no power in Python, it compares bits. A power is written `**`.",
    ),
    (
        r"unsupported operand type.*'dict'",
        "dict-as-number",
        "A whole dict stands where numbers are computed. Go through its keys, and compute with one entry at a time.",
    ),
    (
        r"unsupported operand type.*'str'",
        "text-as-number",
        "A text stands where numbers are computed. A loop over a dict, or taking it apart as a tuple, gives its keys, not its "
        "values.",
    ),
    (
        r"unsupported operand type.*'(builtin_function_or_method|function|ufunc|method)'",
        "function-as-number",
        "A function stands where numbers are computed: it is named, but not called. What belongs in brackets behind it?",
    ),
    (
        r"object is not callable",
        "number-as-function",
        "Brackets behind a number, an array or a dict call it like a function. Is a `*` missing, or do square brackets belong "
        "there?",
    ),
    (
        r"(can only concatenate|unsupported operand type|can't multiply sequence|must be real number)",
        "list-as-array",
        "A Python list, a text or None stands where numbers are computed. Turn it into an array first.",
    ),
]


def errors(evidence: Evidence) -> Iterator[Reason]:
    """An exception out of a library, by the idea that its text points to."""
    crashed = [at for at in evidence.differences if evidence.answers[at.case].ending is Ending.RAISED]
    wanted = {at: evidence.cases[at.case].raises for at in crashed}
    for pattern, id, sentence in ERRORS:
        yield from reason(
            id, sentence, [at for at in crashed if not wanted[at] and re.search(pattern, evidence.answers[at.case].error)]
        )


def not_refused(evidence: Evidence) -> Iterator[Reason]:
    """An input that must be refused, and is not, or only by accident."""
    accepted, by_accident, kinds = [], [], set()
    for at in evidence.differences:
        answer, case = evidence.answers[at.case], evidence.cases[at.case]
        if case.raises and answer.ending is Ending.RAISED:
            by_accident.append(at)
            kinds.add((answer.error.partition(":")[0], case.raises))
        elif (case.raises and answer.ending is Ending.RETURNED) or re.search(
            r"no error( was raised)?; expected", evidence.said[at.case]
        ):
            accepted.append(at)
        elif found := re.search(
            r"(\w+Error) was raised; expected (\w+Error)|it is (\w+Error); expected (\w+Error)", evidence.said[at.case]
        ):
            by_accident.append(at)
            kinds.add((found[1] or found[3], found[2] or found[4]))
    yield from reason(
        "not-refused",
        f"An input that makes no sense is not refused (case {_quoted(accepted)}). Check it before anything is computed.",
        accepted,
    )
    if by_accident:
        got, wanted = sorted(kinds)[0]
        yield from reason(
            "refused-by-accident",
            f"The input is refused only by accident: Python stops with {got} on the way. Check it first and raise {wanted} "
            f"on purpose.",
            by_accident,
        )


def endless(evidence: Evidence) -> Iterator[Reason]:
    """A call that does not end."""
    slow = [at for at in evidence.differences if evidence.answers[at.case].ending is Ending.TIMED_OUT]
    yield from reason(
        "endless", "The call does not come to an end in time. Which condition ends the loop, and does it come true?", slow
    )


# Effects ---------------------------------------------------------------------------------------------------------


def effects(evidence: Evidence) -> Iterator[Reason]:
    """What a call does besides answering."""
    of = {start: [at for at in evidence.differences if at.entry.startswith(start)] for start in (ARGUMENT, RANDOM_STATE, WARNED)}
    said = {at: evidence.said[at.case] for at in evidence.differences}
    of[ARGUMENT] += [at for at in said if "changed its argument" in said[at] and at not in of[ARGUMENT]]
    of[RANDOM_STATE] += [at for at in said if "global random state" in said[at] and at not in of[RANDOM_STATE]]
    dicts = [at for at in of[ARGUMENT] if _in_a_dict(evidence, at)]
    yield from reason(
        "changes-argument",
        "The call changes a dict of the caller. `new = old` only gives it a second name. Make a new one: `dict(old)` or `{}`.",
        dicts,
    )
    yield from reason(
        "changes-argument",
        "The call changes an array of the caller, in place. Work on a copy: `a = a - b`, not `a -= b`.",
        [at for at in of[ARGUMENT] if at not in dicts],
    )
    yield from reason(
        "global-random",
        "Random numbers come from the global generator, which others use, too. Take a generator of your own with this seed.",
        of[RANDOM_STATE],
    )
    yield from reason(
        "warns",
        "The answer is right, but NumPy warns on the way. It computes an overflow, a log of 0 or a division by 0, and throws it "
        "away.",
        of[WARNED],
    )
    yield from reason(
        "unseeded",
        "Two calls with the same seed differ: the random numbers do not come from the seed.",
        [
            at
            for at in said
            if re.search(r"two (calls|models).* (same|one) seed|two calls with seed|starts differently in two models", said[at])
        ],
    )
    yield from reason(
        "seed-fixed",
        "Two seeds give the same numbers: the seed is not used, or replaced by a fixed one.",
        [at for at in said if re.search(r"two (different )?seeds give|the same for two seeds", said[at])],
    )


def _in_a_dict(evidence: Evidence, at: Difference) -> bool:
    """Whether the argument that has changed is a dict."""
    named = re.search(r"changed its arguments? `(\w+)", evidence.said[at.case])
    name = named[1] if named else re.split(r"\W", at.entry.removeprefix(ARGUMENT).lstrip(" ."))[0]
    return isinstance(evidence.cases[at.case].inputs.get(name), dict)


def leaves_tape(evidence: Evidence) -> Iterator[Reason]:
    """A gradient that is None."""
    gone = []
    for at in evidence.differences:
        value = evidence.answers[at.case].observation.get(at.entry)
        if any(not array.size for array in leaves_of(evidence.cases[at.case].inputs).values()):
            continue  # of nothing, there may be no gradient for another reason
        if isinstance(value, Odd) and (value.what == "None" or value.what.startswith("no tensor")) and at.entry.startswith("d"):
            gone.append(at)
    yield from reason(
        "leaves-tape",
        "There is no gradient: on the way from the input to the result the computation leaves TensorFlow. NumPy, `math`, "
        "`.numpy()` and "
        "`float()` are not recorded by the tape.",
        gone,
    )


def returns_nothing(evidence: Evidence) -> Iterator[Reason]:
    """None in place of an answer."""
    found = []
    for at in evidence.differences:
        observed = evidence.answers[at.case].observation
        given = [value.what for name in ("answer", at.entry) if isinstance(value := observed.get(name), Odd)]
        nothing = evidence.said[at.case].startswith("it is None; expected")
        if nothing or ("answer" in observed and "None" in given[:1]) or "no tensor: None" in given:
            found.append(at)
    yield from reason(
        "returns-nothing", "The function computes and gives nothing back. A `return` is missing, or is not reached.", found
    )


# Numbers that are not finite ---------------------------------------------------------------------------------------


def not_finite(evidence: Evidence) -> Iterator[Reason]:
    """Nan and infinity where there should be numbers: large inputs, zeros, a slope that does not exist."""
    bad = [
        at
        for at, (mine, wanted) in evidence.numbers.items()
        if mine.shape == wanted.shape
        and mine.dtype.kind == wanted.dtype.kind == "f"
        and (~np.isfinite(mine) & np.isfinite(wanted)).any()
    ]
    if not bad:
        return
    cases = {at.case for at in bad}
    large = {name for name in cases if _largest(evidence, name) >= LARGE_INPUT}
    bound = min((_largest(evidence, name) for name in large), default=np.inf)
    tame = [name for name in evidence.right if _largest(evidence, name) < bound]
    if large == cases and tame:
        same = [name for name in evidence.right if _largest(evidence, name) >= LARGE_INPUT and _width(evidence, name) == 8]
        if same and all(_width(evidence, name) == 4 for name in cases):
            sentence = (
                "Right in double precision, nan in single: the bound against overflow is made for float64. In float32, e^z is "
                "infinite from z = 89 on."
            )
        elif all(name.startswith("gradient") for name in cases):
            sentence = (
                "The values are right, but for large inputs the gradient is nan: a step on the way is infinite, and 0 times "
                "infinity "
                "is nan. `tf.where` differentiates the unused branch, too."
            )
        else:
            sentence = (
                "Right for ordinary numbers. For large ones a step on the way is infinite, and infinity over infinity is "
                "nan. What "
                "could be taken off before the exponential, without a change of the result?"
            )
        yield from reason("overflow", sentence, bad)
        return
    if all(name.startswith("gradient") for name in cases):
        yield from reason(
            "nan-gradient",
            "The value is right, but its gradient is nan at some points. Is there a root at 0, a division by 0, or an unused "
            "branch of `tf.where` with no finite slope?",
            bad,
        )
        return
    yield from reason(
        "not-finite",
        "nan or infinity: a logarithm of 0, a division by 0 or an overflow on the way. Which input of this case is special?",
        bad,
    )


def _largest(evidence: Evidence, case: str) -> float:
    inputs = leaves_of({name: value for name, value in evidence.cases[case].inputs.items() if name != "cotangent"})
    return max((float(np.max(np.abs(array), initial=0.0)) for array in inputs.values()), default=0.0)


def _width(evidence: Evidence, case: str) -> int:
    arrays = [
        value for value in evidence.cases[case].inputs.values() if isinstance(value, np.ndarray) and value.dtype.kind == "f"
    ]
    return min((array.dtype.itemsize for array in arrays), default=8)


# One relation for every entry ---------------------------------------------------------------------------------------


def factor(evidence: Evidence) -> Iterator[Reason]:
    """The same numbers times a number that is the size of something, or the same everywhere."""
    factors: dict[Difference, float] = {}
    for at, (mine, wanted) in evidence.numbers.items():
        found = _factor(mine, wanted)
        if found is not None and abs(found - 1) > 1e-3:
            factors[at] = found
    by_case: dict[str, set[float]] = {}
    for at, found in factors.items():
        by_case.setdefault(at.case, set()).add(float(f"{found:.4g}"))
    factors = {at: found for at, found in factors.items() if len(by_case[at.case]) == 1}
    if not factors:
        return
    proof = sum(_digits(evidence.numbers[at][0]) for at in factors)
    if proof < 2:
        return
    common = _common({at.case: found for at, found in factors.items()}, lambda case: {"": 1.0})
    if (common is not None and len(factors) > 1) or (common is not None and proof > 3):
        value = next(iter(factors.values()))
        yield from reason("factor", _factor_sentence(value), factors)
        return
    sizes = {case: _sizes(evidence, case) for case in {at.case for at in factors}}
    for what in dict.fromkeys(itertools.chain.from_iterable(sizes.values())):
        if not all(what in found for found in sizes.values()) or len({found[what] for found in sizes.values()}) < 2:
            continue
        for power, constant in itertools.product((1.0, -1.0, 0.5, -0.5), (1.0, 0.5, 2.0, -1.0)):
            if all(abs(found / (constant * sizes[at.case][what] ** power) - 1) < 1e-4 for at, found in factors.items()):
                yield from reason("factor-of-size", _size_sentence(what, power, constant), factors)
                return


def _factor(mine: Array, wanted: Array) -> float | None:
    """The number by which every entry is too large, None if there is none."""
    if mine.shape != wanted.shape or mine.dtype.kind not in "fiu" or wanted.dtype.kind not in "fiu" or not wanted.size:
        return None
    a, b = mine.astype(np.float64), wanted.astype(np.float64)
    if not (np.isfinite(a).all() and np.isfinite(b).all() and np.abs(b).max() > 0):
        return None
    top = np.unravel_index(np.argmax(np.abs(b)), b.shape)
    found = float(a[top] / b[top])
    if not found or not np.allclose(a, found * b, rtol=CLOSE, atol=CLOSE * abs(found) * float(np.abs(b).max())):
        return None
    return found


def _digits(array: Array) -> int:
    """How many entries of an array are no plain numbers."""
    return int((~np.isin(array, PLAIN)).sum()) if array.dtype.kind in "fiu" else 0


def _common(factors: dict[str, float], sizes: Callable[[str], dict[str, float]]) -> float | None:
    values = list(factors.values())
    return values[0] if all(abs(value / values[0] - 1) < 1e-4 for value in values) else None


def _factor_sentence(value: float) -> str:
    named = {
        2.0: ("twice", "a 2 too many, or a 1/2 that is missing"),
        0.5: ("half", "a 1/2 too many, or a 2 that is missing"),
        -1.0: ("the opposite of", "a sign is the wrong way round"),
        1 / np.log(2): ("1.44 times", "a logarithm to base 2 where the natural one is meant"),
        1 / np.log(10): ("0.434 times", "a logarithm to base 10 where the natural one is meant"),
        np.log(2): ("0.693 times", "a natural logarithm where one to base 2 is meant"),
        4.0: ("4 times", "a square of 2 too many"),
        0.25: ("a quarter of", "two halves too many"),
        np.sqrt(2): ("1.41 times", "a root of 2 too many, or a 1/2 that is missing under a root"),
        np.sqrt(0.5): ("0.707 times", "a root of 2 that is missing"),
        100.0: ("100 times", "percent and shares are exchanged"),
        0.01: ("1/100 of", "percent and shares are exchanged"),
    }
    words, idea = next(
        (text for number, text in named.items() if abs(value / number - 1) < 1e-4),
        (f"{value:.4g} times", "a constant factor that does not belong there, or is missing"),
    )
    return f"Every number is {words} the expected one: {idea}."


def _sizes(evidence: Evidence, case: str) -> dict[str, float]:
    """What can be counted in the inputs of a case, and its single numbers."""
    found: dict[str, float] = {}
    entries = 0
    count = 0
    for name, value in evidence.cases[case].inputs.items():
        if name == "cotangent":
            continue
        if isinstance(value, np.ndarray) and value.ndim:
            found.setdefault(f"rows|{len(value)}", len(value))
            found[f"the number of rows of `{name}`"] = len(value)
            if value.ndim > 1:
                found[f"the number of columns of `{name}`"] = value.shape[-1]
                found[f"the number of entries of `{name}`"] = value.size
            if len(value) > 1:
                found[f"(N - 1) / N, with the N rows of `{name}`"] = (len(value) - 1) / len(value)
            entries, count = entries + value.size, count + 1
        elif isinstance(value, list | tuple | dict):
            arrays = list(leaves_of({name: value}).values())
            found[f"the number of parts of `{name}`"] = len(value)
            if arrays and all(array.ndim for array in arrays):
                found[f"the number of all entries of `{name}`"] = sum(array.size for array in arrays)
        elif isinstance(value, float | int) and not isinstance(value, bool) and value > 0:
            found[f"`{name}`"] = float(value)
            if 0 < value < 1:
                found[f"1 - `{name}`"] = 1.0 - value
    if count > 1:
        found["the number of all entries"] = entries
    return {name: size for name, size in found.items() if size > 0 and "|" not in name}


def _size_sentence(what: str, power: float, constant: float) -> str:
    words = {1.0: what, -1.0: f"1 over {what}", 0.5: f"the root of {what}", -0.5: f"1 over the root of {what}"}[power]
    times = {1.0: "", 0.5: "half of ", 2.0: "twice ", -1.0: "minus "}[constant]
    if what.startswith("the number"):
        idea = (
            "a sum where a mean is asked for"
            if power == 1
            else "a mean where a sum is asked for"
            if power == -1
            else "a mean or a root too many"
        )
    elif what.startswith("(N"):
        idea = "it divides by N in one place and by N - 1 in the other (`ddof`)"
    else:
        idea = f"{what} is used once too often" if power > 0 else f"{what} is used once too little"
    return f"Every number is the expected one times {times}{words}: {idea}."


RELATIONS: list[tuple[str, Callable[[Array], Array], str]] = [
    ("squared", np.square, "Every number is the square of the expected one: a square too many, or a root that is missing."),
    (
        "rooted",
        lambda x: np.sqrt(np.abs(x)),
        "Every number is the root of the expected one: a root too many, or a square that is missing.",
    ),
    ("inverted", lambda x: 1 / x, "Every number is 1 over the expected one: a quotient is upside down."),
    ("complement", lambda x: 1 - x, "Every number is 1 minus the expected one: the two cases are exchanged."),
    ("logarithm", np.log, "Every number is the logarithm of the expected one."),
    (
        "exponential",
        np.exp,
        "Every number is e to the power of the expected one. Is there an exp too many, or no log where one is asked for?",
    ),
    (
        "signed-labels",
        lambda x: 2 * x - 1,
        "The classes are right, their names are not: yours are -1 and 1, expected are 0 and 1.",
    ),
    (
        "zero-one-labels",
        lambda x: (x + 1) / 2,
        "The classes are right, their names are not: yours are 0 and 1, expected are -1 and 1.",
    ),
    ("magnitude", np.abs, "Every number has the right size, but the sign is lost."),
    (
        "one-more",
        lambda x: x + 1,
        "Every number is one too large: counted from 1 where it should be from 0, or one step too many.",
    ),
    (
        "one-less",
        lambda x: x - 1,
        "Every number is one too small: counted from 0 where it should be from 1, or one step too few.",
    ),
    ("truncated", np.trunc, "The decimals are cut off: an array of whole numbers cannot hold them."),
    ("clipped-at-zero", lambda x: np.maximum(x, 0), "Negative numbers have become 0: a ReLU or a maximum with 0 too many."),
]


def relation(evidence: Evidence) -> Iterator[Reason]:
    """One function of the expected number in every entry."""
    for id, function, sentence in RELATIONS:
        found = []
        for at, (mine, wanted) in evidence.numbers.items():
            if mine.shape != wanted.shape or mine.dtype.kind not in "fiub" or not wanted.size:
                continue
            b = wanted.astype(np.float64)
            with np.errstate(all="ignore"):
                other = function(b)
            if (
                np.isfinite(other).all()
                and np.ptp(other) > 0
                and np.allclose(mine.astype(np.float64), other, rtol=CLOSE, atol=1e-9)
                and not np.allclose(other, b)
            ):
                found.append(at)
        if sum(min(evidence.numbers[at][0].size, 4) for at in found) >= 3:
            yield from reason(id, sentence, found)


def offset(evidence: Evidence) -> Iterator[Reason]:
    """Every entry of each array is too large by the same number."""
    found: dict[Difference, float] = {}
    for at, (mine, wanted) in evidence.numbers.items():
        if (
            mine.shape == wanted.shape
            and mine.size > 2
            and mine.dtype.kind == wanted.dtype.kind == "f"
            and np.isfinite(mine).all()
        ):
            gap = mine.astype(np.float64) - wanted
            scale = max(float(np.abs(gap).max()), 1e-12)
            if np.ptp(gap) < 1e-5 * scale and scale > 1e-4 * float(np.abs(wanted).max()):
                found[at] = float(gap.flat[0])
    yield from reason(
        "offset",
        "Every number is off by the same amount. A constant is added that does not belong there, or one is missing.",
        found,
    )


def precision(evidence: Evidence) -> Iterator[Reason]:
    """Digits of single precision in double, or a constant with few digits."""
    single, rough = [], []
    for at, (mine, wanted) in evidence.numbers.items():
        if mine.shape != wanted.shape or mine.dtype.kind != "f" or wanted.dtype != np.float64 or not wanted.size:
            continue
        scale = float(np.max(np.abs(wanted), initial=0.0))
        if not scale or not np.isfinite(mine).all():
            continue
        error = float(np.max(np.abs(mine.astype(np.float64) - wanted))) / scale
        if error < 3e-6 and (mine.dtype == np.float32 or np.array_equal(mine.astype(np.float32).astype(np.float64), mine)):
            single.append(at)
        elif error < ROUGH and not evidence.repeats:
            rough.append(at)
    yield from reason(
        "single-precision",
        "The numbers are right to seven digits: a step computes in float32. Keep the dtype of the input.",
        single,
    )
    yield from reason(
        "few-digits",
        "Nearly right. A constant has too few digits, a tiny number is added where none belongs, or a loop stops too early.",
        rough,
    )


# Places --------------------------------------------------------------------------------------------------------------


def exchanged(evidence: Evidence) -> Iterator[Reason]:
    """Two entries of the answer that have changed places."""
    pairs: dict[tuple[str, str], list[Difference]] = {}
    for case in evidence.said if evidence.check.by_entry else ():
        answer, expected = evidence.answers[case], evidence.expected[case]
        if answer.ending is not Ending.RETURNED:
            continue
        names = [
            name
            for name, value in expected.observation.items()
            if isinstance(value, np.ndarray) and not name.startswith("effect")
        ]
        mine = {name: answer.observation.get(name) for name in names}
        for one, other in itertools.combinations(names[:40], 2):
            a, b = expected.observation[one], expected.observation[other]
            if _same(mine[one], b) and _same(mine[other], a) and not _same(a, b):
                pairs.setdefault((one, other), []).extend(at for at in evidence.differences if at.case == case)
    for (one, other), differences in sorted(pairs.items(), key=lambda item: -len(item[1]))[:1]:
        yield from reason("exchanged", f"`{one}` and `{other}` have changed places.", differences)


def results_exchanged(evidence: Evidence) -> Iterator[Reason]:
    """Two values that are returned in the other order, and have different parts."""
    names = tuple(getattr(evidence.check, "returns", ()) or ())
    for one, other in itertools.combinations(names, 2):
        found = []
        for at in evidence.differences:
            mine, wanted = (
                {_split(name) for name in answers[at.case].observation} for answers in (evidence.answers, evidence.expected)
            )
            turned = {({one: other, other: one}.get(name, name), rest) for name, rest in mine if not name.startswith(EFFECT)}
            if mine != wanted and turned == {pair for pair in wanted if not pair[0].startswith(EFFECT)}:
                found.append(at)
        yield from reason(
            "results-exchanged", f"The two results have changed places. The order is: return {', '.join(names)}.", found
        )


def _split(name: str) -> tuple[str, str]:
    """The name of a result, and the way from there to one of its parts."""
    found = re.match(r"\w+", name)
    return (found[0], name[found.end() :]) if found else (name, "")


def _same(one: Value | None, other: Value) -> bool:
    return (
        isinstance(one, np.ndarray)
        and isinstance(other, np.ndarray)
        and one.shape == other.shape
        and one.dtype.kind == other.dtype.kind
        and bool(np.allclose(one, other, rtol=CLOSE, atol=1e-9))
    )


def echo(evidence: Evidence) -> Iterator[Reason]:
    """What comes back as it went in."""
    found: dict[Difference, str] = {}
    for at, (mine, _) in evidence.numbers.items():
        if not mine.size or mine.dtype.kind != "f" or not _digits(mine):
            continue
        for path, array in leaves_of(evidence.cases[at.case].inputs).items():
            if array.dtype.kind == "f" and array.shape == mine.shape and np.array_equal(array.astype(mine.dtype), mine):
                found[at] = path
    names = list(dict.fromkeys(at.entry.rpartition(".")[2] for at in found if at.entry != "answer"))
    which = f"`{names[0]}`" if len(names) == 1 else f"{', '.join(f'`{name}`' for name in names[:3])}" if names else "The answer"
    come = "comes" if len(names) < 2 else "come"
    yield from reason(
        "unchanged",
        f"{which} {come} back as {'it' if come == 'comes' else 'they'} went in: nothing is computed for it.".replace(
            "for it", "there"
        ),
        found,
    )


def rows_alike(evidence: Evidence) -> Iterator[Reason]:
    """A list that holds one array many times."""
    found = [
        at
        for at, (mine, wanted) in evidence.numbers.items()
        if mine.ndim > 1
        and mine.shape == wanted.shape
        and len(mine) > 2
        and (mine == mine[0]).all()
        and not (wanted == wanted[0]).all()
    ]
    yield from reason(
        "rows-alike",
        "Every row is the same, as the last one should be: the list holds one array many times, which is changed in place. "
        "Store copies.",
        found,
    )


def cut(evidence: Evidence) -> Iterator[Reason]:
    """An axis that is too short or too long, the rest being right."""
    found: dict[tuple[str, bool], list[Difference]] = {}
    for at, (mine, wanted) in evidence.numbers.items():
        if mine.ndim != wanted.ndim or mine.dtype.kind != wanted.dtype.kind or mine.shape == wanted.shape or not mine.ndim:
            continue
        axes = [axis for axis in range(mine.ndim) if mine.shape[axis] != wanted.shape[axis]]
        short = all(mine.shape[axis] < wanted.shape[axis] for axis in axes)
        if not short and not all(mine.shape[axis] > wanted.shape[axis] for axis in axes):
            continue
        small, big = (mine, wanted) if short else (wanted, mine)
        if not small.size:
            continue
        ways = {"end": slice(None), "start": slice(None)}
        for way in ways:
            place = tuple(
                (slice(0, small.shape[axis]) if way == "end" else slice(big.shape[axis] - small.shape[axis], None))
                if axis in axes
                else slice(None)
                for axis in range(big.ndim)
            )
            if (way == "start" and small.size < 3) or small.size == 0:
                continue
            if np.allclose(big[place], small, rtol=CLOSE, atol=1e-9, equal_nan=small.dtype.kind == "f"):
                found.setdefault(
                    (f"{way}|{'rows' if axes == [0] else 'columns' if axes == [1] else 'places'}", short), []
                ).append(at)
                break
    for (key, short), differences in found.items():
        way, _, what = key.partition("|")
        mine, wanted = evidence.numbers[differences[0]]
        if short and way == "end" and mine.ndim == 1:
            sentence = (
                f"Right as far as it goes, but it ends too early: {len(mine)} of {len(wanted)}. Does a `return` or `break` "
                f"stand inside "
                "the loop, or does the loop run one turn too few?"
            )
            yield from reason("ends-early", sentence, differences)
        elif short:
            where = "last" if way == "end" else "first"
            yield from reason("part-missing", f"All that is there is right, but the {where} {what} are missing.", differences)
        elif way == "end" and mine.ndim == 1:
            yield from reason(
                "goes-on",
                f"Right at first, and then it goes on: {len(mine)} where {len(wanted)} are expected. What should end the loop?",
                differences,
            )
        else:
            where = "end" if way == "end" else "start"
            yield from reason(
                "part-too-many",
                f"Right, but for {what} too many at the {where}: look at how their number is computed.",
                differences,
            )


def fixed_size(evidence: Evidence) -> Iterator[Reason]:
    """A length that stays the same whatever is asked for."""
    shapes = {
        at: (mine.shape, wanted.shape)
        for at, (mine, wanted) in evidence.numbers.items()
        if mine.ndim == wanted.ndim and mine.shape != wanted.shape
    }
    for axis in range(max((len(mine) for mine, _ in shapes.values()), default=0)):
        sizes = {at: (mine[axis], wanted[axis]) for at, (mine, wanted) in shapes.items() if axis < len(mine)}
        limit = next(_limits(evidence, sizes), "") if sizes else ""
        if limit and any(size > wanted for size, wanted in sizes.values()):
            sentence = f"There are always as many as `{limit}` says: nothing ends the loop earlier, though something should."
            yield from reason("never-stops", sentence, sizes)
            return
        got = {mine for mine, _ in sizes.values()}
        if len(sizes) > 1 and len(got) == 1 and len({wanted for _, wanted in sizes.values()}) > 1 and not got & {0, 1}:
            crashed = [
                at
                for at in evidence.differences
                if evidence.answers[at.case].ending is Ending.RAISED and not evidence.cases[at.case].raises
            ]
            yield from reason(
                "fixed-size",
                f"There are always {got.pop()} {'rows' if axis == 0 else 'columns'}: a size is written down that should "
                f"come from the input.",
                [*sizes, *crashed],
            )
            return


def _limits(evidence: Evidence, sizes: Mapping[Difference, tuple[int, int]]) -> Iterator[str]:
    """The names of the single numbers among the inputs that the sizes equal, by argument or by default."""
    for name in dict.fromkeys(name for case in evidence.cases.values() for name in case.inputs):
        values = [evidence.cases[at.case].inputs.get(name, evidence.defaults.get(name)) for at in sizes]
        if all(type(value) is int and value == size for value, (size, _) in zip(values, sizes.values(), strict=True)):
            yield name


def permuted(evidence: Evidence) -> Iterator[Reason]:
    """The right numbers at other places."""
    found: dict[str, list[Difference]] = {}
    for at, (mine, wanted) in evidence.numbers.items():
        if mine.size < 2 or mine.size != wanted.size or mine.dtype.kind not in "fiu":
            continue
        a, b = mine.astype(np.float64), wanted.astype(np.float64)
        if not (np.isfinite(a).all() and np.isfinite(b).all()) or np.ptp(b) == 0:
            continue
        if a.shape == b.shape and np.allclose(a, b, CLOSE, 1e-9):
            continue
        for axes in itertools.permutations(range(a.ndim)) if 1 < a.ndim <= 4 else ():
            if (
                axes != tuple(range(a.ndim))
                and np.transpose(a, axes).shape == b.shape
                and np.allclose(np.transpose(a, axes), b, CLOSE, 1e-9)
            ):
                found.setdefault("axes", []).append(at)
                break
        else:
            if a.shape == b.shape:
                turned = [axis for axis in range(a.ndim) if np.allclose(np.flip(a, axis), b, CLOSE, 1e-9)]
                if turned:
                    found.setdefault("reversed", []).append(at)
                elif np.allclose(np.sort(a, axis=None), np.sort(b, axis=None), CLOSE, 1e-9):
                    found.setdefault("order", []).append(at)
            elif np.allclose(a.ravel(), b.ravel(), CLOSE, 1e-9):
                found.setdefault("shape", []).append(at)
    yield from reason(
        "axes-exchanged",
        "The numbers are right, but axes have changed places: write down what each axis stands for.",
        found.get("axes", ()),
    )
    yield from reason(
        "reversed",
        "The numbers are right, but in reverse order: which end does the definition begin with?",
        found.get("reversed", ()),
    )
    yield from reason("other-order", "The numbers are right, but in another order.", found.get("order", ()))
    yield from reason(
        "other-shape",
        "The numbers are right, the shape is not: an axis is too many, lost, or joined to another.",
        found.get("shape", ()),
    )


# Models ---------------------------------------------------------------------------------------------------------------

LAYERS = "layers"  # the entry that describes a model, layer by layer: "Dense(64, relu) > Dense(4, linear)"
SETTINGS = {
    "padding": "A layer pads in another way: with `same` an image keeps its size, with `valid` it shrinks. Which one is "
    "described?",
    "bias_regularizer": "Biases are penalised, too. A bias only shifts a unit: the penalty is about the kernels.",
    "kernel_regularizer": "A regulariser is missing, or stands on a kernel where none is asked for. Over which layers does "
    "the sum run?",
    "activation": "A layer has another activation than the one described. A hidden layer has to bend; what the last one "
    "does depends "
    "on the loss.",
    "no": "A layer has no bias, or has one where none is asked for. Which layers of the description have biases?",
    "size": "A layer has another number of units than the description says. Which argument is it, and in which order?",
}


def layers(evidence: Evidence) -> Iterator[Reason]:
    """What distinguishes a model from the one that was asked for: a layer more or less, or a setting of a layer."""
    found: dict[tuple[str, str], list[Difference]] = {}
    for at in evidence.differences:
        mine, wanted = (answers[at.case].observation.get(LAYERS) for answers in (evidence.answers, evidence.expected))
        if isinstance(mine, str) and isinstance(wanted, str) and mine != wanted:
            found.setdefault(_of_layers(mine.split(" > "), wanted.split(" > ")), []).append(at)
    for (id, sentence), differences in found.items():
        yield from reason(id, sentence, differences)


def _of_layers(mine: list[str], wanted: list[str]) -> tuple[str, str]:
    kinds, wanted_kinds = ([layer.partition("(")[0] for layer in layers] for layers in (mine, wanted))
    for kind in dict.fromkeys([*wanted_kinds, *kinds]):
        if kinds.count(kind) < wanted_kinds.count(kind):
            return (
                "layer-missing",
                f"A layer is missing, of the kind {kind}. Compare `model.summary()` with the description, line by line.",
            )
        if kinds.count(kind) > wanted_kinds.count(kind):
            return (
                "layer-too-many",
                f"There is a layer too many, of the kind {kind}. Compare `model.summary()` with the description.",
            )
    if kinds != wanted_kinds:
        return "layers-in-order", "The layers are the right ones, but in another order."
    one, other = next((a, b) for a, b in zip(mine, wanted, strict=True) if a != b)
    parts = [layer.partition("(")[2].removesuffix(")").split(", ") for layer in (one, other)]
    differing = [part for part in (*parts[0], *parts[1]) if (part in parts[0]) != (part in parts[1])]
    for part in differing:
        name = part.split(" ")[0]
        if name in SETTINGS:
            return f"layer-{name.replace('_', '-')}", SETTINGS[name]
        if " " in part:
            return f"layer-{name.replace('_', '-')}", f"A layer has another `{name}` than the description says."
    if parts[0][-1] != parts[1][-1] and parts[0][:-1] == parts[1][:-1]:
        return "layer-activation", SETTINGS["activation"]
    return "layer-size", SETTINGS["size"]


# Which cases ---------------------------------------------------------------------------------------------------------


def plain_contrast(evidence: Evidence) -> Iterator[Reason]:
    """Another number of axes, nothing at all, whole numbers: what a function often takes for granted."""
    yield from _contrast(evidence, PLAIN_RANK)


def contrast(evidence: Evidence) -> Iterator[Reason]:
    """What all wrong cases have and no right one has."""
    yield from _contrast(evidence, LAST_RANK)


def _contrast(evidence: Evidence, rank: int) -> Iterator[Reason]:
    wrong = list(dict.fromkeys(at.case for at in evidence.differences if not evidence.cases[at.case].raises))
    right = [name for name in evidence.right if not evidence.cases[name].raises and not evidence.cases[name].trivial]
    if not wrong or not right:
        return
    features = {name: _features(evidence, name) for name in (*wrong, *right)}
    shared = sorted(set.intersection(*(features[name] for name in wrong)))
    telling = [feature for feature in shared if feature[0] <= rank and not any(feature in features[name] for name in right)]
    if not telling and rank > PLAIN_RANK:  # two features that no right case has together
        telling = [
            (one[0] + other[0], f"{one[1]} and {other[1]}", other[2], f"{one[3]}-{other[3]}")
            for one, other in itertools.combinations(shared, 2)
            if one[3] != other[3]
            and one[1].startswith("with `")
            and other[1].startswith("with `")
            and not any({one, other} <= features[name] for name in right)
        ]
    best = [feature for feature in telling if feature[0] == min(telling)[0]]
    if best and len({feature[3] for feature in best}) <= AMBIGUOUS:  # of many features it may be any
        _, words, question, id = best[0]
        differences = [at for at in evidence.differences if at.case in wrong]
        yield from reason(f"only-{id}", f"All cases {words} are wrong, all others are right. {question}", differences)


def _features(evidence: Evidence, case: str) -> set[tuple[int, str, str, str]]:
    """What is particular about the inputs of a case: rank, words, question, id."""
    found: set[tuple[int, str, str, str]] = set()
    for name, value in {**evidence.defaults, **evidence.cases[case].inputs}.items():
        if name == "cotangent":
            found.add(
                (9, "that ask for the gradient", "The values are right: which step has no slope, or another one?", "gradient")
            )
        elif isinstance(value, np.ndarray):
            found.update(_features_of_array(name, value))
        elif isinstance(value, bool) or value is None:
            found.add((2, f"with `{name}={value}`", f"What has to be different when `{name}` is {value}?", f"with-{name}"))
        elif isinstance(value, str):
            found.add((2, f"with `{name}={value!r}`", f"What does `{name}={value!r}` ask for?", f"with-{name}"))
        elif isinstance(value, float | int):
            found.update(_features_of_number(name, value))
        elif isinstance(value, list | tuple | dict):
            question = f"Does the function hold for any number of parts of `{name}`?"
            found.add((4, f"in which `{name}` has {len(value)} parts", question, f"length-{name}"))
            if not value:
                found.add((0, f"in which `{name}` is empty", "What is the answer when there is nothing to work on?", "empty"))
    return found


def _features_of_number(name: str, value: float) -> Iterator[tuple[int, str, str, str]]:
    if value == 0:
        yield 2, f"with `{name}=0`", f"What does `{name}` = 0 mean, and does an `if {name}` tell it from None?", f"zero-{name}"
    for bound in (0, 1, 2):
        if value > bound:
            yield 3, f"with `{name}` above {bound}", f"Where is `{name}` used?", f"large-{name}"
        if value < bound:
            yield 3, f"with `{name}` below {bound}", f"Where is `{name}` used?", f"small-{name}"
    yield 5, f"with `{name}={value:g}`", f"Where is `{name}` used?", f"with-{name}"
    if isinstance(value, int) and value % 2 == 0:
        yield 6, f"with an even `{name}`", "A half of an even number is whole, of an odd one it is not.", f"even-{name}"
    if isinstance(value, int) and value % 2:
        yield 6, f"with an odd `{name}`", "A half of an even number is whole, of an odd one it is not.", f"odd-{name}"


def _features_of_array(name: str, value: Array) -> Iterator[tuple[int, str, str, str]]:
    axes = {0: "no axis (a single number)", 1: "one axis"}.get(value.ndim, f"{value.ndim} axes")
    question = f"Count the axes of `{name}` from the end (-1), and the function holds for any number of them."
    yield 1, f"in which `{name}` has {axes}", question, f"axes-{name}"
    if value.ndim > 1:
        yield 1, f"in which `{name}` has more than one axis", question, f"axes-{name}"
    if value.ndim > 2:
        yield 1, f"in which `{name}` has more than two axes", question, f"axes-{name}"
    if not value.size:
        yield 0, f"in which `{name}` is empty", "What is the answer when there is nothing to work on?", "empty"
        return
    if value.ndim and len(value) == 1:
        yield (
            3,
            f"in which `{name}` has one row",
            "With one row, does a mean, a squeeze or a loop do something else?",
            f"one-row-{name}",
        )
    if value.dtype.kind in "iu":
        yield (
            2,
            f"with whole numbers in `{name}`",
            "An array made like an input of whole numbers cannot hold decimals.",
            f"whole-{name}",
        )
    if value.dtype == np.float32:
        yield 3, f"with float32 in `{name}`", "Which step changes the dtype, or needs more than seven digits?", f"float32-{name}"
    if value.dtype == np.float64:
        yield 8, f"with float64 in `{name}`", "Which step turns it into float32?", f"float64-{name}"
    if value.dtype.kind not in "fiu":
        return
    if np.abs(value).max() >= LARGE_INPUT:
        yield 3, f"with large numbers in `{name}`", "Which step on the way becomes too large, or is cut?", f"large-{name}"
    if (value == 0).any():
        yield 5, f"with an exact 0 in `{name}`", "What do your formula and the definition say at 0?", f"zero-{name}"
    if (value < 0).any():
        yield 6, f"with negative numbers in `{name}`", "Does your formula hold for both signs?", f"negative-{name}"
    if value.ndim == 2 and value.shape[0] != value.shape[1]:
        yield 4, f"in which `{name}` is not square", f"Which of the two sides of `{name}` is used where?", f"sides-{name}"
    if value.ndim == 2 and (value == value[:1]).all(axis=0).any() and len(value) > 1:
        yield (
            4,
            f"in which a column of `{name}` is constant",
            "What is its spread, and what is divided by it?",
            f"constant-{name}",
        )


def _quoted(differences: list[Difference]) -> str:
    return ", ".join(f'"{name}"' for name in list(dict.fromkeys(at.case for at in differences))[:3])


# In the order in which they are believed: what is exact first, what only says where last.
EXACT: tuple[Sign, ...] = (returns_nothing, leaves_tape, not_refused, effects, results_exchanged, exchanged, factor, relation)
CLEAR: tuple[Sign, ...] = (layers, cut, permuted, rows_alike, echo, precision, offset, plain_contrast, errors)
LOOSE: tuple[Sign, ...] = (fixed_size, not_finite, contrast, endless)
