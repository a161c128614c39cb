"""How two arrays differ, in one sentence.

The sentence goes from the coarse to the fine: no array at all, the shape, the kind of number, nan, then a relation
that explains every entry at once (a factor, the sign, a transpose, an offset, an order), else the worst entry and how
many differ. A factor teaches more than a number: "every entry is 8 times the expected value" is a forgotten mean.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from autograder.observation.parts import Array, Odd, Texts, Value

KIND_WORDS = {
    "b": "truth values (bool)",
    "i": "whole numbers (int)",
    "u": "whole numbers (int)",
    "f": "floats",
    "c": "complex numbers",
}
SHOWN_WORD = 80  # characters of a text in a sentence
NEARLY = 1e-4  # an answer within this of the expected one is inexact rather than wrong
RELATION_RTOL = 1e-5  # a relation is only named if it holds for every entry to five digits


def explain_difference(
    actual: Value,
    expected: Value,
    *,
    rtol: float = 1e-5,
    atol: float = 1e-8,
    exact_dtype: bool = False,
    rows: int | None = None,
) -> str:
    """Say how `actual` differs from `expected`, or return "" if it does not.

    Two arrays agree if they have the same shape and kind, are finite in the same places, and
    |actual - expected| <= atol + rtol |expected| in float64.

    Args:
        actual: the answer of the implementation.
        expected: the answer of the reference.
        rtol: relative tolerance.
        atol: absolute tolerance.
        exact_dtype: require the same dtype (float32 stays float32), not only the same kind.
        rows: the batch size N, so that a factor of N can be explained as a missing mean or sum.

    >>> explain_difference(np.array([2.0, 4.0]), np.array([1.0, 2.0]))
    'every entry is 2 times the expected value'
    """
    form = explain_form(actual, expected, exact_dtype=exact_dtype)
    if form or not isinstance(actual, np.ndarray) or not isinstance(expected, np.ndarray):
        return form
    return _explain_numbers(actual, expected, rtol, atol, rows)


def explain_form(actual: Value, expected: Value, *, exact_dtype: bool = False) -> str:
    """Say how two values differ in form, before any numbers are compared: array or not, shape, kind."""
    if not isinstance(actual, np.ndarray) or not isinstance(expected, np.ndarray):
        return _explain_words(actual, expected)
    return _explain_shape(actual, expected) or _explain_kind(actual, expected, exact_dtype)


def is_close(actual: Array, expected: Array, rtol: float, atol: float) -> bool:
    """Whether two arrays of one shape agree everywhere; nan agrees with nan and inf with inf."""
    return bool(np.all(agreement(actual, expected, rtol, atol)))


def agreement(actual: Array, expected: Array, rtol: float, atol: float) -> Array:
    """Where two arrays of one shape agree; nan agrees with nan and inf with inf."""
    if expected.dtype.kind in "biu" and actual.dtype.kind in "biu":
        return np.asarray(actual == expected)
    dtype = np.complex128 if "c" in actual.dtype.kind + expected.dtype.kind else np.float64
    a, b = actual.astype(dtype), expected.astype(dtype)
    same = np.asarray(a == b)
    if same.all():  # as most answers do: a tenth of what the tolerance costs
        return same
    return np.asarray(np.isclose(a, b, rtol=rtol, atol=atol, equal_nan=True))


def number(value: Any) -> str:
    """A number as a student should read it: six significant digits, no more.

    >>> number(np.float64(0.40440422))
    '0.404404'
    """
    if np.asarray(value).dtype.kind == "f":
        return f"{float(value) + 0.0:.6g}"  # no "-0"
    return str(np.asarray(value).item())


def factor_words(factor: float, rows: int | None = None) -> str:
    """A factor in words: 8 -> "8 times", 0.25 -> "1/4 of"; the size of the batch is recognised.

    >>> factor_words(1 / 32, rows=32)
    '1/32 of the expected value (the batch has 32 rows: a mean where a sum is expected?)'
    """
    whole, inverse = round(factor), round(1 / factor)
    if abs(whole) > 1 and abs(factor / whole - 1) < 1e-4:
        words, named, guess = f"{whole} times", whole, "a sum where a mean is expected?"
    elif abs(inverse) > 1 and abs(factor * inverse - 1) < 1e-4:
        words, named, guess = f"{'-' if inverse < 0 else ''}1/{abs(inverse)} of", inverse, "a mean where a sum is expected?"
    else:
        return f"{factor:.4g} times the expected value"
    batch = f" (the batch has {rows} rows: {guess})" if rows and rows > 1 and named == rows else ""
    return f"{words} the expected value{batch}"


def relation(actual: Array, expected: Array, rows: int | None = None) -> str:
    """The one sentence that explains every entry, or "" where there is none. Both arrays are float64, finite, >= 2."""
    scale = float(np.max(np.abs(expected)))
    if scale and is_close(actual, expected, 0.0, NEARLY * scale):
        return ""
    near = {"rtol": RELATION_RTOL, "atol": RELATION_RTOL * scale if scale else 1e-12}
    if scale and not actual.any():
        return "every entry is 0"
    if scale:
        top = np.unravel_index(np.argmax(np.abs(expected)), expected.shape)
        factor = float(actual[top] / expected[top])
        if factor and factor != 1 and is_close(actual, factor * expected, **near):
            if abs(factor + 1) < 1e-4:
                return "every entry has the wrong sign"
            return f"every entry is {factor_words(factor, rows)}"
    if actual.ndim == 2 and actual.shape[0] == actual.shape[1] > 1 and is_close(actual.T, expected, **near):
        return "it is transposed: rows and columns are exchanged"
    offset = float(np.mean(actual - expected))
    if abs(offset) > 1e-4 * scale and is_close(actual - offset, expected, rtol=1e-6, atol=1e-6 * max(scale, abs(offset))):
        return f"every entry is off by the same number, {number(np.float64(offset))}"
    return _order(actual, expected, near)


def _order(actual: Array, expected: Array, near: dict[str, float]) -> str:
    if not np.ptp(expected) > near["atol"]:
        return ""
    if actual.ndim == 1 and is_close(actual[::-1], expected, **near):
        return "the numbers are right, but in reverse order"
    if actual.ndim == 2 and len(actual) > 1:
        by_row = np.lexsort(np.round(actual, 6).T[::-1]), np.lexsort(np.round(expected, 6).T[::-1])
        if is_close(actual[by_row[0]], expected[by_row[1]], **near):
            return "the rows are right, but in another order"
    if is_close(np.sort(actual, axis=None), np.sort(expected, axis=None), **near):
        return "the numbers are right, but in another order"
    return ""


def form_words(expected: Value) -> str:
    """What is expected, before its numbers: "a number", "an array of shape (3,)", or the text itself."""
    if isinstance(expected, Odd):
        return expected.what
    if isinstance(expected, str):
        return expected or "nothing"
    if isinstance(expected, Texts):
        return _shown(expected.words[0]) if expected.shape == () else f"{expected.kind} of shape {expected.shape}"
    if expected.dtype.kind == "c" and expected.ndim == 0:
        return "a complex number"
    if expected.ndim == 0:
        return "a number" if expected.dtype.kind != "b" else "True or False"
    return f"an array of shape {expected.shape}"


def in_form(actual: Mapping[str, Value], expected: Mapping[str, Value]) -> dict[str, Value] | None:
    """An answer with every array in the form of the expected one; None where nothing is to be changed."""
    found = dict(actual)
    for name, wanted in expected.items():
        mine = actual.get(name)
        if isinstance(mine, np.ndarray) and isinstance(wanted, np.ndarray):
            formed = as_asked(mine, wanted)
            found[name] = mine if formed is None else formed
    return found if any(found[name] is not value for name, value in actual.items()) else None


def as_asked(mine: Array, wanted: Array) -> Array | None:
    """An array in the dtype and shape that was asked for; None where it has them already, or cannot be brought into them.

    >>> as_asked(np.array([[1.0], [0.0]]), np.array([True, False]))
    array([ True, False])
    >>> as_asked(np.array([1e300]), np.array([1])) is None
    True
    """
    if mine.dtype.kind not in "fiub" or wanted.dtype.kind not in "fiub" or mine.size != wanted.size:
        return None
    same_shape = mine.shape == wanted.shape
    if not same_shape and mine.ndim == wanted.ndim:  # axes that have changed places are no matter of form
        return None
    if not same_shape and [size for size in mine.shape if size != 1] != [size for size in wanted.shape if size != 1]:
        return None
    if same_shape and mine.dtype == wanted.dtype:
        return None
    if mine.dtype.kind == wanted.dtype.kind and same_shape and mine.dtype.kind != "f":
        return None
    if mine.dtype.kind == "b" and wanted.dtype.kind == "f":  # what is true or false says nothing about a number with decimals
        return None
    values = mine.astype(np.float64)
    if wanted.dtype.kind in "iub" and not np.array_equal(values, np.rint(values)):
        return None
    if wanted.dtype.kind == "b" and not np.isin(values, (0, 1)).all():
        return None
    if wanted.dtype.kind in "iu" and values.size:
        least, most = np.iinfo(wanted.dtype).min, np.iinfo(wanted.dtype).max
        if values.min() < least or values.max() >= most + 1:  # the largest of 64 bits has no float64 of its own
            return None
    with np.errstate(over="ignore"):  # a number too large for a less precise type is infinite there
        return values.astype(wanted.dtype).reshape(wanted.shape)


def _explain_words(actual: Value, expected: Value) -> str:
    wanted = form_words(expected)
    if isinstance(actual, Odd):
        same = isinstance(expected, Odd) and _as_list(actual.what) == _as_list(expected.what)
        return "" if same else f"it is {actual.what}; expected {wanted}"
    if isinstance(actual, Texts) and isinstance(expected, Texts):
        return _explain_texts(actual, expected)
    if isinstance(actual, Texts):
        return f"it is {form_words(actual)}; expected {wanted}"
    if isinstance(actual, str):
        if isinstance(expected, str):
            return "" if actual == expected else f"it is {actual or 'nothing'}; expected {wanted}"
        return f"it is a str, {actual[:40]!r}; expected {wanted}"
    return f"it is {form_words(actual) if actual.ndim == 0 else f'an array of shape {actual.shape}'}; expected {wanted}"


def _as_list(what: str) -> str:
    """A tuple is as good as a list, as it is for numbers."""
    return what.replace("a tuple of", "a list of")


def _explain_texts(actual: Texts, expected: Texts) -> str:
    """The first word that differs; before it, what they are and how many."""
    if actual.kind != expected.kind:
        return f"it holds {actual.kind}; expected {expected.kind}"
    if actual.shape != expected.shape:
        return f"the shape is {actual.shape}; expected {expected.shape}"
    wrong = [place for place, (a, b) in enumerate(zip(actual.words, expected.words, strict=True)) if a != b]
    if not wrong:
        return ""
    words = f"{_shown(actual.words[wrong[0]])}; expected {_shown(expected.words[wrong[0]])}"
    if actual.shape == ():
        return f"it is {words}"
    if sorted(actual.words) == sorted(expected.words):
        return f"the {actual.kind} are right, but in another order"
    place = ", ".join(str(int(i)) for i in np.unravel_index(wrong[0], actual.shape))
    many = f"{len(wrong)} of {len(actual.words)} {actual.kind} {'differs' if len(wrong) == 1 else 'differ'}"
    return f"{many},{'' if len(wrong) == 1 else ' first'} at [{place}]: {words}"


def _shown(word: str) -> str:
    """A word as it may stand in a sentence: in quotes, without control characters, cut where it is long."""
    return repr(word) if len(word) <= SHOWN_WORD else f"{word[:SHOWN_WORD]!r} …"


def _explain_shape(actual: Array, expected: Array) -> str:
    if actual.shape == expected.shape:
        return ""
    sentence = f"the shape is {actual.shape}; expected {expected.shape}"
    if actual.ndim == 2 and actual.shape == expected.shape[::-1] and np.allclose(actual.T, expected, RELATION_RTOL):
        return f"{sentence}: it is transposed"
    if actual.size and actual.size == expected.size and np.allclose(actual.ravel(), expected.ravel(), RELATION_RTOL):
        return f"{sentence}; the numbers are right"
    return sentence


def _explain_kind(actual: Array, expected: Array, exact_dtype: bool) -> str:
    got, wanted = actual.dtype.kind.replace("u", "i"), expected.dtype.kind.replace("u", "i")
    if got != wanted:
        return f"it holds {KIND_WORDS[got]}; expected {KIND_WORDS[wanted]}"
    if exact_dtype and actual.dtype != expected.dtype:
        return f"the dtype is {actual.dtype}; expected {expected.dtype}"
    return ""


def _explain_numbers(actual: Array, expected: Array, rtol: float, atol: float, rows: int | None) -> str:
    agree = agreement(actual, expected, rtol, atol)
    if agree.all():
        return ""
    if "c" in actual.dtype.kind + expected.dtype.kind:
        return _explain_complex(actual, expected, rtol, atol)
    if expected.dtype.kind == "b":
        return _explain_entries(actual, expected, agree)
    a, b = actual.astype(np.float64), expected.astype(np.float64)
    for test, word in ((np.isnan, "nan"), (np.isinf, "infinite")):
        wrong = test(a) & ~test(b)
        if wrong.any():
            verb = "is" if wrong.sum() == 1 else "are"
            return f"it is {word}" if actual.ndim == 0 else f"{wrong.sum()} of {wrong.size} entries {verb} {word}"
    if np.isfinite(a).all() and np.isfinite(b).all():
        sentence = _nearly_right(a, b, rtol) or (relation(a, b, rows) if a.size > 1 else "")
        if sentence:
            return sentence
    return _explain_entries(actual, expected, agree)


def _explain_complex(actual: Array, expected: Array, rtol: float, atol: float) -> str:
    """What is wrong with complex numbers: their conjugate, else the first of real and imaginary part that differs."""
    if is_close(np.conj(actual), expected, rtol, atol):
        return "it is the complex conjugate: every imaginary part has the wrong sign"
    scale = rtol * float(np.max(np.abs(expected[np.isfinite(expected)]), initial=0.0))
    for word, a, b in (("real", actual.real, expected.real), ("imaginary", actual.imag, expected.imag)):
        sentence = _explain_numbers(a, b, 0.0, atol + scale, None)
        if sentence:
            return f"in the {word} part, {sentence}"
    return _explain_numbers(np.abs(actual - expected), np.zeros(expected.shape), 0.0, 0.0, None)


def _nearly_right(actual: Array, expected: Array, rtol: float) -> str:
    """Another precision or another step size, not another formula."""
    scale = float(np.max(np.abs(expected)))
    error = float(np.max(np.abs(actual - expected))) / scale if scale else np.inf
    if not rtol < error < NEARLY:
        return ""
    return f"nearly right, but not precise enough: the largest error is {error:.1g} of the largest entry; allowed {rtol:g}"


def _explain_entries(actual: Array, expected: Array, agree: Array) -> str:
    if actual.ndim == 0:
        return f"it is {number(actual)}; expected {number(expected)}{_scalar_factor(actual, expected)}"
    if actual.dtype.kind == "b":
        worst = tuple(np.argwhere(~agree)[0])
    else:
        with np.errstate(invalid="ignore"):
            gap = np.abs(actual.astype(np.float64) - expected.astype(np.float64))
        gap = np.where(agree, -1.0, np.nan_to_num(gap, nan=np.inf, posinf=np.inf))
        worst = np.unravel_index(np.argmax(gap), gap.shape)
    place = ", ".join(str(int(i)) for i in worst)
    wrong = int((~agree).sum())
    many = f"{wrong} of {agree.size} entries {'differs' if wrong == 1 else 'differ'}"
    which = "" if wrong == 1 else " most"
    return f"{many},{which} at [{place}]: {number(actual[worst])}; expected {number(expected[worst])}"


def _scalar_factor(actual: Array, expected: Array) -> str:
    """A single number proves no factor, but a round one is worth a look: 0.81 for 0.4 is twice."""
    if actual.dtype.kind == "b" or not (np.isfinite(actual) and np.isfinite(expected)) or not actual * expected:
        return ""
    factor = float(actual / expected)
    if abs(factor + 1) < 1e-6:
        return " (the sign is wrong)"
    for candidate in (factor, 1 / factor):
        if 2 <= round(abs(candidate)) <= 100 and abs(candidate / round(candidate) - 1) < 1e-6:
            words = factor_words(factor).removesuffix(" the expected value")
            return f" ({words} it)" if words.endswith("of") else f" ({words} as much)"
    return ""


def joint_relation(pairs: Sequence[tuple[Array, Array]], rows: int | None = None) -> str:
    """The relation that explains every entry of several small arrays of real numbers at once, or ""."""
    if any(array.dtype.kind == "c" for pair in pairs for array in pair):
        return ""
    actual = np.concatenate([a.astype(np.float64).ravel() for a, _ in pairs])
    expected = np.concatenate([b.astype(np.float64).ravel() for _, b in pairs])
    if actual.size < 2 or not (np.isfinite(actual).all() and np.isfinite(expected).all()):
        return ""
    return relation(actual, expected, rows)
