"""Claims: what Classroom 50 collected is read into values or refused with a sentence, and compared with our own grades."""

from __future__ import annotations

import copy
import json

import classroom50
import pytest
from marking import check, grade

from autograder.classroom.claims import compared
from autograder.classroom.gradebook import Row
from autograder.inbox.claims import Claim, ClaimsError, check_result, read_scores
from autograder.inbox.people import Person

RESULT = {
    "schema": "classroom50/result/v1",
    "classroom": "ml26",
    "assignment": "hw2",
    "assignment_type": "individual",
    "owner": "octo-ada",
    "submission": "submit/2026-11-02T10-05-00Z-a1b2c3d",
    "commit": "https://example.org/c",
    "release": "https://example.org/r",
    "review": "https://example.org/v",
    "datetime": "2026-11-02T10:00:00Z",
    "score": 7000,
    "max-score": 10000,
    "tests": [{"test-name": "sigmoid", "passed": True, "score": 5000, "max-score": 5000, "more": [1]}],
    "submitted_by": {"username": "octo-ada", "id": 7},
}
UNFIT = {
    "another schema": {"schema": "classroom50/result/v2"},
    "no classroom": {"classroom": ""},
    "a list for an owner": {"owner": ["octo-ada"]},
    "a pair": {"assignment_type": "pair"},
    "another tag": {"submission": "v1"},
    "no commit": {"commit": None},
    "no release": {"release": 3},
    "no review": {"review": ""},
    "no time": {"datetime": 1793613600},
    "decimals": {"score": 70.5},
    "true": {"score": True},
    "below 0": {"score": -1},
    "above the maximum": {"score": 10001},
    "a text for points": {"max-score": "10000"},
    "no tests": {"tests": None},
    "a test without a name": {"tests": [{**RESULT["tests"][0], "test-name": ""}]},
    "a test that passed by half": {"tests": [{**RESULT["tests"][0], "passed": 1}]},
    "a test above its maximum": {"tests": [{**RESULT["tests"][0], "score": 5001}]},
    "a test that is a list": {"tests": [[]]},
    "nobody": {"submitted_by": {"username": ""}},
    "an id that is true": {"submitted_by": {"username": "a", "id": True}},
}


@pytest.mark.parametrize("change", UNFIT.values(), ids=UNFIT)
def test_a_result_that_does_not_fit_is_refused(change):
    """By the first field that is wrong, as the validator that was written from the page finds it."""
    result = {**copy.deepcopy(RESULT), **change}
    field = classroom50.wrong_in(result)
    assert field
    with pytest.raises(ClaimsError, match=r"must be .*\. Received: ") as caught:
        check_result(result)
    assert field in str(caught.value)


def test_a_result_that_fits_is_a_claim():
    """With further fields at a test, which stay what they are."""
    assert classroom50.wrong_in(RESULT) == ""
    assert check_result(RESULT) == Claim("octo-ada", 7000, 10000, RESULT["submission"])


def entry(owner, score=7000, most=10000, **more):
    """An entry of scores.json."""
    record = {key: value for key, value in RESULT.items() if key != "assignment"}
    return {"owner": owner, "submissions": [{**record, "owner": owner, "score": score, "max-score": most}], **more}


def scores(*entries):
    """The text of scores.json."""
    return json.dumps({"schema": "classroom50/scores/v1", "assignments": {"hw2": {"type": "individual", "entries": [*entries]}}})


def test_one_entry_that_does_not_fit_costs_no_other():
    """Each is named by its place and owner, whatever a repository has put there."""
    odd = ["x", {"owner": 3}, {"owner": "bob", "submissions": []}, entry("eve", score=1.5), entry("a\x1b[2Jb", score=-1)]
    found = read_scores(scores(*odd, entry("octo-ada"), entry("Octo-Ada"), {**entry("mallory"), "owner": "cleo"}), "hw2")
    assert [claim.owner for claim in found.claims] == ["octo-ada"]
    assert len(found.misfits) == len(odd) + 2
    assert "entry 3 (bob), `submissions` must be a list" in found.misfits[2]
    assert "\x1b" not in "".join(found.misfits)
    assert "`owner` must be cleo, as in the entry. Received: 'mallory'." in found.misfits[-1]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "cannot be read; expected JSON"),
        ("[" * 100_000, "cannot be read; expected JSON"),
        ("[]", "must hold an object. Received: a list of 0"),
        ('{"schema": "classroom50/scores/v1", "schema": 1}', "a key twice: schema"),
        ('{"schema": 1e999}', "1e999, which is no number of JSON"),
        ('{"schema": NaN}', "NaN, which is no number of JSON"),
        ("1" * 5000, "cannot be read; expected JSON"),
        ('{"schema": "classroom50/scores/v2"}', "`schema` must be 'classroom50/scores/v1'"),
        ('{"schema": "classroom50/scores/v1", "assignments": {"hw1": {}}}', "has no assignment 'hw2'; expected one of"),
        ('{"schema": "classroom50/scores/v1", "assignments": {"hw2": {"entries": 1}}}', "`entries` must be a list"),
    ],
)
def test_a_file_that_is_no_scores_is_refused(text, sentence):
    """With a sentence that says what was expected."""
    with pytest.raises(ClaimsError) as caught:
        read_scores(text, "hw2")
    assert sentence in str(caught.value)


def graded(key, *points, number=1, members=()):
    """An attempt, graded here, at two checks of 50 points."""
    found = grade(key, *(check(name, one) for name, one in zip("ab", points, strict=True))) if points else None
    return Row(key, "", number, False, "", "", "" if points else "the archive is damaged", found, members=members)


def test_forged_claims_are_named():
    """Twenty forged ones among twenty that are not: more points, fewer, and another maximum."""
    forged = [(score, 10000) for score in (10000, 9000, 7101, 6899, 0, 10, 7200, 8000, 3500, 7102, 6000)]
    forged += [(7000, 7000), (70, 100), (1, 1), (100, 100), (0, 1), (7000, 9999), (7000, 10001), (10**30, 10**30), (7000, 7100)]
    honest = [(score, 10000) for score in range(6905, 7105, 10)]
    claims = [Claim(f"s{number}", *points) for number, points in enumerate([*forged, *honest])]
    rows = [graded(claim.owner, 50.0, 20.0) for claim in claims]
    found = compared(claims, rows, [Person(claim.owner) for claim in claims])
    assert [sentence.split(":")[0] for sentence in found.different] == [f"s{number}" for number in range(20)]
    assert (found.agreed, found.unknown, found.missing) == (20, (), ())
    assert found.different[0] == "s0: claims 100 of 100 points, but earned 70 here: 30 more"
    assert found.different[4] == "s4: claims 0 of 100 points, but earned 70 here: 70 fewer"
    assert found.different[12] == "s12: claims 70 of 100, in hundredths of a point, but hw2 is out of 10000"


def forged(**changes):
    """The entry of octo-ada, who earned 30 of 100 points, with something changed; with `result_`, in the newest result."""
    found = entry("octo-ada", 3000)
    for key, value in changes.items():
        (found["submissions"][0] if key.startswith("result_") else found)[key.removeprefix("result_").replace("__", "-")] = value
    return found


TEST = RESULT["tests"][0]
OLD = forged(result_score=9000, result_datetime="2026-10-01T00:00:00Z")["submissions"][0]
FORGED = {  # how each is named; those that claim nothing else than what was earned are in HARMLESS
    "a higher score": (forged(result_score=10000), "octo-ada: claims 100 of 100 points, but earned 30 here: 70 more"),
    "a lower score": (forged(result_score=0), "30 fewer"),
    "one more test": (forged(result_score=5000, result_tests=[TEST, {**TEST, "test-name": "extra"}]), "claims 50 of 100"),
    "one more test, and a higher maximum": (forged(result_score=8000, result_max__score=15000), "claims 8000 of 15000"),
    "a lower maximum": (forged(result_max__score=3000), "claims 3000 of 3000, in hundredths of a point, but hw2 is out of 10000"),
    "points below 0": (forged(result_score=-1), "`score` must be a whole number, 0 or more. Received: -1"),
    "more than the maximum": (forged(result_score=10001), "`score` must be at most the max-score. Received: 10001"),
    "decimals": (forged(result_score=99.5), "`score` must be a whole number"),
    "a text": (forged(result_score="10000"), "`score` must be a whole number, 0 or more. Received: '10000'"),
    "true": (forged(result_score=True), "`score` must be a whole number, 0 or more. Received: True"),
    "a huge number": (forged(result_score=10**400, result_max__score=10**400), "claims a number of more than 12 digits"),
    "another student's result": (forged(result_owner="bob", result_score=9000), "`owner` must be octo-ada, as in the entry. Received: 'bob'"),
    "another assignment's result": (forged(result_assignment="hw1", result_score=9000), "`assignment` must be 'hw2'. Received: 'hw1'"),
    "another format": (forged(result_schema="classroom50/result/v2"), "`schema` must be 'classroom50/result/v1'"),
    "an older submission in front": (forged(submissions=[OLD, *forged()["submissions"]]), "`datetime` must be the latest of the entry's"),
    "no score": (forged(result_score=None), "`score` must be a whole number, 0 or more. Received: nothing"),
    "no tests": (forged(result_tests=None), "`tests` must be a list. Received: nothing"),
    "no submission": (forged(submissions=[]), "`submissions` must be a list with the newest submission first"),
    "a test above its maximum": (forged(result_tests=[{**TEST, "score": 9999}]), "test 1, `score` must be at most the max-score"),
    "the sign of a teacher": (forged(override=True, result_score=10000), "octo-ada: a teacher set this score on Classroom 50"),
    "the sign of a failed run": (forged(result_score=0, result_max__score=0), "octo-ada: grading failed on Classroom 50 (0 of 0)"),
    "the work of somebody else": (forged(owner="team-7", result_owner="team-7", member_usernames=["bob", "octo-ada"], result_score=9000), "handed in apart"),
}  # fmt: skip
HARMLESS = {  # each claims what was earned; nothing else of it counts here
    "tests in another order": forged(result_tests=[{**TEST, "test-name": "b"}, TEST]),
    "other names of tests": forged(result_tests=[{**TEST, "test-name": "mine"}]),
    "another text of the release": forged(result_release="https://example.org/forged"),
    "an earlier time, so that it is not late": forged(result_datetime="2020-01-01T00:00:00Z"),
}


def told_of(entries):
    """All that `dlkit check-claims` names, of entries for octo-ada, who earned 30 points, and bob, who earned 90."""
    collected = read_scores(scores(*entries), "hw2")
    rows = [graded("octo-ada", 20.0, 10.0), graded("bob", 50.0, 40.0)]
    found = compared(collected.claims, rows, [Person("octo-ada"), Person("bob")])
    return [*found.different, *collected.misfits, *found.unknown]


@pytest.mark.parametrize("one, sentence", FORGED.values(), ids=FORGED)
def test_every_kind_of_forged_result_is_named(one, sentence):
    """With what it claims or what does not fit, whatever a repository has changed."""
    (told,) = told_of([one])
    assert sentence in told


def test_a_second_entry_for_the_same_student_is_named():
    """Also in other letters; the first is compared."""
    (told,) = told_of([forged(), forged(owner="Octo-Ada", result_owner="OCTO-ADA", result_score=9000)])
    assert "`owner` must be one entry for each owner. Received: 'Octo-Ada'" in told


@pytest.mark.parametrize("one", HARMLESS.values(), ids=HARMLESS)
def test_what_is_no_score_is_not_judged(one):
    """A claim is its score: names, order, texts and times of a repository count nowhere here."""
    assert told_of([one]) == []


def test_what_cannot_be_compared_is_told():
    """A score of a teacher, an error, nobody's, a file that cannot be read, a grader error; and who claims nothing."""
    rows = [
        graded("ada", 50.0, None),
        graded("bob"),
        graded("cleo", 0.0, 0.0),
        graded("dan", 50.0, 50.0),
        graded("eve", 0.0, 0.0),
    ]
    people = [Person("s1", login="Ada-L"), *(Person(name) for name in ("bob", "cleo", "dan", "eve"))]
    rows[0] = graded("s1", 50.0, None)
    claims = [
        Claim("ada-l", 9000, 10000),  # between what is known and what is not
        Claim("bob", 10000, 10000),
        Claim("cleo", 10000, 10000, override=True),
        Claim("dan", 0, 0),
        Claim("fay", 10000, 10000),
    ]
    found = compared(claims, rows, people)
    assert [sentence.partition(": ")[0] for sentence in found.unknown] == ["ada-l", "bob", "cleo", "dan", "fay"]
    assert (found.agreed, found.different, found.missing) == (0, (), ("eve",))
    assert compared([Claim("ada-l", 4000, 10000)], rows, people).different[0].endswith("earned 50 to 100 here: 10 fewer")


def test_the_newest_attempt_of_a_group_counts():
    """A group's repository is named after one member or after none; its members tell whose it is."""
    rows = [graded("ada", 0.0, 0.0, members=("bob",)), graded("ada", 50.0, 50.0, number=2, members=("bob",))]
    people = [Person("ada"), Person("bob")]
    for claim in (Claim("group-1", 10000, 10000, members=("BOB", "ada")), Claim("bob", 10000, 10000)):
        assert compared([claim], rows, people).agreed == 1
