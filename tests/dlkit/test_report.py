"""`dlkit report`: the class as pages, from the command line to the files."""

from __future__ import annotations

import base64
import gzip
import re
import sqlite3
from contextlib import closing
from dataclasses import dataclass, replace
from html.parser import HTMLParser

import pytest
from invented import CHECKS, HOSTILE, check, everybody, gradebook_of, mark

from autograder.grading.bench import UNPROTECTED
from autograder.outcome import Notice, NoticeKind, Outcome
from autograder.policy import Rules
from autograder.report import site
from autograder.report.class_page import page, pages, student_path
from autograder.report.parts import LARGE, LISTS, NAMED, SHOWN, packed
from autograder.report.survey import survey

SCRIPT = HOSTILE[0]


@dataclass(frozen=True)
class Pair:
    """Two that are alike."""

    first: str
    second: str
    share: float


class Reader(HTMLParser):
    """What is on a page: its tags, where it leads to, and its text outside scripts and styles."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.links, self.text, self._of = [], [], "", ""
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self._of = tag
        self.text += " " * (tag in ("td", "th", "li"))
        self.tags.append(tag)
        self.links += [value for name, value in attrs if name in ("href", "src", "action", "srcset")]

    def handle_endtag(self, tag):
        self._of = ""

    def handle_data(self, data):
        self.text += data if self._of not in ("script", "style") else ""


def read(marks, **about):
    """The page of a class, as a reader has it."""
    return Reader(page(survey(marks, about.pop("pairs", ())), "hw2", **about))


def flat(text):
    """A text in one line."""
    return " ".join(text.split())


@pytest.fixture
def book(tmp_path):
    """A gradebook of twelve, the first of whom have hostile keys."""
    return gradebook_of(tmp_path / "g.db", everybody(12))


@pytest.fixture
def report(dlkit, tmp_path):
    """Write a report as a user does."""

    def run(gradebook, *options, out="out"):
        return dlkit("report", "hw2", "--gradebook", gradebook, "--out", tmp_path / out, *options)

    return run


def test_a_report_has_a_page_for_everybody(report, book, tmp_path):
    """It says where it is, and every link of the page leads to a file of it."""
    result = report(book)
    assert (result.returncode, result.stderr) == (0, "")
    assert f"{tmp_path / 'out' / 'index.html'} written: 12 of 12 students graded" in result.stdout
    index = Reader((tmp_path / "out" / "index.html").read_text())
    students = {link for link in index.links if link.startswith("students/")}
    assert students == {f"students/{path.name}" for path in (tmp_path / "out" / "students").iterdir()}
    assert len(students) == 12


def test_every_link_stays_in_the_report(report, book, tmp_path):
    """No page asks a network for anything."""
    assert report(book).returncode == 0
    for path in (tmp_path / "out").rglob("*.html"):
        for link in Reader(path.read_text()).links:
            assert re.match(r"#|data:,$|students/|\.\./index\.html$", link), (path.name, link)


def test_the_same_gradebook_writes_the_same_report(report, book, tmp_path):
    """Nothing in it is of the moment at which it was written."""
    assert report(book, out="one").returncode == report(book, out="two").returncode == 0
    one, two = ({path.name: path.read_bytes() for path in (tmp_path / name).rglob("*.html")} for name in ("one", "two"))
    assert one == two


def test_a_report_takes_the_place_of_an_earlier_one(report, book, tmp_path):
    """Who is no longer in the class has no page left; a file of the instructor's stays."""
    out = tmp_path / "out"
    assert report(book).returncode == 0
    (out / "students" / "gone.html").write_text("earlier")
    (out / "notes.txt").write_text("mine")
    assert report(book).returncode == 0
    assert not (out / "students" / "gone.html").exists()
    assert (out / "notes.txt").read_text() == "mine"
    assert sorted(path.name for path in out.iterdir()) == [site.MARK, "index.html", "notes.txt", "students"]


def test_a_folder_that_is_no_report_is_refused(report, book, tmp_path):
    """Somebody's folder is not written into."""
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "index.html").write_text("mine")
    result = report(book)
    assert result.returncode == 2
    assert "contains files that are not a report of dlkit" in flat(result.stderr)
    assert (tmp_path / "out" / "index.html").read_text() == "mine"


@pytest.mark.parametrize("path", ["file", "file/below"])
def test_a_folder_that_cannot_be_is_refused(report, book, tmp_path, path):
    """A file is in its place, or above it."""
    (tmp_path / "file").write_text("x")
    result = report(book, out=path)
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr.startswith("dlkit: ")
    assert "Traceback" not in result.stderr


def test_a_class_that_was_not_graded_is_refused(report, tmp_path):
    """An empty gradebook says what to do, and leaves no folder."""
    result = report(gradebook_of(tmp_path / "g.db", []))
    assert result.returncode == 2
    assert "has no attempt at 'hw2': grade the class first" in flat(result.stderr)
    assert not (tmp_path / "out").exists()


def test_a_gradebook_that_is_none_is_refused(report, tmp_path):
    """A missing file, and one that holds something else."""
    assert "There is no gradebook" in report(tmp_path / "none.db").stderr
    (tmp_path / "text.db").write_text("no database, " * 1000)
    result = report(tmp_path / "text.db")
    assert result.returncode == 2
    assert "is not a gradebook" in flat(result.stderr)


def test_results_without_isolation_are_told(report, tmp_path):
    """On the page, and where the command was run."""
    marks = [mark("ada", check("p"), isolation=(UNPROTECTED,)), mark("bob", check("p"))]
    result = report(gradebook_of(tmp_path / "g.db", marks))
    assert "1 of these ran without isolation" in result.stderr
    assert "! Not isolated: the code of 1 of 2 graded submissions" in flat(
        Reader((tmp_path / "out" / "index.html").read_text()).text
    )


def test_a_report_that_is_broken_off_leaves_the_earlier_one(tmp_path):
    """The pages that stand are all of one report."""
    site.write(tmp_path / "out", [("index.html", "old"), ("students/a.html", "old")])

    def pages():
        yield "students/a.html", "new"
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        site.write(tmp_path / "out", pages())
    assert {path.name: path.read_text() for path in (tmp_path / "out").rglob("*.html")} == {"index.html": "old", "a.html": "old"}
    assert len(list((tmp_path / "out").iterdir())) == 3


def test_a_first_report_that_is_broken_off_leaves_nothing(tmp_path):
    """Not even the folders that were made for it."""
    with pytest.raises(ZeroDivisionError):
        site.write(tmp_path / "a" / "b", (("index.html", str(1 / 0)) for _ in range(1)))
    assert not (tmp_path / "a").exists()


def test_what_a_killed_program_left_is_cleared_away(tmp_path):
    """The folder of pages that never took their place is gone after the next report."""
    site.write(tmp_path, [("index.html", "old")])
    (tmp_path / f"{site.NEW}x" / "students").mkdir(parents=True)
    site.write(tmp_path, [("index.html", "new")])
    assert sorted(path.name for path in tmp_path.iterdir()) == [site.MARK, "index.html"]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_is_text_whatever_it_is(name):
    """In the table, in a list of who, and as a key: shown in full, and never as a tag."""
    one = mark(name, check("p", Outcome.FAILED, 0.0, misconception="idea", explanation=name), name=name)
    found = read([one, mark("bob", check("p"))])
    assert found.text.count(name) >= 3
    assert found.tags.count("script") == 1
    assert student_path(name) in found.links


def test_what_students_wrote_is_text():
    """A message, a notice and the reason for no grade are never tags."""
    marks = [
        mark("ada", check("p", Outcome.TIMED_OUT, 0.0, message=SCRIPT), check("q"), notices=(Notice(NoticeKind.RAN, SCRIPT),)),
        mark("bob", why=SCRIPT),
    ]
    found = read(marks)
    assert (found.text.count(SCRIPT), found.tags.count("script")) == (5, 1)  # bob's reason stands in three tables


def test_the_most_frequent_misconceptions_are_before_anything_else():
    """Five at once, the others in a list that opens."""
    idea = {f"idea-{i}": 8 - i for i in range(7)}
    marks = [
        mark(f"{name}-{i}", check("p", Outcome.FAILED, 0.0, misconception=name, explanation=f"About {name}."))
        for name, often in idea.items()
        for i in range(often)
    ]
    text = flat(read(marks).text)
    places = [text.index(f"About idea-{i}.") for i in range(7)]
    assert places == sorted(places)
    assert places[4] < text.index("2 more misconceptions, of 3 students or fewer each") < places[5]


def test_fewer_than_one_student_is_nobody():
    """The others of one student each are told so."""
    marks = [
        mark(f"s{i}", check("p", Outcome.FAILED, 0.0, misconception=f"idea-{i}", explanation=f"About idea-{i}."))
        for i in range(7)
    ]
    assert "2 more misconceptions, of 1 student each" in flat(read(marks).text)


def test_one_student_has_a_report():
    """Grammar included; what is not defined is a dash."""
    text = flat(read([mark("ada", check("p"), name="Ada")]).text)
    assert "1 of 1 student graded" in text
    assert "Nobody fails a case." in text
    assert "100 % –" in text


@pytest.mark.parametrize("score", [0.0, 8.0])
def test_a_class_that_is_all_the_same_has_a_report(score):
    """Everybody 0, everybody 100."""
    text = flat(read([mark(f"s{i}", check("p", Outcome.PASSED if score else Outcome.FAILED, score)) for i in range(5)]).text)
    assert f"median {score / 8:.0%}".replace("%", " %") in text


def test_what_many_are_to_be_looked_at_for_is_told_once():
    """One sentence for all whom it concerns, numbers aside; of one reason, what concerns most students stands first."""
    slow = [mark(f"s{i:02}", check("sigmoid", Outcome.TIMED_OUT, 0.0, message=f"no answer within {10 + i} s")) for i in range(9)]
    rare = mark("zoe", check("loss", Outcome.TIMED_OUT, 0.0, message="an infinite loop"))
    text = flat(read([rare, *slow]).text)
    assert "timed out 10 9 students: such as sigmoid: no answer within 10 s" in text
    assert text.count("no answer within") == 1
    assert text.index("9 students") < text.index("zoe: loss: an infinite loop")


def test_a_class_without_a_grade_has_a_report():
    """Who handed in something unreadable is named with the reason."""
    text = flat(read([mark("ada", why="the archive is damaged")]).text)
    assert "0 of 1 student graded" in text
    assert "the archive is damaged 1 ada" in text
    assert "Nothing is graded yet." in text


def test_a_check_removed_since_is_told():
    """Attempts under different specs are counted apart, and the page says so."""
    old = mark("bob", check("p"), check("removed"))
    old = replace(old, row=replace(old.row, graded="2026-01-01T12:00:00+00:00"))
    text = flat(read([mark("ada", check("p"), check("new")), old]).text)
    assert "Graded under 2 versions of the checks: 1 under the newest, 1 under older ones, which had removed" in text
    assert "removed (since removed)" in text


def test_near_identical_submissions_are_a_lead():
    """Both are named, with how much, and that it proves nothing."""
    found = read([mark("ada", check("p")), mark("bob", check("p"))], pairs=[Pair("ada", "bob", 0.93)])
    assert "ada and bob: 93 %" in flat(found.text)
    assert "A lead, never a verdict" in found.text


def test_that_nobody_looked_for_near_identical_submissions_is_told():
    """With how to get it."""
    text = read([mark("ada", check("p"))], similarity="it needs pip install 'dlkit[similarity]'.").text
    assert "dlkit did not look for near-identical submissions: it needs pip install 'dlkit[similarity]'." in text


def test_two_of_one_name_are_told_apart():
    """In a list of who, each has the key too."""
    idea = {"misconception": "idea", "explanation": "That."}
    text = read([mark(key, check("p", Outcome.FAILED, 0.0, **idea), name="Ada Brandt") for key in ("s1", "s2")]).text
    assert "Ada Brandt (s1)" in text
    assert "Ada Brandt (s2)" in text


def test_the_distribution_is_told_in_words():
    """The picture has a text for those who do not see it, and is no picture from elsewhere."""
    html = page(survey([mark("ada", check("p")), mark("bob", check("p", Outcome.FAILED, 0.0))]), "hw2")
    assert 'aria-label="Distribution of the marks of 2 students: 0–9 %: 1, 90–100 %: 1."' in html
    assert "currentColor" in html
    assert "#0a0b0c" not in html and "#0d0e0f" not in html


def test_the_gradebook_is_only_read(report, book):
    """A report changes no result."""
    with closing(sqlite3.connect(book)) as opened:
        before = opened.execute("select count(*), max(id) from results").fetchone()
        assert report(book).returncode == 0
        assert opened.execute("select count(*), max(id) from results").fetchone() == before


def test_dropped_and_extra_checks_are_shown_as_they_count():
    """What is dropped is worth nothing, and what is extra what the policies say."""
    marks = [mark(f"s{i}", check("a", Outcome.PASSED, 10.0, 10.0), check("b", Outcome.FAILED, 0.0, 10.0)) for i in range(3)]
    found = survey(marks, rules=Rules(drop=frozenset({"a"}), extra={"b": 3.0}))
    assert {one.name: one.points for one in found.checks} == {"a": 0.0, "b": 3.0}
    text = flat(Reader(page(found, "hw2")).text)
    assert "(dropped for all)" in text
    assert "(extra credit)" in text


def test_who_left_is_in_no_figure():
    """Nor in the list of everybody, but below it."""
    there, gone = mark("ada", check("a", Outcome.PASSED, 10.0, 10.0)), mark("bob", check("a", Outcome.FAILED, 0.0, 10.0))
    gone = replace(gone, person=replace(gone.person, left="2026-11-01T10:00:00+00:00"))
    found = survey([there, gone])
    assert (len(found.marks), found.percents, found.checks[0].of) == (1, (100.0,), 1)
    assert "not in the figures above. Their work is kept: bob" in flat(Reader(page(found, "hw2")).text)


def test_a_groups_work_runs_once():
    """Students and submissions are counted apart."""
    ada = mark("ada", check("a", Outcome.PASSED, 10.0, 10.0), seconds=4.0)
    bob = mark("bob", check("a", Outcome.PASSED, 10.0, 10.0), seconds=4.0)
    ada, bob = (replace(one, row=replace(one.row, members=(other,), origin="x")) for one, other in ((ada, "bob"), (bob, "ada")))
    found = survey([ada, bob])
    assert (len(found.graded), found.submissions, found.seconds) == (2, 1, (4.0,))
    assert "2 of 2 students graded, 1 submission" in flat(Reader(page(found, "hw2")).text)


def test_how_many_are_alike_is_told_whole():
    """Of a list that is cut, the page says how long it is."""
    marks = [mark(key, check("a", Outcome.PASSED, 10.0, 10.0)) for key in ("ada", "bob")]
    text = flat(Reader(page(survey(marks, [Pair("ada", "bob", 1.0)]), "hw2", more_alike=70)).text)
    assert "1, of 71" in text
    assert "70 pairs more" in text


@pytest.fixture(scope="module")
def large():
    """The pages of a class that is too large for one table, by their paths."""
    marks = [*everybody(LARGE + 120), mark("left", name="Zoe", why="no submission", row=False)]
    return dict(pages(survey(marks), "hw2"))


def test_the_page_of_a_large_class_stays_small(large):
    """It holds the first rows and names; what it leaves out has pages of its own, and every link leads to one."""
    index = Reader(large[site.INDEX])
    assert len(re.findall('<th scope="row" data-value', large[site.INDEX])) - len(CHECKS) <= SHOWN
    lists = {link for link in index.links if link.startswith(LISTS)}
    assert lists == large.keys() - {site.INDEX}
    assert max(len(who) for who in re.findall('<ul class="who">(.*?)</ul>', large[site.INDEX])) < NAMED * 200


def test_the_parts_of_a_large_class_hold_everybody_once(large):
    """In the order of the class; a student without a grade is among them."""
    parts = [Reader(text) for path, text in large.items() if re.fullmatch(rf"{LISTS}/\d+\.html", path)]
    students = [link for part in parts for link in part.links if link.startswith("../../students/") and LISTS not in link]
    assert len(students) == len(set(students)) == LARGE + 121
    assert "no grade: no submission" in flat(parts[-1].text)


def test_a_list_of_names_is_whole_on_its_own_page(large):
    """Whoever a sentence of the class's page is about, with that sentence."""
    index = large[site.INDEX]
    path, said = re.search(rf'<a href="({LISTS}/names-\d+\.html)">all (\d+) students</a>', index).groups()
    names = Reader(large[path])
    assert sum(link.startswith("../../students/") for link in names.links) == int(said) > NAMED
    assert "The idea check_" in names.text


def test_what_is_packed_is_what_the_parts_show(large):
    """The script of the page has the same rows, escaped alike, and nothing of the moment at which they were written."""
    kept = re.search('id="packed">(.*?)</script>', large[site.INDEX])[1]
    rows = gzip.decompress(base64.b64decode(kept)).decode()
    assert rows.count("<tr>") == LARGE + 121
    assert SCRIPT not in rows
    assert packed(rows) == kept


def test_a_small_report_leaves_no_list_of_a_large_one(tmp_path, large):
    """Lists of names of an earlier report go with it."""
    site.write(tmp_path / "out", large.items())
    assert (tmp_path / "out" / LISTS / "1.html").is_file()
    site.write(tmp_path / "out", [(site.INDEX, "x"), (student_path("s1"), "y")])
    assert not (tmp_path / "out" / LISTS).exists()
