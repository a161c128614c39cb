"""Known wrong answers of the small assignment."""

from autograder import Misconception

misconceptions = [
    Misconception(
        "total-is-mean", "total", "That is the mean; the sum was asked for.", ("np.sum(x)", "np.mean(x) if len(x) else 0")
    ),
    Misconception("total-is-max", "total", "That is the largest entry.", ("np.sum(x)", "np.max(x) if len(x) else 0")),
    Misconception("scale-adds", "scale", "You add the factor.", ("x * float", "x + float")),
    Misconception(
        "sell-in-place",
        "sell",
        "The caller's stock was emptied.",
        (
            "left = {name: stock[name] - sold[name] for name in stock}",
            "left = stock\n    for name in left:\n        left[name] -= sold[name]",
        ),
    ),
    Misconception("total-by-hand", "total", "Another way.", ("float(np.sum(x))", "float(sum(np.ravel(x)))"), harmless=True),
]
