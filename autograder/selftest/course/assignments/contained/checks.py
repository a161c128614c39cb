"""An assignment to be attacked: one function is the attacker's, those around it are honest and must keep their points."""

import numpy as np

from autograder import Assignment, Budget, Outputs


def numbers(rng):
    return {name: {"x": np.round(rng.uniform(1, 9, shape), 2)} for name, shape in (("vector", 6), ("matrix", (3, 4)))}


assignment = Assignment(
    title="Contained",
    files=["contained.py"],
    timeout=3.0,
    budget=Budget(memory=300 * 2**20, disk=64 * 2**20, total=15.0),  # little: what takes too much is soon found out
    imports=("tensorflow", "keras"),
    checks=[
        Outputs("double", on=numbers, points=25),
        Outputs("attacked", on=numbers, points=25),
        Outputs("slope", on=numbers, points=25),
        Outputs("normalized", on=numbers, points=25),
    ],
)
