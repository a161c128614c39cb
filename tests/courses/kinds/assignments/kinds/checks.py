"""A class, a table, complex numbers, texts and an essay; each student has inputs of their own."""

import numpy as np

from autograder import Assignment, ByHand, Outputs, Table


def rows(rng):
    def case(n, d, **more):
        X = np.round(rng.normal(size=(n, d)), 2)
        X[0] = 0  # whose class only the bias can give
        return {"X": X, "y": np.where(X[:, 0] + 0.3 > 0, 1, -1), **more}

    return {"typical": case(6, 3), "another rate": case(5, 2, rate=0.5, epochs=2)}


def people(rng):
    cities = ["Ulm", "Bonn", "Kiel"]
    return {
        "typical": {"people": Table(city=[cities[i] for i in rng.integers(0, 3, 9)], age=rng.integers(18, 80, 9))},
        "one person": {"people": Table(city=["Ulm"], age=rng.integers(18, 80, 1))},
    }


def equations(rng):
    def draw():
        return complex(np.round(rng.normal(), 2), np.round(rng.normal(), 2))

    return {"typical": {"b": draw(), "c": draw()}, "far apart": {"b": draw() + 9, "c": draw()}}


def names(rng):
    some = ["Ada Lovelace", "Alan Turing", "Grace Brewster Hopper", "Sophie Germain"]
    first, *others = [some[i] for i in rng.permutation(4)]
    return {"typical": {"names": others}, "one name": {"names": [first]}}


assignment = Assignment(
    title="Other kinds",
    files=["kinds.py"],
    points=50,
    own_inputs=True,
    checks=[
        Outputs("Perceptron.fit", on=rows, points=12, state=("w", "b"), hint="Change w and b only where a row is wrong."),
        Outputs("Perceptron.predict", on=rows, points=8, before=("fit",), depends=("Perceptron.fit",)),
        Outputs("by_city", on=people, points=8, imports=("pandas",), hint="Group the rows, then take the mean."),
        Outputs("roots", on=equations, points=6, hint="The root of a negative number is complex."),
        Outputs("initials", on=names, points=6),
        ByHand("essay", points=10, rubric="5 points: what a line can part. 5 points: why XOR needs two of them."),
    ],
)
