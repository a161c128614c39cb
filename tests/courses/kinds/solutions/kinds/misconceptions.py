"""Known mistakes: one in a method, one in a function."""

from autograder import Misconception

misconceptions = [
    Misconception(
        "fit-keeps-the-bias",
        "Perceptron.fit",
        "The bias is learnt, too: it is a weight whose input is always 1.",
        ("self.b = self.b + self.rate * label", "pass"),
    ),
    Misconception("mean-is-sum", "by_city", "That is the sum of the ages, not their mean.", ('age="mean"', 'age="sum"')),
]
