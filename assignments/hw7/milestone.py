"""hw7: what shows that the ten programs learn, each beside the program that was handed out."""

from functools import partial

import numpy as np

from autograder import Learned, Milestone, Step
from dlkit import datasets

PLACES = 12  # of a curve
ODD = 20  # apples from a broken device
LARGEST = 1e6  # a loss beyond it is shown as this
HANDED_OUT = {  # curves of the programs as they were handed out; a test runs these again and compares
    "price_flats": {
        1: 6.01, 2: 6.0, 3: 5.99, 5: 5.98, 8: 5.96, 13: 5.93, 22: 5.88, 38: 5.79, 63: 5.65, 106: 5.42, 179: 5.04,
        300: 4.48,
    },
    "trace_wave": {
        1: 0.85, 2: 15.7, 3: 31.3, 5: 447.0, 9: 1e6,
    },
    "sort_wines": {
        1: 1.1, 2: 17.0, 3: 18.2, 4: 19.9, 7: 19.9, 11: 17.0, 18: 18.4, 29: 18.1, 47: 18.1, 76: 18.1, 124: 17.0,
        200: 17.8,
    },
    "read_signs": {
        1: 2.32, 2: 2.32, 3: 2.33, 4: 2.31, 5: 2.33, 7: 2.33, 8: 2.34, 10: 2.32,
    },
    "screen_patients": {
        1: 0.022, 2: 0.022, 3: 0.022, 4: 0.0222, 6: 0.0227, 9: 0.0257, 14: 0.041, 20: 0.135, 29: 0.554, 41: 0.964,
        60: 0.978,
    },
    "grade_apples": {
        1: 0.977, 2: 0.8, 3: 0.78, 4: 0.767, 5: 0.767, 7: 0.767, 9: 0.763, 12: 0.763, 16: 0.763, 21: 0.763,
    },
    "filter_letters": {
        1: 0.693, 2: 0.357, 4: 0.213, 6: 0.16, 9: 0.121, 14: 0.0884, 21: 0.0655, 33: 0.0462, 50: 0.033, 78: 0.0227,
        120: 0.0156,
    },
    "spot_beams": {
        1: 0.692, 2: 0.688, 3: 0.688, 4: 0.687, 5: 0.687, 6: 0.687, 8: 0.687, 10: 0.687, 12: 0.687,
    },
    "sort_stamps": {
        1: 2.33, 2: 2.33, 3: 2.33, 4: 2.32, 6: 2.31, 9: 2.28, 14: 2.23, 20: 2.18, 29: 2.11, 41: 2.05, 60: 1.96,
    },
    "read_sensors": {
        1: 31.0, 2: 14500.0, 3: 1e6,
    },
}  # fmt: skip


def places(values):
    """Where a curve is shown: more often at its beginning."""
    return np.unique(np.geomspace(1, len(values), PLACES).round().astype(int))


def curves(program, values):
    """The points of a program's curve, and of that of the program that was handed out."""
    before = HANDED_OUT.get(program, {})
    for place in map(int, places(values)):
        yours = min(float(values[place - 1]), LARGEST)
        yield place, {"yours": yours, "handed out": before.get(place, np.nan)}


def variance_explained(chart, data):
    """The share of the variance of new values that the predictions explain; 0 for what is worse than their mean, or no number."""
    missed = float(np.mean((chart["predictions"] - data.y_test) ** 2) / np.var(data.y_test))
    return 1 - missed if missed < 1 else 0.0


def right(chart, data):
    """The share of new rows that are right."""
    return float(np.mean(chart["predictions"] == data.y_test))


def right_by_model(chart, data):
    """The same, of a model that gives logits."""
    logits = np.asarray(chart["model"](data.X_test.astype(np.float32), training=False))
    said = logits[:, 0] > 0 if logits.shape[1] == 1 else logits.argmax(axis=1)
    return float(np.mean(said == data.y_test))


def balanced(chart, data):
    """The mean of the shares of the ill and of the healthy that are right."""
    said, ill = chart["predictions"] == 1, data.y_test == 1
    return float((said[ill].mean() + (~said)[~ill].mean()) / 2)


def surprise(chart, data):
    """The mean of -log p of the right kind."""
    p = np.asarray(chart["predictions"], dtype=float)[np.arange(len(data.y_test)), data.y_test]
    return float(-np.mean(np.log(p + 1e-12)))


def trained(program, judge, hw7):
    """Run a program on its data, show its loss, and judge what it says of new rows."""
    data = datasets.clinic(program)
    given = (data.X_train, data.y_train) if judge is right_by_model else (data.X_train, data.y_train, data.X_test)
    with np.errstate(all="ignore"):
        chart = getattr(hw7, program)(*given)
        yield from curves(program, chart["score" if judge is balanced else "loss"])
        return Learned(judge(chart, data))


def apples(hw7):
    """Odd apples in the same box: the share of the others that are still right, however many odd ones there are."""
    data = datasets.clinic("grade_apples")
    rng = np.random.default_rng(0)
    odd = np.column_stack([rng.uniform(150, 210, ODD), rng.uniform(300, 900, ODD)])
    shares = []
    for count in range(ODD + 1):
        chart = hw7.grade_apples(data.X_train, data.y_train, np.vstack([data.X_test, odd[:count]]))
        shares.append(float(np.mean(chart["predictions"][: len(data.X_test)] == data.y_test)))
    for place, point in curves("grade_apples", shares):
        yield place - 1, point
    return min(shares)


def letters(hw7):
    """How many answers change if each label of the new letters is turned around: none may depend on them."""
    data = datasets.clinic("filter_letters")
    charts = [hw7.filter_letters(data.X_train, data.y_train, data.X_test, y) for y in (data.y_test, 1 - data.y_test)]
    yield from curves("filter_letters", charts[0]["loss"])
    return float(np.mean(charts[0]["predictions"] != charts[1]["predictions"]))


def step(program, shows, measures, **options):
    """A step about one program, which runs as it is: repaired or not."""
    names = {"name": program.replace("_", "-"), "needs": (program,), "even_if_wrong": True, "x": "step"}
    return Step(**names | {"form": "{:.0%}", "shows": shows, "measures": measures} | options)


NEW = "share of new rows that are right"

milestone = Milestone(
    [
        step(
            "price_flats",
            "Prices of flats: the loss falls as far as the noise lets it.",
            "share of the variance of new prices that is explained",
            run=partial(trained, "price_flats", variance_explained),
            at_least=0.9,
        ),
        step(
            "trace_wave",
            "A curve through noisy points: the loss falls, and stays finite.",
            "share of the variance of new values that is explained",
            run=partial(trained, "trace_wave", variance_explained),
            at_least=0.9,
            log=True,
        ),
        step("sort_wines", "Three sorts of wine.", NEW, run=partial(trained, "sort_wines", right), at_least=0.9),
        step("read_signs", "Ten signs.", NEW, run=partial(trained, "read_signs", right), at_least=0.9, x="epoch"),
        step(
            "screen_patients",
            "The ill among many healthy people: the score of each threshold, and what the best one finds.",
            "mean share of right answers, of the ill and of the healthy",
            run=partial(trained, "screen_patients", balanced),
            at_least=0.8,
            x="threshold",
            y="score",
        ),
        step(
            "grade_apples",
            "Two sorts of apples: what is said of one does not depend on the others in the box.",
            "share of the apples that are right, at worst",
            run=apples,
            at_least=0.9,
            x="odd apples",
            y="share that is right",
        ),
        step(
            "filter_letters",
            "Advertisements: the number in the report is an honest one.",
            "share of answers that change if the labels of the new letters are turned around",
            run=letters,
            at_most=0.0,
        ),
        step("spot_beams", "Points in a beam.", NEW, run=partial(trained, "spot_beams", right_by_model), at_least=0.9, x="epoch"),
        step(
            "sort_stamps",
            "Ten kinds of stamps: the network is sure where it is right.",
            "mean of -log p of the right kind, on new stamps",
            run=partial(trained, "sort_stamps", surprise),
            at_most=0.3,
            form="{:.2f}",
        ),
        step(
            "read_sensors",
            "The state of a machine.",
            NEW,
            run=partial(trained, "read_sensors", right_by_model),
            at_least=0.9,
            log=True,
        ),
    ]
)
