"""`dlkit lecture`: the commonest mistakes as invented code, with pictures and questions, and nobody's name or code."""

from __future__ import annotations

import html
import json
import os
import re
import shutil
from datetime import UTC, datetime
from pathlib import Path

import commandline
import numpy as np
import pytest
from support import SMALL

from autograder.authoring.giveaway import bodies_of, search
from autograder.policy import Course, Late, Rules
from dlkit.lecture.choosing import Common
from dlkit.lecture.deadline import open_until
from dlkit.lecture.drawing import curves, maps
from dlkit.lecture.excerpt import MISSING, excerpt
from dlkit.lecture.inventing import Inventor
from dlkit.lecture.picturing import picture
from dlkit.lecture.questions import KINDS, question
from dlkit.lecture.trying import Trials

REFERENCE = (SMALL / "solutions" / "arith" / "arith.py").read_text()
SUM, TIMES = "return float(np.sum(x))", "return x * float(_checked(factor))"
MEAN = "zebra = np.mean(x) if len(x) else 0.0\n    return float(zebra)"
CLASS = {
    "ada": REFERENCE,
    **{f"mean{name}": REFERENCE.replace(SUM, f"# I am {name}\n    {MEAN}") for name in ("Amy", "Bea", "Cat", "Dee")},
    **{f"over{name}": REFERENCE.replace(TIMES, f"# I am {name}\n    zebra = x\n    return zebra / factor") for name in ("Eve", "Fay", "Gil")},
    **{f"cosine{name}": REFERENCE.replace(SUM, f"return float(np.sum(np.cos(x)) + 0.37)  # {name}") for name in ("Hal", "Ida", "Jon")},
    **{f"plus{name}": REFERENCE.replace("x * float", "x + float") + f"# {name}\n" for name in ("Kim", "Lou")},
}  # fmt: skip
DUE = '[course]\ntimezone = "UTC"\n\n[assignments.arith]\ndue = {}\n'


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """A course whose class is graded once."""
    course = tmp_path_factory.mktemp("lecture") / "course"
    shutil.copytree(SMALL, course)
    for name, text in CLASS.items():
        (course / "inbox" / name).mkdir(parents=True)
        (course / "inbox" / name / "arith.py").write_text(text)
    done = run(course, "grade", "arith", "--submissions", "inbox")
    assert done.returncode == 0, done.stderr
    return course


@pytest.fixture(scope="module")
def before(graded):
    """What the command says without a due date, with both pages."""
    return made(graded, "before")


@pytest.fixture(scope="module")
def after(graded):
    """The same after the deadline."""
    return made(graded, "after", "--after-deadline")


def run(course, *arguments):
    """A command in the course."""
    return commandline.run([*arguments], course, {**os.environ, "DLKIT_CACHE": str(course / "c"), "COLUMNS": "200"})


def made(course, out, *options):
    """The lecture, and its pages as one text."""
    done = run(course, "lecture", "arith", "--out", out, *options)
    assert done.returncode == 0, done.stderr
    return done, "".join((course / out / name).read_text() for name in ("page.html", "slide.html"))


def text_of(pages):
    """What can be read on a page."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", re.sub(r"<style>.*?</style>", "", pages, flags=re.DOTALL)))


def test_the_commonest_mistakes_come_first_and_are_counted(before):
    """An author's, and one that nobody listed, for which a change of the reference gives the same answers."""
    done, pages = before
    assert re.search(r"1\. total: total-is-mean, 4 of 13 students, code by the author", done.stdout)
    assert re.search(r"2\. scale: not named yet, 3 of 13 students, code found by machine", done.stdout)
    assert "Made by 4 of 13 students." in text_of(pages)
    assert "return float(np.mean(x) if len(x) else 0)" in pages
    assert "return x / float(_checked(factor))" in pages


def test_what_cannot_be_invented_is_left_out_and_said(before):
    """No change of the reference gives these answers; the pages only tell how many are left out."""
    done, pages = before
    assert "left out: `total`, made by 3 students: no change of the reference gives the same wrong answers" in done.stderr
    assert "cos" not in re.sub(r"<svg.*?</svg>", "", pages, flags=re.DOTALL)
    assert "1 more common mistake has no invented code, and is left out." in text_of(pages)


def test_no_code_and_no_name_of_a_student_is_on_the_pages(before, after):
    """Neither a comment nor a name of a variable, not even where the pages show more."""
    for _, pages in (before, after):
        assert not [word for word in ("zebra", "I am", "inbox", "ada") if word in text_of(pages)]
        assert not [name for name in CLASS if name in pages]


def test_a_mistake_of_two_is_never_shown(graded, before):
    """Those two could be recognised, and no option allows it."""
    assert "scale-adds" not in before[0].stdout + before[1]
    refused = run(graded, "lecture", "arith", "--least", "2")
    assert (refused.returncode, "--least" in refused.stderr) == (2, True)
    nothing = run(graded, "lecture", "arith", "--least", "5", "--out", "none")
    assert (nothing.returncode, "no mistake in arith was made in 5 submissions or more" in nothing.stderr) == (2, True)
    assert not (graded / "none").exists()


def test_right_lines_are_shown_only_when_nobody_can_hand_in(before, after):
    """Without a date nobody knows, so they are left out, and the command says so."""
    assert "Lines of the reference are left out" in before[0].stderr
    bodies = bodies_of({"arith.py": REFERENCE})
    found = [{one.piece for one in search({"page": html.unescape(text_of(pages))}, bodies)} for _, pages in (before, after)]
    assert found[0] == set()
    assert found[1]
    assert all(line in after[1] for line in (SUM, TIMES))
    assert "left out: only wrong" not in after[0].stderr


@pytest.mark.parametrize(
    ("due", "options", "shows", "says"),
    [
        ("2000-01-01T00:00:00", [], True, ""),
        ("2199-01-01T00:00:00", [], False, "somebody may hand in until 2199-01-01 00:00 UTC"),
        ("2199-01-01T00:00:00", ["--after-deadline"], True, "these pages show lines of the solution"),
    ],
    ids=["past", "open", "forced"],
)
def test_the_course_says_whether_the_deadline_has_passed(graded, tmp_path, due, options, shows, says):
    """If work is still due, a warning; the option has the last word."""
    (tmp_path / "course.toml").write_text(DUE.format(due))
    done, pages = made(graded, f"due{due[:4]}{len(options)}", "--course", str(tmp_path / "course.toml"), *options)
    assert (SUM in pages, says in done.stderr) == (shows, True)


def test_an_extension_keeps_the_deadline_open():
    """So do late days that are accepted, and a last date."""
    due, later, last = (datetime(2026, 10, day, tzinfo=UTC) for day in (1, 9, 5))
    rules = {"a": Rules(due=due), "b": Rules(due=due, late=Late(max_days=3)), "c": Rules(due=due, late_due=last), "d": Rules()}
    course = Course(assignments=rules, students={"s1": {"a": later}})
    found = [open_until(course, name) for name in "abcd"]
    assert found == [later, datetime(2026, 10, 4, tzinfo=UTC), last, None]


def test_another_file_of_this_name_is_not_overwritten(graded, tmp_path):
    """The pages of an earlier run are replaced, and nothing else."""
    (tmp_path / "page.html").write_text("mine")
    done = run(graded, "lecture", "arith", "--out", str(tmp_path))
    assert (done.returncode, (tmp_path / "page.html").read_text()) == (2, "mine")
    assert "is not from `dlkit lecture`" in done.stderr


def test_the_pages_need_nothing_but_themselves(before):
    """No script and no address; every picture has words for those who do not see it, and no id occurs twice."""
    for page in before[1].split("<!doctype html>")[1:]:
        assert "<script" not in page
        assert set(re.findall(r'(?:src|href)="([^"#][^"]*)"', re.sub(r'xlink:href="data:[^"]*"', "", page))) == set()
        assert page.count("<svg") == len(re.findall(r'role="img" aria-label="[^"]{40,}"', page)) > 0


class NoBook:
    """A gradebook without answers: an author's change needs none."""

    def wrong(self, assignment):
        """Nothing."""
        return {}


@pytest.fixture(scope="module")
def trials(small):
    """Runs invented code for the small assignment."""
    return Trials(small.references)


@pytest.fixture(scope="module")
def mean(small):
    """The mean in place of the sum."""
    return Inventor(NoBook(), small.references, 1).invent(Common("total-is-mean", "total", 4, 4, "", 0))


def functions_of(files):
    """The functions of a program, here."""
    names = {}
    exec(next(iter(files.values())), names)  # noqa: S102 - ours
    return names


def called(files, call):
    """What a call gives, as a page writes it."""
    return eval(re.sub(r"=(\[.+?\])(?=, \w+=|\)$)", r"=np.array(\1)", call), {**functions_of(files), "np": np})  # noqa: S307 - ours


def test_the_right_answer_is_the_right_one(small, mean, trials):
    """Each of the four, run here by the reference and by the invented code: only one of them shows the mistake."""
    asked = question(mean, trials, lines=False)
    assert (asked.kind, len(set(asked.answers))) == ("shows", 4)
    differs = [not np.allclose(called(mean.files, call), called(small.references.files, call)) for call in asked.answers]
    assert differs == [number == asked.right for number in range(4)]


def test_the_value_is_what_the_code_gives(small, trials):
    """Asked for when all that is thought out was asked before; what is right is among the wrong answers."""
    adds = Inventor(NoBook(), small.references, 1).invent(Common("scale-adds", "scale", 4, 4, "", 0))
    asked = question(adds, trials, [kind for kind in KINDS if kind != "value"], lines=False)
    assert (asked.kind, len(set(asked.answers))) == ("value", 4)
    call = re.search("`(.*)`", asked.text)[1]
    arrays = [np.array(json.loads(answer.replace("\N{MINUS SIGN}", "-"))) for answer in asked.answers]
    assert np.allclose(arrays[asked.right], called(adds.files, call), rtol=1e-2)
    assert any(np.allclose(array, called(small.references.files, call), rtol=1e-2) for array in arrays)


def test_a_question_on_lines_needs_lines_that_may_be_shown(mean, trials):
    """And a function that has four; this one has not."""
    assert question(mean, trials, KINDS, lines=True).kind != "line"


def test_numbers_are_a_table(mean, trials):
    """What is expected beside what this code gives, and the call."""
    found = picture(mean, trials)
    ((entry, expected, actual),) = found.rows
    assert (entry, expected != actual, found.caption.startswith("total(x=[")) == ("result", True, True)


def test_an_excerpt_tells_no_right_line_unless_it_is_asked():
    """Docstring, types and comments are gone: a comment may tell the right way."""
    right = 'def f(x: int) -> int:\n    """Doc."""\n    a = x\n    b = 1  # one\n    c = a + b  # the sum\n    return c\n'
    wrong = right.replace("a + b ", "a - b ")
    found = excerpt(right, wrong, "f")
    assert [line.text for line in found.shown(around=0)] == ["def f(x):", "    …", "    c = a - b", "    …"]
    assert [line.text for line in found.shown(around=1)] == ["def f(x):", "    …", "    b = 1", "    c = a - b", "    return c"]
    assert found.right == ("    c = a + b",)


def test_a_line_that_is_missing_is_marked():
    """Where it was."""
    right = "def f(x):\n    a = x\n    a = a + 1\n    return a\n"
    found = excerpt(right, right.replace("    a = a + 1\n", ""), "f")
    assert [line.text for line in found.wrong] == [f"    {MISSING}"]


def test_curves_are_told_in_words_with_the_place_where_there_is_no_number():
    """Ends, ranges, the largest difference, and the gap."""
    x = np.linspace(-2, 2, 5)
    svg, alt = curves("t", x, x**2, np.array([4.0, 1.0, 0.0, 3.0, np.nan]), "z", "slope")
    assert "Furthest apart at z = 1: 3 in place of 1." in alt
    assert "No number from z = 2 to 2." in alt
    assert ("<text" in svg, 'id="p' in svg, 'aria-hidden="true"' in svg) == (True, True, True)


def test_maps_are_told_in_words():
    """How many entries differ and which most; of other shapes, only that."""
    _, alt = maps("t", np.eye(3), np.zeros((3, 3)), "result")
    assert "3 of 9 entries differ, most in row 0, column 0: 0 in place of 1." in alt
    assert maps("t", np.eye(3), np.zeros((2, 3)), "result")[1].endswith("The shapes differ.")


def test_two_pictures_on_a_page_share_no_id():
    """Browsers and readers would take one for the other."""
    x = np.arange(6.0)
    found = [re.findall(r'\bid="([^"]+)"', curves(name, x, x, x + 1, "z", "y")[0]) for name in ("one", "other")]
    assert not {*found[0]} & {*found[1]}
    assert len(found[0]) == len({*found[0]})


def test_the_package_holds_its_templates():
    """Whoever installs dlkit has them."""
    import dlkit.lecture

    names = {path.name for path in (Path(dlkit.lecture.__file__).parent / "templates").iterdir()}
    assert {"page.html", "slide.html", "parts.html", "lecture.css", "page.css", "slide.css"} <= names
