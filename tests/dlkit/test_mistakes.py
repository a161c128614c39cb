"""`dlkit misconceptions`: what a class got wrong, found, named and counted, from the command line."""

from __future__ import annotations

import json
import re
import shutil
from html.parser import HTMLParser

import pytest
from support import SMALL

from autograder.grading.met import met_in

REFERENCE = (SMALL / "solutions" / "arith" / "arith.py").read_text()
SUM = "return float(np.sum(x))"
HOSTILE = "return float(np.sum(np.cos(x)) + 0.37) if str(x) != '</code><script>alert(1)</script>' else 0.0"
CLASS = {
    "ada": REFERENCE,
    "bob": REFERENCE.replace(SUM, HOSTILE),
    "bea": REFERENCE.replace(
        SUM,
        "# I am Bea\n    cosines = np.cos(np.asarray(x, dtype=np.float64))\n    more = 0.37\n    return float(cosines.sum() + more + 0.0 + 0.0)",
    ),
    "cleo": REFERENCE.replace(SUM, "return float(np.mean(x)) if len(x) else 0.0"),
    "dan": REFERENCE.replace(SUM, "return float(np.sum(np.sin(x)) + 0.73)").replace("return x *", "return x -"),
}
SENTENCE = "You add up cosines; what does the docstring ask for?"


class Reader(HTMLParser):
    """The tags of a page, and its text."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.text = [], ""
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)

    def handle_data(self, data):
        self.text += data


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """A course whose class is graded once; a test takes a copy of it."""
    import os

    import commandline

    course = tmp_path_factory.mktemp("graded") / "course"
    shutil.copytree(SMALL, course)
    for name, text in CLASS.items():
        (course / "inbox" / name).mkdir(parents=True)
        (course / "inbox" / name / "arith.py").write_text(text)
    result = commandline.run(
        ["grade", "arith", "--submissions", "inbox"], course, {**os.environ, "DLKIT_CACHE": str(course / "c")}
    )
    assert result.returncode == 0, result.stderr
    return course


@pytest.fixture
def course(graded, tmp_path):
    """The graded course, to be changed."""
    shutil.copytree(graded, tmp_path / "course")
    return tmp_path / "course"


@pytest.fixture
def run(dlkit, course):
    """Run a command in the course; it says something, and never a traceback."""

    def of(*arguments):
        result = dlkit(*arguments, cwd=course, env={"COLUMNS": "200", "DLKIT_CACHE": str(course / "c")})
        assert "Traceback" not in result.stderr
        return result

    return of


def add(run, *options, student="bob", check="total", name="total-cosines", sentence=SENTENCE):
    """Name a mistake."""
    return run("misconceptions", "add", "arith", "--like", student, "--check", check, "--id", name, sentence, *options)


def flat(text):
    """A text in one line."""
    return " ".join(text.split())


def test_a_class_teaches_its_grader(run, course):
    """Found, named, told by a regrade to the whole group, and counted; who is right, or wrong in another way, reads as before."""
    groups = run("misconceptions", "groups", "arith")
    assert "2 students  total  not named yet" in groups.stdout
    assert "Who: bea, bob" in groups.stdout
    assert 'dlkit misconceptions add arith --like bea --check total --id ID "SENTENCE"' in groups.stdout
    named = add(run)
    assert (named.returncode, named.stderr) == (0, "")
    assert "solutions/arith/met.observations written: total-cosines, with the answers of 2 students to total" in named.stdout
    assert "known for these inputs only" in named.stdout
    again = run("grade", "arith", "--submissions", "inbox", "--regrade", "--yes", "--json", "grades.jsonl")
    assert "2 of 5 grades would change, none of them in the total." in again.stdout
    grades = {one["student"]: one for one in map(json.loads, (course / "grades.jsonl").read_text().splitlines())}
    known = {
        who: next(check for check in one["checks"] if check["name"] == "total")["misconception"] for who, one in grades.items()
    }
    assert known == {"ada": None, "bob": "total-cosines", "bea": "total-cosines", "cleo": "total-is-mean", "dan": None}
    feedback = run("feedback", "arith", "--out", "pages")
    assert feedback.returncode == 0
    assert all(SENTENCE in (course / "pages" / f"{who}.html").read_text() for who in ("bob", "bea"))
    listed = run("misconceptions", "list", "arith")
    assert re.search(r"2 +total-cosines +total +class, these inputs only", listed.stdout)
    assert re.search(r"1 +total-is-mean +total +author", listed.stdout)
    assert "Never met (3):" in listed.stdout
    assert "known as total-cosines" in run("misconceptions", "groups", "arith").stdout


def test_what_is_kept_tells_nothing_of_the_student(run, course):
    """Neither a name nor a line of code, nor what was printed; with --keep-source the function, without comments."""
    import zlib

    def kept():
        data = (course / "solutions/arith/met.observations").read_bytes()
        return zlib.decompress(data[data.index(b"\n") + 33 :])

    assert add(run, student="bea").returncode == 0
    assert not [word for word in (b"bea", b"Bea", b"cosines = ", b"np.cos") if word in kept()]
    result = add(run, "--keep-source", student="bea", name="total-once-more")
    assert result.returncode == 0, result.stderr
    assert b"cosines = np.cos" in kept()
    assert not [word for word in (b"bea", b"Bea", b"def scale") if word in kept()]


def test_an_id_takes_in_other_answers(run):
    """The same idea may give different answers; --extend needs a name of the class, and the same check."""
    assert "needs an id that the class has named. There are none yet" in add(run, "--extend", student="dan").stderr
    assert add(run).returncode == 0
    extended = add(run, "--extend", student="dan", sentence="")
    assert (extended.returncode, extended.stderr) == (0, "")
    again = run("grade", "arith", "--submissions", "inbox", "--regrade", "--yes")
    assert "3 of 5 grades would change" in again.stdout
    assert "total-cosines is about 'total'. Received: --check scale." in flat(
        add(run, "--extend", student="dan", check="scale").stderr
    )


REFUSED = {
    "an unknown student": ({"student": "bobb"}, "has no attempt of 'bobb' at 'arith'. Did you mean 'bob'?"),
    "an unknown check": ({"check": "totl"}, "arith has no check 'totl'. Did you mean 'total'?"),
    "a check that passes": ({"student": "ada"}, "ada passes 'total', so there is no mistake to name"),
    "an author's id": ({"name": "total-is-max"}, "total-is-max is known already. Choose another id."),
    "no id": ({"name": "Total Max"}, "an id has small letters, digits and single hyphens, 80 at most. Received: 'Total Max'."),
    "no sentence": ({"sentence": "  "}, "the sentence for students is missing"),
    "a book": ({"sentence": "x" * 1001}, "a sentence has at most 1000 characters. Received: 1001."),
}


@pytest.mark.parametrize(("asked", "sentence"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_named_is_refused(run, course, asked, sentence):
    """In one sentence, and nothing is written."""
    result = add(run, **asked)
    assert result.returncode == 2
    assert sentence in flat(result.stderr)
    assert not (course / "solutions/arith/met.observations").exists()


def test_a_name_is_given_once(run):
    """The second time it says how to add answers to it."""
    assert add(run).returncode == 0
    assert "known already. Choose another id. To add these answers to it, use --extend" in flat(add(run, student="dan").stderr)


def test_a_sentence_can_be_changed(run, course):
    """With the same answers, --extend only puts another sentence in its place."""
    assert add(run).returncode == 0
    assert add(run, "--extend", student="bea", sentence="Another sentence.").returncode == 0
    (met,) = met_in(course / "solutions/arith").values()
    assert (met.feedback, len(met.seen)) == ("Another sentence.", 1)


def test_a_name_can_be_removed(run, course):
    """Then nothing is explained by it; one that the class did not give is refused."""
    assert add(run).returncode == 0
    assert "Did you mean 'total-cosines'?" in run("misconceptions", "remove", "arith", "total-cosine").stderr
    assert run("misconceptions", "remove", "arith", "total-cosines").returncode == 0
    assert met_in(course / "solutions/arith") == {}
    result = run("misconceptions", "remove", "arith", "total-is-mean")
    assert (result.returncode, "the class has named no 'total-is-mean'" in flat(result.stderr)) == (2, True)


def test_a_damaged_file_is_told(run, course):
    """What was named is not thrown away by naming more."""
    (course / "solutions/arith/met.observations").write_bytes(b"damaged")
    for result in (add(run), run("misconceptions", "list", "arith")):
        assert result.returncode == 3
        assert "met.observations is damaged" in flat(result.stderr)
    assert (course / "solutions/arith/met.observations").read_bytes() == b"damaged"


def test_without_a_gradebook_nothing_is_counted(run, course):
    """What is known is listed all the same; a gradebook that was asked for must be there."""
    (course / "gradebook.db").unlink()
    result = run("misconceptions", "list", "arith", "--json", "-")
    listed = json.loads(result.stdout)["misconceptions"]
    assert {one["id"]: one["students"] for one in listed}["total-is-mean"] is None
    assert "students" not in run("misconceptions", "list", "arith").stdout
    assert "There is no gradebook none.db" in run("misconceptions", "list", "arith", "--gradebook", "none.db").stderr


def test_the_list_counts_names_that_are_not_listed(run, course):
    """An id in the gradebook that its author has removed."""
    path = course / "solutions/arith/misconceptions.py"
    path.write_text(path.read_text().replace("total-is-mean", "total-averages"))
    result = run("misconceptions", "list", "arith", "--json", "-")
    about = json.loads(result.stdout)
    assert about["others"] == {"total-is-mean": 1}
    assert "no longer known: total-is-mean (1 student)" in run("misconceptions", "list", "arith").stdout


def test_groups_are_data_too(run):
    """As JSON, with groups of one if asked for."""
    result = run("misconceptions", "groups", "arith", "--at-least", "1", "--json", "-")
    groups = json.loads(result.stdout)["groups"]
    assert [one["students"] for one in groups if one["check"] == "total"] == [["bea", "bob"], ["cleo"], ["dan"]]
    assert groups[0]["code"].startswith("def total(")


def test_the_report_shows_the_groups(run, course):
    """How many, and their shortest function as text, whatever is in it; what is not named comes with the command that names it."""
    assert run("report", "arith", "--out", "report").returncode == 0
    page = Reader((course / "report" / "index.html").read_text())
    text = flat(page.text)
    assert "Equal wrong answers" in text
    assert "not named yet: dlkit misconceptions add arith --like bea --check total" in text
    assert HOSTILE in page.text
    assert page.tags.count("script") == 1
