"""Feedback as HTML and Markdown: the words of the terminal, and nothing in them is markup."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from autograder.classroom.gradebook import Row
from autograder.classroom.gradebook.values import Comment, Place
from autograder.classroom.marks import Mark
from autograder.inbox.people import Person
from autograder.outcome import CaseResult, CheckResult, Grade, Notice, NoticeKind, Outcome
from autograder.policy import Attempt, CheckScore, Course, Override, finals, parse
from autograder.report.console import PlainConsole
from autograder.report.feedback import fragment, grade_markdown, markdown, page
from autograder.report.stories import story_of
from autograder.report.terminal import TerminalReport
from autograder.report.words import words

HOSTILE = {
    "a script": "<script>alert('it')</script><img src=x onerror=alert(1)>",
    "an end of everything": "</style></pre></code></table>--><!--]]>",
    "a formula": '=HYPERLINK("http://example.org")',
    "right to left": "نور الهادي",
    "turned around": "abc\u202edcba",
    "emoji": "👩‍🔬 🏳️‍🌈",
    "marked down": "**a** _b_ ~~c~~ [d](javascript:e) ![f](g) | h | <i> &amp; \\",
    "backticks": "`` ` ``` ~~~",
    "control characters": "a\x00b\x1b[31mc\x07\x7f\x9b",
    "half a character": "a\ud800b",
    "long": "many words " * 20_000,
    "a template": "{{ 7 * 7 }} {% raw %}",
}
BEGINNINGS = ["# a", "- a", "+ a", "1. a", "12) a", "> a", "===", "---", "    a", "```", "***", "a\n===", "a\n\n    b", "1.", "-"]


class Reader(HTMLParser):
    """What a page shows, and what it is made of."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.texts: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self.open += [] if tag in ("meta", "wbr", "br", "hr", "img") else [tag]
        self.texts.append("\n" if tag in ("p", "td", "th", "li", "pre", "br", "h1", "h2", "h3") else "")

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag, f"</{tag}> closes what is not open"

    def handle_data(self, data):
        if "style" not in self.open:
            self.texts.append(data)

    @property
    def text(self) -> str:
        """What is read, with single spaces."""
        return flat("".join(self.texts))


def flat(text: str) -> str:
    """A text with single spaces."""
    return " ".join(text.split())


def rendered(text: str) -> str:
    """What a reader of CommonMark sees of a text in Markdown."""
    return Reader(MarkdownIt("commonmark").render(text)).text


def check(name="total", outcome=Outcome.FAILED, score=0.0, **known):
    """A check of six points."""
    return CheckResult(name, name, outcome, score, 6.0, **known)


def grade(*checks, notices=(), student="ada", isolation=()):
    """A grade of some checks."""
    return Grade("hw2", "The XOR network", student, None, checks, seconds=1.5, notices=notices, isolation=isolation)


WRONG = check(
    message='case "vector": `total` is 3.0; 2 of 4 entries differ',
    hint="Add up *all* of it (handout, eq. 4).",
    cases=(
        CaseResult("vector", Outcome.FAILED, "wrong", "one\n\n``` two\n3\n4\n5\n", "total(x=np.array([1.0]))\ntotal(x=2)"),
        CaseResult("matrix", Outcome.FAILED, "wrong"),
        CaseResult("empty", Outcome.PASSED),
    ),
)
GRADES = {
    "all right": grade(check(outcome=Outcome.PASSED, score=6.0)),
    "all kinds": grade(*(check(f"check_{kind}", kind, 3.0, message=f"it {kind.words}", hint="Do.") for kind in Outcome)),
    "told once": grade(
        *(check(name, misconception="m", explanation="That is the *mean*.", message=f"{name} is off") for name in "ab")
    ),
    "nothing runs": grade(*(check(name, Outcome.CRASHED, message="line 1: `x` is not defined") for name in "ab")),
    "nothing judged": grade(*(check(name, Outcome.GRADER_ERROR, None, message="no worker") for name in "ab")),
    "a fault": grade(WRONG, check("other", Outcome.GRADER_ERROR, None, message="the reference itself did not answer")),
    "not started": grade(check("a", Outcome.NOT_STARTED), check("b_c", Outcome.SKIPPED, message="`a` must work first")),
    "a line that did not run": grade(WRONG, notices=(Notice(NoticeKind.STOPPED, "line 3 did not run (import torch)"),)),
}


def mark(grade=GRADES["a fault"], name="Ada", key="ada", course=None, overrides=(), **known):
    """The mark of one student with one attempt."""
    checks = tuple(CheckScore(one.name, one.score, one.max_score) for one in grade.checks)
    at = datetime(2026, 10, 27, 13, tzinfo=UTC)
    final = finals(course or Course(), key, {"hw2": [Attempt(checks, at, name="1")]}, {"hw2": overrides})["hw2"]
    row = Row(key, name, 1, False, at.isoformat(), "ada", "", grade, assignment="hw2")
    return Mark(Person(key, name), final, replace(row, **known))


def told(grade):
    """Every text of a grade in words, as it is read."""
    said = words(grade, "arith")
    yield from (said.title, said.points, said.passed, said.seconds, said.fault, said.waiting, *said.notes)
    yield from (text for line in said.lines for text in (line.name, line.outcome.words, f"{line.score}/{line.max_score}"))
    for block in said.blocks:
        yield block.title
        yield from (f"{label}: {text}" if label else text for label, text in block.rows)
        yield from block.code


SHIFT = grade(
    *(
        check(name, misconception="softmax-not-shifted", explanation="Right for small logits only.", message="nan")
        for name in "ab"
    ),
    check("c", misconception="no-such-id", explanation="Another one."),
)


def test_a_page_has_the_longer_story_folded():
    """Below a mistake about which there is a story, the page holds it all, closed; once, and for no other."""
    html = Reader(fragment(SHIFT))
    assert [attributes.get("open", "closed") for tag, attributes in html.tags if tag == "details"] == ["closed"]
    story = story_of("softmax-not-shifted")
    assert flat(f"more: {story.title}") in html.text
    assert all(flat(part.text).replace("`", "") in html.text for part in story.parts)


def test_markdown_names_the_command_that_tells_the_longer_story():
    """Where a page can fold nothing, it says how to get the story at home."""
    text = rendered(grade_markdown(SHIFT))
    assert text.count("more: dlkit grade hw2 --explain a") == text.count("more:") == 1


@pytest.mark.parametrize("hostile", HOSTILE.values(), ids=HOSTILE)
def test_a_story_is_text_too(hostile, tmp_path):
    """Whatever an author writes into a story is read, and is no markup."""
    (tmp_path / "stories").mkdir()
    hostile = hostile[:2000].encode("utf-8", "replace").decode().replace("\n", " ")
    text = f"---\ntitle: {hostile}\nof: softmax-*\n---\n{hostile}\n\n```pycon\n>>> {hostile}\n{hostile}\n```\n"
    (tmp_path / "stories" / "a.md").write_text(text, encoding="utf-8")
    html = Reader(fragment(SHIFT, folder=tmp_path))
    expected = Reader(fragment(SHIFT)).tags
    assert {tag for tag, _ in html.tags} <= {tag for tag, _ in expected} | {"code"}
    assert not [attributes for _, attributes in html.tags if {"onerror", "href", "src"} & set(attributes)]


@pytest.mark.parametrize("grade", GRADES.values(), ids=GRADES)
def test_the_same_words_everywhere(grade):
    """All that the terminal says is on the page and in the Markdown, and none of it is missing there."""
    out = io.StringIO()
    report = TerminalReport(PlainConsole(file=out, width=500), words(grade).title, len(grade.checks), "arith")
    with report:
        for one in grade.checks:
            report.line(one)
    report.details(grade)
    html, text = (Reader(page(mark(grade), module="arith")).text, rendered(markdown(mark(grade), module="arith")))
    for sentence in filter(None, told(grade)):
        assert flat(sentence) in flat(out.getvalue())
        if sentence == words(grade).points:  # which the mark tells there, once
            continue
        assert flat(sentence).replace("`", "") in html.replace("`", "")
        assert flat(sentence).replace("`", "") in text.replace("`", "")


def test_a_mistake_is_explained_once():
    """The second time, it is the same mistake as above."""
    rows = [dict(block.rows)["likely"] for block in words(GRADES["told once"]).blocks]
    assert rows == ["That is the *mean*.", "the same mistake as above"]


def test_what_stopped_everything_is_said_once():
    """One block, and no check of its own."""
    assert [block.title for block in words(GRADES["nothing runs"]).blocks] == ["Nothing could run"]
    assert [block.title for block in words(GRADES["nothing judged"]).blocks] == ["Nothing could be judged"]


def test_what_is_not_started_has_no_block():
    """Two checks of one function have one message: it is no accident, and the line at the end tells it."""
    untouched = grade(*(check(name, Outcome.NOT_STARTED, message="`a` still raises NotImplementedError") for name in "ab"))
    assert (words(untouched).blocks, words(untouched).waiting) == ((), "Not started yet: a, b.")


def test_without_a_module_the_call_stands_alone():
    """Where the name of the file is not known, none is made up."""
    assert words(grade(WRONG)).blocks[0].code == ("total(x=np.array([1.0]))", "total(x=2)")


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_a_page_shows_hostile_text_and_is_none_of_it(text):
    """Whatever a name, a message or a print holds, the page has the same elements, and shows what can be shown."""
    cases = (CaseResult(text, Outcome.FAILED, text, text, text), CaseResult(f"{text}2", Outcome.FAILED))
    hostile = mark(
        grade(
            check(text, message=text, explanation=text, cases=cases),
            check("x", hint=text, message="x"),
            notices=(Notice(NoticeKind.RAN, text),),
        ),
        name=text,
        key=text,
    )
    html = page(hostile, back=text)
    html.encode()
    read = Reader(html)
    kept = {"html", "head", "meta", "title", "style", "body", "nav", "a", "main", "header", "h1", "h2", "h3", "p", "bdi", "span"}
    kept |= {"section", "ul", "li", "div", "table", "caption", "thead", "tbody", "tr", "th", "td", "strong", "pre", "code", "wbr"}
    kept |= {"details", "summary"}  # a long call folds
    assert {tag for tag, _ in read.tags} <= kept
    assert not [name for _, attrs in read.tags for name in attrs if name.startswith("on") or name == "src"]
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\ud800-\udfff]", html)
    if text.isprintable() and "`" not in text:
        assert read.text.count(flat(text)) >= 8


@pytest.mark.parametrize("text", [*HOSTILE.values(), *BEGINNINGS], ids=[*HOSTILE, *map(repr, BEGINNINGS)])
def test_markdown_shows_hostile_text_and_is_none_of_it(text):
    """Whatever a name, a message or a print holds, it is read as text, and what comes after it is what it was."""
    cases = (CaseResult("case", Outcome.FAILED, text, text, text), CaseResult(text, Outcome.FAILED))
    hostile = markdown(
        mark(
            grade(check(text, message=text, hint=text, cases=cases), notices=(Notice(NoticeKind.RAN, text),)), name=text, key=text
        )
    )
    hostile.encode()
    html = MarkdownIt("commonmark").render(hostile)
    read = Reader(html)
    counts = {tag: [name for name, _ in read.tags].count(tag) for tag in ("h1", "h2", "h3", "ul", "ol", "hr", "img", "a", "i")}
    assert counts == {"h1": 1, "h2": 3, "h3": 1, "ul": 2, "ol": 0, "hr": 0, "img": 0, "a": 0, "i": 0}
    assert {tag for tag, _ in read.tags} <= {"h1", "h2", "h3", "p", "ul", "li", "strong", "em", "code", "pre", "br"}
    if text.isprintable() and "`" not in text:
        assert read.text.count(flat(text)) >= 7


@given(st.text(alphabet="`*_<>[]()#+-=|~&\\!1.) \nabé", max_size=40))
def test_any_text_is_read_as_it_was(text):
    """What a reader of the Markdown sees of a message is the message, but for the backticks of code."""
    read = rendered(grade_markdown(grade(check("a_check", message=f"begin {text} end"), check("b"))))
    seen = read.split("a_check (0 of 6 points)", 1)[1].split(" ✗ b ", 1)[0]
    assert "".join(seen.split()).replace("`", "") == "".join(f"begin {text} end".split()).replace("`", "")


@pytest.mark.parametrize("text", ["```", "````\n```", "a\n~~~\n```python\nb"])
def test_code_ends_where_it_ends(text):
    """A fence is longer than any in what it holds: what was printed and the call to copy are each one block, whole."""
    wrong = check(message="x", cases=(CaseResult("case", Outcome.FAILED, "x", text, text),))
    blocks = [token.content for token in MarkdownIt("commonmark").parse(grade_markdown(grade(wrong))) if token.type == "fence"]
    assert blocks == [f"{text}\n", f"{text}\n"]


def test_how_a_mark_came_to_be():
    """Lateness and what was set by hand are told beside the mark, on the page and in Markdown."""
    course = parse('[course]\ntimezone = "UTC"\n[late]\nper_day = 10\n[assignments.hw2]\ndue = 2026-10-26T12:00:00')
    by_hand = Override(4.0, "right, but for <a> typing error", "grace", datetime(2026, 11, 1, tzinfo=UTC), "total")
    late = mark(GRADES["a line that did not run"], course=course, overrides=[by_hand])
    for read in (Reader(page(late)).text, rendered(markdown(late))):
        assert "2.8 of 6 points" in read
        assert "handed in 2026-10-27 13:00 UTC" in read
        assert "0 of 6 points by the grader" in read
        assert "right, but for <a> typing error" in read
        assert "late by 1 day 1 h" in read


def test_a_mark_without_a_grade_says_why():
    """No mark is not 0, and there is no table of nothing."""
    row = Row("bob", "Bob", 1, False, "", "bob", "the archive is damaged", None, assignment="hw2")
    for one in (
        Mark(Person("bob", "Bob"), None, row, "the archive is damaged"),
        Mark(Person("bob"), None, None, "nothing handed in"),
    ):
        for read in (
            Reader(page(one, assignment="hw2")),
            Reader(MarkdownIt("commonmark").render(markdown(one, assignment="hw2"))),
        ):
            assert f"No mark: {one.why}" in read.text
            assert "hw2" in read.text
            assert "table" not in [tag for tag, _ in read.tags]
            assert "0 of" not in read.text


def test_our_fault_is_no_points_lost():
    """The points of a check that could not be judged are left out, and the student is told."""
    for read in (Reader(page(mark())).text, rendered(markdown(mark()))):
        assert "0 of 6 points" in read
        assert "of 12 points" not in read
        assert "their 6 points are left out of the total. Please tell your instructor." in read


def test_a_page_asks_for_nothing_and_runs_nothing():
    """No script, no address but the link back, and a policy that would stop both."""
    read = Reader(page(mark(), back="../index.html"))
    policy = next(attrs["content"] for tag, attrs in read.tags if attrs.get("http-equiv") == "Content-Security-Policy")
    assert policy.startswith("default-src 'none'; style-src 'unsafe-inline'")
    assert [attrs["href"] for tag, attrs in read.tags if "href" in attrs] == ["../index.html"]
    assert not re.search(r"url\(|@import|://", page(mark()))


def test_a_page_can_be_found_ones_way_in():
    """One h1, headings without gaps, a table with a caption and headers; each outcome has its word beside the symbol."""
    read = Reader(page(mark(GRADES["all kinds"])))
    levels = [int(tag[1]) for tag, _ in read.tags if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1 == levels.count(1)
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert {"caption", "thead"} <= {tag for tag, _ in read.tags}
    assert all(attrs.get("scope") in ("col", "row") for tag, attrs in read.tags if tag == "th")
    for kind in Outcome:
        assert f"{kind.words} " in read.text


def test_a_piece_of_a_page_stands_by_itself():
    """For a notebook: a grade with its style, no page around it, and nothing of the page's own style."""
    html = fragment(grade(WRONG), "arith")
    tags = [tag for tag, _ in Reader(html).tags]
    assert tags[:2] == ["style", "div"]
    assert "html" not in tags
    style = re.sub(r"/\*.*?\*/", "", html.split("</style>")[0].removeprefix("<style>"), flags=re.DOTALL)
    selectors = [one for rule in re.findall(r"([^{}]+)\{", style) for one in rule.split(",") if "@" not in one]
    assert selectors
    assert all(one.strip().startswith(".dlkit") for one in selectors)


OWN = "import numpy as np\n\n\ndef total(x):\n    # all of it\n    return x.max()\n\n\ndef other(x):\n    return x\n"


def commented():
    """A mark with a comment on the function that fails, and one on another."""
    places = [
        Place(number, 1, "arith.py", line, Comment(number, text, False, "ben", "2026-11-02T10:00:00+00:00", 1), "ben")
        for number, (line, text) in enumerate([(6, "Is that all of it?"), (10, "Well done.")])
    ]
    found = mark(grade(replace(WRONG, message="3.0 is wrong (line 6: return x.max())"), check("other", Outcome.PASSED, 6.0)))
    assert found.row
    return replace(found, comments=tuple(places), row=replace(found.row, submitted="2026-11-01T22:30:00+00:00"))


def test_the_students_own_lines_stand_beside_the_difference():
    """With their numbers, the line that the message names, and the comment on it; comments on other lines stand above."""
    html = page(commented(), code={"arith.py": OWN})
    above, beside = html.split("What to look at")
    assert "Well done." in above and "Well done." not in beside
    assert "Is that all of it?" in beside and "Is that all of it?" not in above
    assert re.search(r'class="line mentioned"><span class="at">▸6</span>    return x.max\(\)\s', beside)
    assert "def other" not in beside
    text = markdown(commented(), code={"arith.py": OWN})
    assert text.index("Well done.") < text.index("What to look at") < text.index("Is that all of it?")


def test_a_page_has_one_total():
    """The mark; what the grader found is told only where that is another number."""
    html = page(commented(), code={"arith.py": OWN})
    assert len(re.findall(r"\d+ of 12 points", html)) == 1
    assert "6 of 12 points" in fragment(grade(WRONG, check("other", Outcome.PASSED, 6.0)))  # where no mark stands above


def test_times_are_told_in_the_courses_zone():
    """Not in that of the platform, from which they come."""
    assert "handed in 2026-11-01 22:30 UTC" in page(commented())
    berlin = ZoneInfo("Europe/Berlin")
    assert "handed in 2026-11-01 23:30 CET" in page(commented(), zone=berlin)
    assert "handed in 2026-11-01 23:30 CET" in markdown(commented(), zone=berlin)


def test_a_long_call_folds():
    """It takes a click to see it; a short one is open."""
    long = CaseResult("vector", Outcome.FAILED, "wrong", "", f"total(x=np.array([{', '.join(['0.125'] * 99)}]))")
    assert "a long call</summary>" in page(mark(grade(replace(WRONG, cases=(long,)))))
    assert "a long call" not in page(mark(grade(WRONG)))
