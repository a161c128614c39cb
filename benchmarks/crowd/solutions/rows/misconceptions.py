"""Known wrong answers of the light assignment."""

from autograder import Misconception

misconceptions = [
    Misconception(
        "rows-not-features",
        "standardize",
        "You standardize each row; a feature is a column.",
        ("mean = X.mean(axis=0)  # (d,)", "mean = X.mean(axis=1, keepdims=True)"),
    ),
    Misconception(
        "variance", "standardize", "You divide by the variance, not by its square root.", ("X.std(axis=0)", "X.var(axis=0)")
    ),
    Misconception(
        "sample-deviation",
        "standardize",
        "You divide by n - 1; here the deviation is over all n rows.",
        ("X.std(axis=0)", "X.std(axis=0, ddof=1 if len(X) > 1 else 0)"),
    ),
    Misconception("not-centred", "standardize", "The mean is not subtracted.", ("(X - mean) / safe", "X / safe")),
    Misconception("overflow", "softmax", "exp overflows for large logits.", ("z - z.max(axis=1, keepdims=True)", "z")),
    Misconception(
        "over-all-rows", "softmax", "You divide by the sum of all rows.", ("powers.sum(axis=1, keepdims=True)", "powers.sum()")
    ),
    Misconception(
        "over-columns",
        "softmax",
        "You divide by the sum of each column.",
        ("powers.sum(axis=1, keepdims=True)", "powers.sum(axis=0, keepdims=True)"),
    ),
    Misconception("counted", "accuracy", "That is how many are right, not which share.", ("np.mean(guessed", "np.sum(guessed")),
    Misconception("smallest", "accuracy", "You take the smallest probability.", ("p.argmax", "p.argmin")),
    Misconception(
        "wrong-share", "accuracy", "That is the share of wrong rows.", ("np.mean(guessed == y)", "np.mean(guessed != y)")
    ),
    Misconception("by-exp", "softmax", "Another way.", ("np.exp(shifted)", "np.e**shifted"), harmless=True),
    Misconception(
        "by-sum", "accuracy", "Another way.", ("np.mean(guessed == y)", "np.sum(guessed == y) / len(y)"), harmless=True
    ),
]
