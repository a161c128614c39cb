"""The grader is graded: each rule finds what it is for, in a small assignment that is broken in one place."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from autograder.assignment import load
from autograder.authoring.lint import RULES, Level, Report, Subject, lint
from autograder.authoring.lint.rates import rate, wilson
from autograder.authoring.lint.survivors import SurvivorsError, append, explained_in
from autograder.grading.references import References

REFERENCE = '''\
"""Rows."""

import numpy as np


def center(X: np.ndarray, scale: float = 1.0) -> np.ndarray:
    """Rows (n, d) without their mean, times scale."""
    return scale * (X - X.mean(axis=1, keepdims=True))


def share(y: np.ndarray, label: int) -> float:
    """How many of the labels (n,) are this one, as a share."""
    if y.size == 0:
        raise ValueError("no labels")
    return float(np.mean(y == label))
'''
STUB = '''\
"""Rows."""

import numpy as np


def center(X: np.ndarray, scale: float = 1.0) -> np.ndarray:
    """Rows (n, d) without their mean, times scale."""
    raise NotImplementedError


def share(y: np.ndarray, label: int) -> float:
    """How many of the labels (n,) are this one, as a share."""
    raise NotImplementedError
'''
CHECKS = """\
import numpy as np
from autograder import Assignment, Case, Outputs


def tables(rng):
    return {
        "not square": {"X": np.round(rng.normal(size=(4, 3)), 2) + 5},
        "square, scaled": {"X": np.round(rng.normal(size=(3, 3)), 2) + 5, "scale": 2.5},
    }


def labels(rng):
    return {
        "some": {"y": rng.permutation([0, 1, 1, 2, 2]), "label": 1},
        "none": Case({"y": np.zeros(0, int), "label": int(rng.integers(9))}, raises="ValueError"),
    }


assignment = Assignment(
    title="Rows",
    files=["rows.py"],
    checks=[Outputs("center", on=tables, points=60), Outputs("share", on=labels, points=40)],
)
"""
MISCONCEPTIONS = """\
from autograder import Misconception

misconceptions = [
    Misconception("center-columns", "center", "The mean of each row.", ("axis=1, keepdims=True", "axis=0")),
    Misconception("share-sum", "share", "A share, not a number.", ("np.mean", "np.sum")),
    Misconception("share-by-hand", "share", "As good.", ("np.mean(y == label)", "sum(y == label) / len(y)"), harmless=True),
]
"""
README = "# Rows\n\n<!-- points: begin -->\n<!-- points: end -->\n"
TABLE = "| function | points | needs |\n|---|---:|---|\n| `center` | 60 | – |\n| `share` | 40 | – |\n| **all 2** | **100** | |\n"
PATHS = {
    "reference": "solutions/rows/rows.py",
    "misconceptions": "solutions/rows/misconceptions.py",
    "survivors": "solutions/rows/survivors.toml",
    "checks": "assignments/rows/checks.py",
    "stub": "assignments/rows/rows.py",
    "readme": "assignments/rows/README.md",
    "predictions": "assignments/rows/predictions.py",
    "milestone": "assignments/rows/milestone.py",
}
CLEAN = {
    "reference": REFERENCE,
    "misconceptions": MISCONCEPTIONS,
    "checks": CHECKS,
    "stub": STUB,
    "readme": README.replace("begin -->\n", f"begin -->\n{TABLE}"),
}


@pytest.fixture
def found(tmp_path, light):
    """Lay the small assignment out, with one text changed, and look at it by some rules."""

    def look(*rules: str, quick: bool = False, **changed: str) -> list[Report]:
        for part, text in (CLEAN | changed).items():
            path = tmp_path / PATHS[part]
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        folder = tmp_path / "assignments/rows"
        assignment = load(folder)
        with References(assignment, tmp_path / "solutions/rows", None, light) as references:
            return list(lint(Subject(assignment, folder, references, light, quick=quick, jobs=2), rules))

    return look


def texts(reports: list[Report], level: Level = Level.ERROR) -> list[str]:
    """The sentences of one level."""
    return [f"{finding.where}: {finding.text}" for report in reports for finding in report.findings if finding.level is level]


def test_a_good_assignment_has_nothing_to_mend(found):
    """Every rule is looked at, in order, and none finds anything."""
    reports = found()
    assert [report.rule for report in reports] == list(RULES)
    assert texts(reports) == texts(reports, Level.WARNING) == []


QUESTION = """
from autograder import Choice, Number, Predictions
predictions = Predictions([
    Number("sum", ask="?", why="!", needs=("center",), low=-1, high=1, within=0.1, slow=False,
           found=lambda rows: rows.center(__import__("numpy").ones((2, 2))).sum()),
    Choice("two", ask="?", why="!", needs=("share",), found=lambda rows: 2,
           options={"even": lambda n: n % 2 == 0, "large": lambda n: n > 9}),
])
"""
BAD_QUESTIONS = {
    "a result outside of the range": (("low=-1", "low=0.5"), "question sum: the result, .*, must lie in the range from 0.5 to 1"),
    "two right options": (("n > 9", "n > 1"), "question two: .*exactly one option must be right. Received: 2 of 2"),
    "no right option": (("n % 2 == 0", "n > 9"), "question two: .*exactly one option must be right. Received: 0 of 2"),
    "everything is right": (("within=0.1", "within=5"), "question sum: every answer in the range counts as right"),
    "a result that cannot be computed": (("rows: 2", "rows: 1 / 0"), "question two: ZeroDivisionError: division by zero"),
}


def test_questions_that_are_right_have_nothing_to_mend(found):
    """The reference computes their results; a quick look leaves out those that train models."""
    (report,) = found("predictions", predictions=QUESTION)
    assert (report.summary, report.findings) == ("the reference computes the results of 2 of 2 questions", ())
    (report,) = found("predictions", quick=True, predictions=QUESTION.replace("slow=False", "slow=True"))
    assert report.summary == "the reference computes the results of 1 of 2 questions"


@pytest.mark.parametrize("change, said", BAD_QUESTIONS.values(), ids=BAD_QUESTIONS)
def test_a_question_that_is_wrong_is_found(found, change, said):
    """The result is computed, not believed."""
    (text, *_) = texts(found("predictions", predictions=QUESTION.replace(*change)))
    assert re.search(said, text)


STEPS = """
import numpy as np
from autograder import Milestone, Step
milestone = Milestone([
    Step("centred", shows="It centres.", measures="a sum", run=lambda rows: abs(rows.center(np.eye(2)).sum()),
         needs=("center",), at_most=0.1, slow=False),
])
"""


def test_a_milestone_is_reached_by_the_reference_and_not_by_the_stub(found):
    """A quick look leaves out steps that are marked as slow."""
    (report,) = found("milestone", milestone=STEPS)
    assert (report.summary, report.findings) == ("the reference reaches 1 of 1 steps, and the stub none", ())
    (report,) = found("milestone", quick=True, milestone=STEPS.replace("slow=False", "slow=True"))
    assert report.summary == "the reference reaches 0 of 1 steps, and the stub none"


@pytest.mark.parametrize(
    "change, said",
    [
        (("at_most=0.1", "at_least=0.1"), "step centred: the reference does not reach it: .*at least 0.1"),
        (("abs(rows.center(np.eye(2)).sum())", "0.0"), "step centred: the stub reaches it"),
        (
            ("abs(rows.center(np.eye(2)).sum())", "1 / 0"),
            "step centred: the reference does not come to its end: ZeroDivisionError",
        ),
    ],
    ids=["bound", "stub", "error"],
)
def test_a_milestone_that_says_nothing_is_found(found, change, said):
    """A bound that the reference misses, one that costs no work, and an experiment that fails."""
    (text, *_) = texts(found("milestone", milestone=STEPS.replace(*change)))
    assert re.search(said, text)


def test_a_quick_look_leaves_out_what_starts_anew(found):
    """Threads want a process of their own."""
    assert "threads" not in [report.rule for report in found(quick=True)]


def test_a_stub_that_is_out_of_date(found):
    """It is said which file, and what to run."""
    (text,) = texts(found("handout", stub=STUB.replace("1.0", "2.0")))
    assert text.startswith("rows.py: is out of date: run `dlkit derive ")


def test_a_handout_whose_table_is_out_of_date_or_missing(found):
    """The table is the spec's."""
    assert texts(found("handout", readme=README))[0].startswith("README.md: is out of date")
    assert "points: begin" in texts(found("handout", readme="# Rows\n"))[0]


def test_a_derivation_without_hints_and_hints_without_a_derivation(found):
    """What the stub leaves out has hints, and hints are for what it leaves out."""
    derived = REFERENCE.replace('as a share."""', 'as a share.\n\n    Derivation: n / N.\n    """')
    stub = STUB.replace('as a share."""', 'as a share.\n\n    """')
    levels = CHECKS.replace("points=60", "points=60, levels=('a', 'b', 'c')")
    without, needless = texts(found("handout", reference=derived, stub=stub, checks=levels))
    assert without == "share: the stub leaves out its derivation, but there are no hints for it: give it `levels`"
    assert needless.startswith("center: it has `levels`, but nothing is left to derive")


def test_a_reference_that_loses_points_with_some_seeds(found):
    """A case that is drawn so that the reference itself fails is found, with its seed."""
    lucky = CHECKS.replace("rng.permutation([0, 1, 1, 2, 2])", "np.arange(rng.integers(3))")
    assert any("the reference loses points with seed" in text for text in texts(found("reference", checks=lucky)))


def test_a_stub_that_does_not_say_that_it_is_one(found):
    """A check that never calls the function cannot tell that it has not been started."""
    blind = CHECKS.replace('Outputs("share", on=labels,', 'Outputs("share", on=labels, call=lambda module, y, label: 1.0,')
    assert texts(found("template", checks=blind))[0].startswith("share: the stub is passed; expected: not started")


def test_a_constant_that_earns_points(found):
    """Zeros are right where the answer is zero, and then the case is trivial."""
    easy = CHECKS.replace('"label": 1},\n        "none"', '"label": 7},\n        "none"')
    (text,) = texts(found("constants", checks=easy))
    assert text.startswith("share: zeros as an answer earns 40 points (case 'some')")


def test_the_input_itself_that_earns_points(found):
    """A function that gives back what it got must not be right."""
    same = REFERENCE.replace("return scale * (X - X.mean(axis=1, keepdims=True))", "return np.maximum(X, scale)")
    assert any("center: the input itself" in text for text in texts(found("constants", reference=same)))


def test_a_misconception_that_keeps_its_points(found):
    """No case tells it from the reference."""
    square = CHECKS.replace("size=(4, 3)", "size=(4, 1)").replace("size=(3, 3)", "size=(1, 1)")
    texts_ = texts(found("misconceptions", checks=square))
    assert "misconception center-columns: keeps every point" not in texts_  # another mean, so it differs
    none = MISCONCEPTIONS.replace('("np.mean", "np.sum")', '("np.mean", "np.average")')
    assert texts(found("misconceptions", misconceptions=none))[0].startswith(
        "misconception share-sum: keeps every point with seed 2"
    )


def test_two_misconceptions_that_are_one(found):
    """Two that answer alike in every case cannot be told apart."""
    twice = MISCONCEPTIONS.replace("]\n", '    Misconception("again", "share", "Same.", ("np.mean", "1.0 * np.sum")),\n]\n')
    assert any(
        text.startswith("misconception again: it is recognised as 'share-sum'")
        for text in texts(found("misconceptions", misconceptions=twice))
    )


def test_a_harmless_variant_that_loses_points(found):
    """What an author calls right has to keep its points."""
    strict = (
        MISCONCEPTIONS.replace("sum(y == label) / len(y)", "sum(y == label) / (len(y) or 1)")
        .replace('"As good."', '"Not as good."')
        .replace('("np.mean(y == label)"', '("if y.size == 0:", "if False:"), ("np.mean(y == label)"')
    )
    assert texts(found("misconceptions", misconceptions=strict))[0].startswith(
        "misconception share-by-hand: a right alternative loses"
    )


def test_a_misconception_that_does_not_fit_the_reference(found):
    """Its text is not there any more."""
    old = MISCONCEPTIONS.replace('"np.mean", "np.sum"', '"np.median", "np.sum"')
    assert "changes a text that must occur once in 'share'" in texts(found("misconceptions", misconceptions=old))[0]


def test_a_mutant_that_survives_is_shown_with_a_case_that_catches_it(found):
    """Where no case leaves out `scale`, its default may be anything."""
    always = CHECKS.replace("size=(4, 3)), 2) + 5}", 'size=(4, 3)), 2) + 5, "scale": 0.5}')
    sentences = texts(found("mutants", checks=always))
    assert len(sentences) == 3  # 0.0, 2.0 and -1.0
    assert all(text.startswith("center: line 6: `1.0` -> ") for text in sentences)
    assert all("without `scale`" in text for text in sentences)


def test_an_explained_mutant_is_not_counted(found, tmp_path):
    """Squares of whole numbers are below 1/4 where they are below 1/2; once that is said, nothing is left to mend."""
    squares = REFERENCE.replace("np.mean(y == label)", "np.mean((label - y) ** 2 < 0.25)")
    before = found("mutants", reference=squares)[0]
    becomes = [one["becomes"] for one in before.details["survivors"]]
    assert [line.removeprefix("return float(np.mean((label - y) ") for line in becomes] == [
        "** 2 <= 0.25))",
        "** 4 < 0.25))",
        "** 2 < 0.5))",
    ]
    assert all("If it is the same function" in text for text in texts([before]))
    append(tmp_path / "solutions/rows", before.details["survivors"])
    reasons = (tmp_path / PATHS["survivors"]).read_text(encoding="utf-8").replace('reason = ""', 'reason = "whole numbers"')
    after = found("mutants", reference=squares, survivors=reasons)[0]
    assert (after.findings, after.details["survivors"], after.details["equivalent"]) == ((), [], 3)
    assert after.details["mutants"] == before.details["mutants"] - 3


def test_an_explained_mutant_that_loses_points_is_told(found):
    """What is called equivalent is tried all the same."""
    wrong = '[[equivalent]]\nfunction = "share"\nwas = "if y.size == 0:"\nbecomes = ""\nreason = "thought so"\n'
    (text,) = texts(found("mutants", survivors=wrong), Level.WARNING)
    assert text == "survivors.toml, share: `if y.size == 0:` -> `(dropped)` loses points: remove its explanation"


def test_an_explanation_of_what_is_no_mutant_is_an_error(found):
    """The reference has changed since."""
    old = '[[equivalent]]\nfunction = "share"\nwas = "return 1"\nbecomes = "return 2"\nreason = "none"\n[left_out]\ngone = "no"\n'
    sentences = texts(found("mutants", survivors=old))
    assert any("`return 1` -> `return 2`, which is not a mutant of the reference" in text for text in sentences)
    assert any(
        text.startswith("survivors.toml, gone: is in [left_out], but the reference has no such function") for text in sentences
    )


def test_a_function_may_be_left_out_with_a_reason(found):
    """Its mutants are not tried, and the summary says so."""
    report = found("mutants", survivors='[left_out]\nshare = "looked at by people"\n')[0]
    assert "left out: share" in report.summary
    assert not report.findings


def test_a_mutant_that_hangs_is_caught_soon(found):
    """A loop that never ends costs a second, not the time limit of the check."""
    looping = REFERENCE.replace(
        "    return float(np.mean(y == label))",
        "    i, count = 0, 0\n    while i < len(y):\n        count += y[i] == label\n        i += 1\n    return float(count / len(y))",
    )
    report = found("mutants", reference=looping, checks=CHECKS.replace("points=40", "points=40, timeout=600"))[0]
    assert report.details["mutants"] > 20
    assert report.seconds < 600  # on a busy machine, too: had one mutant taken the limit, it would be more


def test_a_reference_that_fails_on_a_case_is_a_finding(found):
    """The author's to mend, in the rules that need its answer."""
    unfit = CHECKS.replace('"label": 1},', '"label": 1, "more": 2},', 1)
    sentences = texts(found("reference", "mutants", checks=unfit))
    assert all("the reference itself did not answer" in text for text in sentences)
    assert len(sentences) > 1


def test_a_slow_reference_is_told(found):
    """Half of the time limit is too near to it."""
    slow = REFERENCE.replace("    return float(np", "    import time\n    time.sleep(0.4)\n    return float(np")
    (text,) = texts(found("runtime", reference=slow, checks=CHECKS.replace("points=40", "points=40, timeout=0.6")))
    assert text.startswith("share: the reference needs 0.4 of 0.6 s for case 'some'")


def test_a_case_on_an_edge_is_warned_of(found):
    """0.1 in float32 is more than 0.1: what compares with it changes its mind."""
    edge = REFERENCE.replace("scale * (X - X.mean(axis=1, keepdims=True))", "np.where(X > np.float64(0.1), scale, X)")
    drawn = CHECKS.replace("np.round(rng.normal(size=(4, 3)), 2) + 5", "np.array([[0.1, 0.3]])")
    assert "with the same numbers in float32" in texts(found("precision", reference=edge, checks=drawn), Level.WARNING)[0]


@pytest.mark.parametrize(
    "text, expected",
    [
        ("[[equivalent", "must be a TOML file"),
        ("[other]\n", "Received: 'other'"),
        ('[left_out]\nf = ""\n', "must give a reason for each function"),
        ('[[survivor]]\nfunction = "f"\n', "must have function, was, becomes and reason"),
        ('[[survivor]]\nfunction = "f"\nwas = "a"\nbecomes = "b"\nreason = " "\n', "each entry must be a text"),
        ("survivor = 3\n", r"are listed under \[\[survivor\]\]"),
        ("rewriting = 3\n", r"each \[\[rewriting\]\] must have function, kind and reason. Received: 3"),
        ('[[answer]]\ncheck = "c"\nmutant = "m"\nreason = ""\n', r"each entry of a \[\[answer\]\] must be a text"),
    ],
)
def test_a_file_of_reasons_that_is_none(text, expected, tmp_path):
    """One sentence on what it should be."""
    (tmp_path / "survivors.toml").write_text(text, encoding="utf-8")
    with pytest.raises(SurvivorsError, match=expected):
        explained_in(tmp_path)


def test_survivors_are_added_for_the_author_to_explain(tmp_path):
    """What is written is read again once there is a reason, whatever characters the lines hold."""
    one = {"function": "f", "was": "return 'a\\n' + \"b\"", "becomes": "return 'ä'", "reason": "", "caught by": ""}
    two = {"function": "g", "was": "x", "becomes": "", "reason": "", "caught by": "some case"}
    explained = {"function": "h", "was": "x", "becomes": "y", "reason": "known", "caught by": ""}
    assert append(tmp_path, [one, two, explained]) == 2
    path: Path = tmp_path / "survivors.toml"
    path.write_text(path.read_text(encoding="utf-8").replace('reason = ""', 'reason = "why"'), encoding="utf-8")
    known = explained_in(tmp_path)
    assert known.equivalent == {("f", one["was"], one["becomes"]): "why"}
    assert known.survivors == {("g", "x", ""): "why"}


@pytest.mark.parametrize(
    "value, entry",
    [("(row for row in X)", "`answer` is a generator"), ("[X, print]", "`[1]` is a builtin_function_or_method")],
    ids=["generator", "function in a list"],
)
def test_an_answer_that_is_known_by_its_kind_only_is_refused(value, entry, found):
    """Where every generator would be right, a spec compares nothing."""
    reference = re.sub(r"return scale \*.*", f"return {value}", REFERENCE)
    (text,) = texts(found("values", reference=reference))
    assert entry in text
    assert "any other one would pass" in text


def test_a_check_without_a_value_is_refused(found):
    """A check that asks for exceptions only believes whatever it is told."""
    checks = CHECKS.replace('"some": {"y": rng.permutation([0, 1, 1, 2, 2]), "label": 1},', "")
    (text,) = texts(found("values", checks=checks))
    assert text.startswith("share: this check compares no value of the answer")


def test_a_function_that_gives_back_texts_is_compared_by_value(found):
    """Texts, dates and structures have values, and the rule has nothing against them."""
    reference = re.sub(r"return scale \*.*", 'return {"rows": [("a", 1.0), ("b", None)], "names": ["x", "y"]}', REFERENCE)
    assert texts(found("values", reference=reference)) == []


def test_a_part_of_the_solution_in_what_students_get_is_found(found):
    """In the handout, and in a stub that somebody has solved; each with its line."""
    line = "return scale * (X - X.mean(axis=1, keepdims=True))"
    shown = CLEAN["readme"] + f"\nAs in `{line}`.\n"
    (text,) = texts(found("giveaways", readme=shown))
    assert text.startswith(f"README.md, line {shown.count(chr(10))}: contains `{line}`")
    solved = STUB.replace("    raise NotImplementedError", f"    {line}", 1)
    assert texts(found("giveaways", stub=solved))[0].startswith("rows.py, line 8: contains")


def test_what_a_stub_leaves_out_is_for_the_author_to_decide(found):
    """A warning asks, until the line says keep or omit."""
    (text,) = texts(found("giveaways", reference=REFERENCE + "\nHALF = 1 / 2\n"), Level.WARNING)
    assert text.startswith("rows.py, line 17: `HALF = 1 / 2` is computed, and left out")
    assert texts(found("giveaways", reference=REFERENCE + "\nHALF = 1 / 2  # stub: omit\n"), Level.WARNING) == []


def test_cases_that_no_seed_changes_may_carry_little(found):
    """At most 5 % of the points: a table of the public answers earns them."""
    (text,) = texts(found("moving", checks=CHECKS.replace("int(rng.integers(9))", "1")))
    assert text.startswith("rows: 20.0 of 100 points are for cases that no seed changes; at most 5 may be.")
    assert text.endswith("share 20.00 ('none')")


def test_a_function_whose_cases_never_move_is_told(found):
    """Even where it is worth little."""
    still = CHECKS.replace("int(rng.integers(9))", "1").replace("rng.permutation([0, 1, 1, 2, 2])", "np.array([0, 1, 1])")
    still = still.replace("points=60", "points=98").replace("points=40", "points=2")
    assert [text.partition(":")[0] for text in texts(found("moving", checks=still))] == ["share"]


def test_a_mistake_that_is_caught_with_some_seeds_only_is_found(found):
    """Whether it costs points would be luck."""
    lucky = CHECKS.replace("rng.permutation([0, 1, 1, 2, 2])", "rng.integers(0, 2, 3)").replace(
        "np.zeros(0, int)", "np.zeros(0, int)"
    )
    mistake = MISCONCEPTIONS.replace('("np.mean", "np.sum")', '("np.mean(y == label)", "np.mean(y[:2] == label)")')
    (text,) = [text for text in texts(found("misconceptions", checks=lucky, misconceptions=mistake)) if "seeds" in text]
    assert "misconception share-sum: keeps every point with seed" in text
    assert "of 12 seeds, so it costs points only by chance" in text


def test_a_wide_tolerance_pays_wrong_answers(found):
    """The reference's answer times 1.001 is not right, and half of a tolerance of 0.1 would take it."""
    wide = CHECKS.replace('Outputs("share", on=labels, points=40)', 'Outputs("share", on=labels, points=40, through=rough)')
    wide = wide.replace("assignment = ", "def rough(answer, **inputs):\n    return np.round(answer)\n\n\nassignment = ")
    report = found("answers", checks=wide)[0]
    (text,) = texts([report])
    assert text.startswith(
        "share: wrong answers paid: in every case, the reference's answer passes with every number times 1.001"
    )
    assert report.details["paid"] >= 3


def test_a_kind_of_the_author_is_warned_of(found):
    """It may judge a property that wrong answers have too, so its answers are counted apart."""
    blind = CHECKS.replace('Outputs("center"', 'Blind("center"').replace(
        "assignment = ",
        "class Blind(Outputs):\n    def compare_values(self, actual, expected, inputs):\n        return ''\n\n\nassignment = ",
    )
    report = found("answers", checks=blind)[0]
    assert texts([report]) == []
    assert any(
        "in every case, the reference's answer passes with every number times 1.001" in text
        for text in texts([report], Level.WARNING)
    )
    assert report.details["own paid"] > 10
    assert "in the author's own kinds of checks" in report.summary


def test_every_changed_answer_of_a_good_assignment_is_refused(found):
    """And the rate comes with its interval."""
    report = found("answers")[0]
    assert report.findings == ()
    assert report.details["tried"] > 20
    assert report.summary.startswith(f"wrong answers paid: 0 of {report.details['tried']} (0.0 %, 95 % interval 0.0 to ")


def test_a_part_of_an_answer_that_nothing_compares_is_found(found):
    """By its name, whatever is written there."""
    pair = REFERENCE.replace(
        "return scale * (X - X.mean(axis=1, keepdims=True))", "return X - X.mean(axis=1, keepdims=True), scale"
    )
    blind = CHECKS.replace(
        'Outputs("center", on=tables, points=60)', 'Blind("center", on=tables, points=60, returns=("X", "scale"))'
    )
    blind = blind.replace(
        "assignment = ",
        "class Blind(Outputs):\n    def explain(self, name, actual, expected, inputs):\n"
        "        return '' if name == 'scale' else super().explain(name, actual, expected, inputs)\n\n\nassignment = ",
    )
    report = found("answers", checks=blind, reference=pair)[0]
    assert any("this check compares no value of `scale`" in text for text in texts([report], Level.WARNING))
    assert not any("`X`" in text for text in texts([report], Level.WARNING))


@pytest.mark.parametrize("made", ["(row for row in X)", "lambda: X", "np.polynomial.Polynomial([1, 2])"])
def test_an_answer_that_cannot_be_changed_is_no_good_answer(found, made):
    """Where nothing can be made wrong about an answer, the rule on answers says so, and not that all is well."""
    report = found(
        "answers", reference=REFERENCE.replace("return scale * (X - X.mean(axis=1, keepdims=True))", f"return {made}")
    )[0]
    assert any(text.startswith("center: case ") and "any other one would pass" in text for text in texts([report]))


def test_changed_words_of_an_answer_are_refused(found):
    """Texts, and what a structure is, are changed as numbers are; a check that does not look at them is found."""
    words = REFERENCE.replace(
        "return scale * (X - X.mean(axis=1, keepdims=True))",
        'return {"names": [f"row {number}" for number in range(len(X))], "rows": [(1.5, "a"), (2.5, "b")]}',
    )
    report = found("answers", reference=words)[0]
    assert texts([report]) == []
    assert report.details["tried"] > 0
    blind = CHECKS.replace('Outputs("center"', 'Blind("center"').replace(
        "assignment = ",
        "class Blind(Outputs):\n    def explain(self, name, actual, expected, inputs):\n"
        "        return '' if name == 'names' else super().explain(name, actual, expected, inputs)\n\n\nassignment = ",
    )
    found_in = texts([found("answers", checks=blind, reference=words)[0]], Level.WARNING)
    assert any("compares no value of `names`" in text for text in found_in)
    assert any("rows shuffled" in text for text in found_in)


def test_other_spellings_keep_their_points(found):
    """Each is the reference in another order of arithmetic."""
    report = found("rewritings")[0]
    assert report.findings == ()
    assert report.details["spellings"] > 10
    assert "right answers docked: 0 of " in report.summary


def test_a_tolerance_of_no_digits_docks_right_answers(found):
    """A spec that wants the author's own rounding is found, with the spelling that loses points."""
    exact = CHECKS.replace(
        'Outputs("center", on=tables, points=60)', 'Outputs("center", on=tables, points=60, rtol=0.0, atol=0.0)'
    )
    sentences = texts(found("rewritings", checks=exact))
    assert sentences
    assert all(text.startswith("center: right answers docked: `") for text in sentences)


def test_a_spelling_that_is_explained_is_not_counted(found):
    """Once there is a reason, and the reason is told when it is no longer needed."""
    kept = '[[rewriting]]\nfunction = "center"\nkind = "b * a for a * b"\nreason = "why"\n'
    (text,) = texts(found("rewritings", survivors=kept), Level.WARNING)
    assert text == "survivors.toml, center: `b * a for a * b` keeps its points: remove its explanation"


def test_a_rate_has_an_interval():
    """Wilson's: 0 of 3 and 0 of 300 do not read the same (values of Brown, Cai and DasGupta's formula)."""
    assert [round(bound, 4) for bound in wilson(1, 10)] == [0.0179, 0.4042]
    assert wilson(0, 0) == (0.0, 1.0)
    assert rate(0, 3) == "0 of 3 (0.0 %, 95 % interval 0.0 to 56.1 %)"
    assert rate(0, 0) == "nothing was tried"
