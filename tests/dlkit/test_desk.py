"""`dlkit desk`: who may ask, what is read in which order, and what is written by hand."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from urllib.parse import urlencode

import pytest
from collecting import needs
from desks import CODE, FORM, ORIGIN, PORT, SECRETS, Reader, desk_of, fill
from invented import HOSTILE

from autograder.classroom.gradebook import Adjustment, Gradebook
from autograder.classroom.gradebook import reading as written
from autograder.classroom.marks import all_marks, marks
from autograder.export.table import in_short
from autograder.inbox.people import Person
from autograder.policy import Course
from autograder.report.feedback import markdown, page

needs("starlette", "starlette is not installed: pip install 'dlkit[desk]'")

PEOPLE = [Person("s1", "Ada Farouk", section="A"), Person("s2", "Ben Brandt", section="B"), Person("s3", "Cleo Gupta")]
ALL = (
    "/",
    "/queue?queue=all",
    "/queue?queue=check&check=softmax",
    "/queue?queue=random",
    "/read/1?queue=all",
    "/comments",
    "/same",
    "/course",
)


@pytest.fixture
def book(tmp_path):
    """A gradebook of three students."""
    with Gradebook(tmp_path / "g.db") as found:
        fill(found, PEOPLE)
        yield found


@pytest.fixture
def desk(book):
    """A desk on it."""
    return desk_of(book)


@pytest.fixture
def ada(desk):
    """One reader."""
    return Reader(desk)


@pytest.fixture
def ben(desk):
    """Another reader."""
    return Reader(desk, "ben")


class Tags(HTMLParser):
    """The tags of a page, and what could act in it."""

    def __init__(self, html):
        super().__init__()
        self.scripts, self.acting = [], []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        about = dict(attrs)
        if tag == "script":
            self.scripts.append(about.get("src"))
        self.acting += [name for name in about if name.startswith("on") or name == "style"]
        self.acting += (
            [tag] if tag in ("style", "base", "iframe", "object", "embed", "img", "meta") and "http-equiv" in about else []
        )
        self.acting += [
            value for name, value in attrs if name in ("href", "src", "action") and re.match(r"\s*javascript:", value)
        ]


# Who may ask


@pytest.mark.parametrize("token", ["", "x", "c" * 32, next(iter(SECRETS))[:-1]])
def test_another_address_is_refused(desk, token):
    """Without one of the secrets there is nothing: no page, no style, no hint."""
    answer = Reader(desk).ask("GET", f"/{token}/queue", {})
    assert (answer.status_code, "hw2" in answer.text) == (403, False)


def test_a_planted_secret_opens_nothing(desk):
    """There is no cookie to plant; one in a cookie, a header or a query is not looked at, and none is ever set."""
    secret = next(iter(SECRETS))
    planted = Reader(desk).ask("GET", f"/queue?token={secret}", {"Cookie": f"token={secret}", "Authorization": f"token {secret}"})
    assert planted.status_code == 403
    assert "set-cookie" not in Reader(desk).get("/queue").headers


@pytest.mark.parametrize("host", ["evil.example", f"evil.example:{PORT}", "127.0.0.1", f"127.0.0.1.evil.example:{PORT}"])
def test_another_name_for_this_machine_is_refused(ada, host):
    """A site whose name points to this machine learns nothing."""
    assert ada.get("/queue", Host=host).status_code == 421


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": ""},
        {"Origin": f"http://127.0.0.1:{PORT + 1}"},
        {"Origin": f"https://127.0.0.1:{PORT}"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Content-Type": "text/plain"},
        {"Content-Type": "multipart/form-data; boundary=x"},
    ],
)
def test_a_form_of_another_site_writes_nothing(book, ada, headers):
    """Even one that knows the address: it must come from a page of the desk."""
    answer = ada.post("/points", headers, attempt=1, check="softmax", points=8, seen__s1=0)
    assert answer.status_code in (403, 415)
    assert book.adjustments() == []


def test_a_form_without_an_origin_writes_nothing(book, ada):
    """Browsers always say where a form is from."""
    answer = ada.ask("POST", f"{ada.base}/points", {"Content-Type": FORM}, "attempt=1&check=softmax&points=8&seen.s1=0")
    assert (answer.status_code, book.adjustments()) == (403, [])


@pytest.mark.parametrize("path", ["/points", "/comment", "/review", "/hide", "/reword", "/uncomment"])
def test_a_link_writes_nothing(ada, path):
    """What changes something is a form; its address is no page."""
    assert ada.get(f"{path}?attempt=1&points=8&check=softmax").status_code == 404
    assert ada.ask("PUT", ada.base + path, {"Origin": ORIGIN}).status_code == 405


@pytest.mark.parametrize("data", ["x" * 300_000, "&".join(f"f{n}=1" for n in range(200)), "%ff=%ff"], ids=["long", "many", "odd"])
def test_a_form_that_is_too_large_or_none_is_refused(ada, data):
    """With a sentence, and before anything is looked for."""
    assert ada.ask("POST", f"{ada.base}/points", {"Origin": ORIGIN, "Content-Type": FORM}, data).status_code in (400, 404)


def test_every_answer_has_the_headers_that_protect_it(ada):
    """No script or style but the desk's, no frame, no address for others, nothing kept."""
    for path in (*ALL, "/nowhere", "/static/desk.js"):
        headers = ada.get(path).headers
        assert "default-src 'none'" in headers["content-security-policy"], path
        assert "unsafe" not in headers["content-security-policy"]
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert (headers["x-content-type-options"], headers["referrer-policy"]) == ("nosniff", "same-origin")
        assert "no-store" in headers["cache-control"] or path.startswith("/static")


@pytest.mark.parametrize(
    "back", ["//evil.example", "https://evil.example/", "/\\evil.example", "javascript:alert(1)", "/ x", "/\nx: y"]
)
def test_a_form_leads_nowhere_else(ada, back):
    """Where it goes back to is a page of the desk, whatever it says."""
    place = ada.post("/hide", back=back).headers["location"]
    assert place.startswith(f"{ada.base}/")
    assert "evil" not in place


def test_markup_in_every_field_is_text(tmp_path):
    """Names, messages, code, what was printed, comments and reasons: nothing acts, and all can be read."""
    evil = '"><script>alert(1)</script><img src=x onerror=alert(1)>'
    with Gradebook(tmp_path / "g.db") as book:
        attempts = fill(book, [Person(name, name, section=evil) for name in HOSTILE], message=evil)
        first = attempts[HOSTILE[0]]
        desk = desk_of(book)
        ada = Reader(desk)
        written.say(book, first, "xor.py", 2, evil, text=evil, reusable=True)
        written.read_by(book, first, evil)
        written.review(book, first, evil, later=True)
        book.adjust(Adjustment("hw2", HOSTILE[0], 1.0, evil, evil, "2026-11-29T12:00:00+00:00", "softmax"))
        pages = [
            ada.get(path)
            for path in (
                *ALL,
                f"/read/{first}",
                f"/student?{urlencode({'id': HOSTILE[0]})}",
                f"/queue?queue={evil}&check={evil}",
                f"/{evil}",
            )
        ]
        pages.append(ada.post("/points", attempt=first, check="softmax", points=1, comment=evil, back=evil))
        for answer in pages:
            tags = Tags(answer.text)
            assert tags.scripts == [f"{ada.base}/static/desk.js?{desk.stamp}"], answer.url
            assert tags.acting == [], answer.url
            assert "\u202e" not in answer.text
        assert "onerror=alert(1)" in pages[-1].text


# What is read


def test_the_queue_lists_everybody_with_mark_and_checks(ada):
    """Name, key, section, points, and how many checks passed."""
    text = ada.get("/queue?queue=all").text
    for person in PEOPLE:
        assert person.name in text
        assert person.id in text
    assert "1 of 2 passed" in text


def test_the_page_of_a_submission_has_code_verdict_difference_and_reason(ada):
    """And the line at which the function of each check begins."""
    text = ada.get("/read/1?queue=all").text
    assert "it is 1; expected 2" in text
    assert 'data-line="L0-4"' in text
    assert text.count('class="line"') == CODE.count("\n") + 1
    assert "1 of 3" in text


def test_next_and_previous_follow_the_queue(ada):
    """By name; the last has no next."""
    text = ada.get("/read/2?queue=all").text
    assert re.search(r'data-key="p" data-ahead href="[^"]*/read/1\?', text)
    assert re.search(r'data-key="n" data-ahead href="[^"]*/read/3\?', text)
    assert 'data-key="n"' not in ada.get("/read/3?queue=all").text


def test_read_goes_on_to_the_next_that_nobody_has_read_or_has_open(ada, ben):
    """Over what another reader has open, to what is left."""
    ben.post("/here", attempt=2)
    form = re.search(r'name="next" value="(\d+)"', ada.get("/read/1?queue=all").text)[1]
    assert form == "3"
    answer = ada.post("/review", attempt=1, queue="queue=all", next=form)
    assert answer.headers["location"].endswith("/read/3")
    assert "<b>1</b> of 3 submissions read" in ada.get("/queue?queue=all").text


def test_a_draw_is_the_same_until_another_is_asked_for(tmp_path):
    """Ten of all, in an order that tells nothing."""
    with Gradebook(tmp_path / "g.db") as book:
        fill(book, [Person(f"s{number:02}") for number in range(40)])
        ada = Reader(desk_of(book))
        first, again, other = (
            re.findall(r'<a href="[^"]*/read/(\d+)', ada.get(f"/queue?queue=random&draw={draw}").text) for draw in (1, 1, 2)
        )
        assert (len(first), first) == (10, again)
        assert first != other


def test_mine_has_what_i_set_aside_first(ada, ben):
    """And nothing that somebody else read."""
    ada.post("/review", attempt=1)
    ada.post("/review", attempt=3, later=1)
    ben.post("/review", attempt=2)
    assert re.findall(r'<a href="[^"]*/read/(\d+)', ada.get("/queue?queue=mine").text) == ["3", "1"]


def test_hidden_names_are_nowhere(ada, ben):
    """Neither in lists nor in the code, for whoever hid them; the order does not tell them either."""
    ada.post("/hide", back="/queue?queue=all")
    for path in ("/queue?queue=all", "/read/1?queue=all"):
        text = ada.get(path).text
        body = text[text.index("<main") :]
        assert not re.search("Ada Farouk|Farouk|Ben Brandt|Cleo|section A", body), path
    assert "Ada Farouk" in ben.get("/read/1").text


def test_without_pygments_the_code_is_plain(ada, monkeypatch):
    """Every line is there, without colours."""
    from dlkit.desk.code import lines

    monkeypatch.setitem(__import__("sys").modules, "pygments.lexers.python", None)
    assert lines("def f():  # <b>\n    pass") == ("def f():  # &lt;b&gt;", "    pass")


# What is written


def test_points_by_hand_are_those_of_adjust(book, ada):
    """They count at once, with reason and name; undo takes them back."""
    ada.post("/points", attempt=1, check="softmax", points="6,5", comment="right idea", seen__s1=0)
    (one,) = book.adjustments()
    assert (one.student, one.check, one.points, one.comment, one.by) == ("s1", "softmax", 6.5, "right idea", "ada")
    assert "8.5" in in_short(marks(book, Course(), "hw2"))
    assert "<b>6.5</b>" in ada.get("/read/1").text
    ada.post("/points", attempt=1, check="softmax", undo=1, seen__s1=one.id)
    assert book.adjustments() == []


@pytest.mark.parametrize("points", ["-1", "nan", "inf", "1e400", "eight", "8 or 9"])
def test_points_that_are_none_are_refused(book, ada, points):
    """With a sentence, and nothing is written."""
    answer = ada.post("/points", attempt=1, check="softmax", points=points, seen__s1=0)
    assert (answer.status_code, book.adjustments()) == (400, [])
    assert "points must be a number" in answer.text.lower()


def test_nobody_overwrites_points_unseen(book, ada, ben):
    """The second of two sees both, loses neither, and can save theirs knowingly."""
    ada.post("/points", attempt=1, check="softmax", points=6, comment="fine", seen__s1=0)
    answer = ben.post("/points", attempt=1, check="softmax", points=3, comment="not quite", seen__s1=0, back="/read/1")
    assert answer.status_code == 409
    assert all(text in answer.text for text in ("fine", "not quite", ">6<", 'value="3"'))
    assert book.adjustments()[0].points == 6
    seen = re.search(r'name="seen.s1" value="(\d+)"', answer.text)[1]
    ben.post("/points", attempt=1, check="softmax", points=3, comment="not quite", seen__s1=seen)
    assert book.adjustments()[0].points == 3


def test_a_comment_reaches_feedback_marks_and_exports(book, ada):
    """With the line that it is about."""
    ada.post("/comment", attempt=1, file="xor.py", line=6, text="Subtract the *maximum* first.")
    mark = marks(book, Course(), "hw2")[0]
    code = {"xor.py": CODE}
    assert "comment on line 6 of xor.py (ada): Subtract the *maximum* first." in in_short([mark])
    for text in (page(mark, code=code), markdown(mark, code=code)):
        assert "return np.exp(z)" in text
    assert "Subtract the *maximum* first." in page(mark, code=code)
    assert "Subtract the \\*maximum\\* first." in markdown(mark, code=code)


@pytest.mark.parametrize(("file", "line"), [("xor.py", 0), ("xor.py", 99), ("other.py", 1), ("../x", 1)])
def test_a_comment_stands_on_a_line_that_there_is(book, ada, file, line):
    """Anything else is refused."""
    assert ada.post("/comment", attempt=1, file=file, line=line, text="x").status_code == 400
    assert written.places(book, "hw2") == []


def test_a_reusable_comment_changes_everywhere(book, ada):
    """It is written once, placed twice, and edited once."""
    ada.post("/comment", attempt=1, file="xor.py", line=6, text="Old", reusable=1)
    (comment,) = written.comments(book)
    ada.post("/comment", attempt=2, file="xor.py", line=6, comment=comment.id)
    ada.post("/reword", comment=comment.id, text="New", reusable=1, seen=comment.version)
    assert [place.comment.text for place in written.places(book, "hw2")] == ["New", "New"]
    assert written.comments(book)[0].uses == 2
    ada.post("/uncomment", place=1)
    ada.post("/uncomment", place=2)
    assert [one.text for one in written.comments(book)] == ["New"]


def test_nobody_rewords_a_comment_unseen(book, ada, ben):
    """The second of two sees both texts; nothing is lost."""
    ada.post("/comment", attempt=1, file="xor.py", line=6, text="Old", reusable=1)
    ada.post("/reword", comment=1, text="Of Ada", reusable=1, seen=1)
    answer = ben.post("/reword", comment=1, text="Of Ben", reusable=1, seen=1)
    assert answer.status_code == 409
    assert "Of Ada" in answer.text
    assert "Of Ben" in answer.text
    assert written.comments(book)[0].text == "Of Ada"


def test_two_readers_see_each_other(ada, ben):
    """In the list, on the page and in what its script asks for; who leaves is gone."""
    assert ada.post("/here", attempt=1).json() == {"others": ""}
    assert ben.post("/here", attempt=1).json() == {"others": "ada"}
    assert "ben is reading" in ada.get("/queue?queue=all").text
    assert "ben is reading this, too" in ada.get("/read/1").text
    ben.post("/here", attempt=0)
    assert "ben is reading" not in ada.get("/queue?queue=all").text


def test_the_class_at_hand_is_that_of_the_gradebook(book, desk):
    """After changes by hand, new results and new students, marks are those that are computed anew."""
    desk.roll.marks("hw2")
    book.adjust(Adjustment("hw2", "s2", 5.0, "", "x", "2026-11-29T12:00:00+00:00", "softmax"))
    for more in ([], [Person("s4", "Dan")]):
        if more:
            fill(book, more, "hw3")
        kept = {(name, mark.student): mark for name, several in desk.roll.all_marks().items() for mark in several}
        anew = {
            (name, mark.student): mark for name, several in all_marks(book, Course(), cases=False).items() for mark in several
        }
        assert {key: mark.final for key, mark in kept.items()} == {key: mark.final for key, mark in anew.items()}
        assert kept["hw2", "s2"].final.mark == 7


# Class, course and student


def test_the_report_of_a_class_is_that_of_the_command(book, ada):
    """Live, with a policy of its own that allows its own script alone, and links to what each student reads."""
    assert ada.get("/class").headers["location"].endswith("/class/hw2/index")
    answer = ada.get("/class/hw2/index")
    assert "What the class has not understood" in answer.text
    assert "script-src 'sha256-" in answer.headers["content-security-policy"]
    ada.post("/comment", attempt=1, file="xor.py", line=6, text="Look here.")
    read = ada.get("/class/hw2/students/s1.html")
    assert "Look here." in read.text
    assert ada.get("/class/hw2/students/nobody.html").status_code == 404


def test_the_report_of_a_large_class_leads_to_its_parts(book, ada, monkeypatch):
    """Each list that the page leaves out has an address below it, and leads back."""
    monkeypatch.setattr("autograder.report.class_page.LARGE", 1)
    assert 'href="students/lists/1.html"' in ada.get("/class/hw2/index").text
    part = ada.get("/class/hw2/students/lists/1.html").text
    assert ('href="../../students/s1.html"' in part, 'href="../../index"' in part) == (True, True)
    assert ada.get("/class/hw2/students/lists/99.html").status_code == 404


def test_the_course_shows_totals_and_who_falls_behind(book, ada):
    """Everybody's total, sections, attempts, and how hard each check is."""
    fill(book, PEOPLE[:2], "hw3")
    text = ada.get("/course").text
    assert re.search(r'Cleo Gupta</bdi></a> <bdi class="quiet">s3</bdi></th><td>hw3</td>', text)
    assert "Attempts until full marks" in text
    assert ">softmax</th>" in text


def test_a_student_is_shown_over_all_assignments(book, ada):
    """With attempts, what was done by hand, and how the total comes about."""
    fill(book, PEOPLE, "hw3")
    ada.post("/points", attempt=1, check="softmax", points=6, comment="right idea", seen__s1=0)
    text = ada.get("/student?id=s1").text
    assert all(name in text for name in ("hw2", "hw3", "right idea", "attempt 1", "80"))
    assert ada.get("/student?id=nobody").status_code == 404


@pytest.mark.parametrize(
    "path", ["/class/hw2/index", "/course", "/student?id=s1", "/class/hw2/students/s1.html", "/class/hw2/students/lists/1.html"]
)
def test_pages_about_people_are_closed_while_names_are_hidden(ada, path):
    """They would tell who is who."""
    ada.post("/hide", back="/")
    answer = ada.get(path)
    assert (answer.status_code, "Ada Farouk" in answer.text) == (403, False)


# Requests


def test_a_request_is_taken_in_decided_and_told(book, ada):
    """Once, however often it comes; who decided what, and why, stands in marks and feedback."""
    for _ in range(2):
        ada.post("/ask", assignment="hw2", student="s1", check="softmax", text="My answer is right.")
    (one,) = written.requests(book)
    assert "My answer is right." in ada.get("/read/1").text
    assert "1<span" in ada.get("/queue").text
    ada.post("/decide", request=one.id, state="declined", why="The rows must add up to 1.", seen=1, back="/requests")
    assert written.requests(book)[0].state == "declined"
    sentence = "request on `softmax`: declined (ada): The rows must add up to 1."
    mark = marks(book, Course(), "hw2")[0]
    assert sentence in in_short([mark])
    assert "The rows must add up to 1." in page(mark)
    assert "The rows must add up to 1." in ada.get("/requests").text


def test_a_request_is_declined_with_a_reason(book, ada):
    """The student reads it."""
    ada.post("/ask", assignment="hw2", student="s1", text="Please look.")
    assert ada.post("/decide", request=1, state="declined", why=" ", seen=1).status_code == 400
    assert ada.post("/decide", request=1, state="maybe", why="x", seen=1).status_code == 400
    assert written.requests(book)[0].state == "open"


def test_nobody_decides_a_request_unseen(book, ada, ben):
    """The second of two sees what the first decided, and keeps their own words."""
    ada.post("/ask", assignment="hw2", student="s1", text="Please look.")
    ada.post("/decide", request=1, state="granted", why="You are right.", seen=1)
    answer = ben.post("/decide", request=1, state="declined", why="No.", seen=1, back="/requests")
    assert answer.status_code == 409
    assert all(text in answer.text for text in ("You are right.", 'value="No."', 'value="2"'))
    assert written.requests(book)[0].state == "granted"


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({"student": "s9", "text": "x"}, "no student"),
        ({"student": "s1", "check": "sofmax", "text": "x"}, "Did you mean"),
        ({"student": "s1", "text": " "}, "needs a text"),
        ({"student": "s1", "text": "x" * 2001}, "at most 2000 characters"),
        ({"file": "[" * 5000}, "not the file"),
        ({"file": '{"assignment": "hw2", "student": "s1", "requests": "all"}'}, "not the file"),
        ({"file": '{"assignment": "hw9", "student": "s1", "requests": [{"text": "x"}]}'}, "no assignment"),
    ],
)
def test_a_request_that_fits_nobody_is_refused(book, ada, form, sentence):
    """With a sentence; nothing is written."""
    answer = ada.post("/ask", **{"assignment": "hw2", **form})
    assert answer.status_code in (400, 404)
    assert sentence in answer.text.replace("&#39;", "'")
    assert written.requests(book) == []


def test_the_file_of_a_feedback_page_is_a_request(book, ada):
    """As the page writes it; what else it holds is not looked at."""
    file = '{"assignment": "hw2", "student": "s2", "points": 99, "requests": [{"check": "loss", "text": "Why?"}, {"check": 1}]}'
    ada.post("/ask", file=file)
    assert [(one.student, one.check, one.text, one.source) for one in written.requests(book)] == [("s2", "loss", "Why?", "file")]
