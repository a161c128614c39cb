"""Responses: what students answer to questions that nobody grades comes in as bounded data, and never costs anything."""

from __future__ import annotations

import pytest
from invented import mark

from autograder.classroom.enrolling import handed_in
from autograder.classroom.gradebook import Gradebook, HandIn
from autograder.classroom.gradebook.reading import responses
from autograder.classroom.gradebook.values import Answered
from autograder.inbox import find
from autograder.inbox.groups import Work
from autograder.report.class_page import page
from autograder.report.responses import sections
from autograder.report.survey import survey
from autograder.submission import take_in
from autograder.submission.responses import MOST_BYTES, MOST_RESPONSES, Response, parse, written

GIVEN = (
    Response("prediction", "xor", "yes", "no", False, "Will S1 learn XOR?", "no"),
    Response("prediction", "curve", "1, 0.5, 0.2, 0.1, 0"),
)
TEXT = written(GIVEN, "hw2", "Your predictions.")


def work(folder, text=TEXT, name="predictions.toml", file="x.py"):
    """A folder with a file of work and one with responses."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / file).write_text("x = 1\n")
    (folder / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    return folder


def handed(student, *given, number=1, text="x"):
    """An attempt with responses."""
    return HandIn(student, number, files={"x.py": text}, digest=f"digest of {text}", responses=given)


def test_a_submission_brings_its_responses(tmp_path):
    """Every field comes back as it was written, and the work is as it was without."""
    found = take_in(work(tmp_path / "ada"), ["x.py"])
    assert found.responses == GIVEN
    assert (dict(found.files), found.notices) == ({"x.py": "x = 1\n"}, ())


def test_the_file_tells_the_kind(tmp_path):
    """What lies in explanations.toml is an explanation."""
    found = take_in(work(tmp_path / "ada", name="explanations.toml"), ["x.py"])
    assert {one.kind for one in found.responses} == {"explanation"}


BAD = {
    "no TOML": ("= 1", "predictions.toml was not used: it is not TOML"),
    "no UTF-8": (b"\xff", "predictions.toml was not used: it is not UTF-8 text"),
    "too large": ("#" * (MOST_BYTES + 1), "it is larger than 64 kB"),
    "nested too deeply": ("a = " + "[" * 30_000, "predictions.toml was not used: "),
    "no list": ("response = 1", "`response` must be a list of tables"),
    "a list of something else": ("response = [1]", "`response` must be a list of tables"),
    "an answer that is no text": ('[[response]]\nquestion = "q"\nanswer = 1', "ignored response 1, which needs a text"),
    "no question": ('[[response]]\nanswer = "a"', "ignored response 1, which needs a text"),
    "unknown keys": ('b = 1\n[[response]]\nquestion = "q"\nanswer = "a"\nc = 1', "ignored the unknown keys `b`, `c`"),
    "a question twice": ('[[response]]\nquestion = "q"\nanswer = "a"\n' * 2, "ignored the second response to `q`"),
    "too many": (
        written([Response("prediction", f"q{i}", "a") for i in range(MOST_RESPONSES + 1)], "hw2"),
        "all but the first 100",
    ),
}


@pytest.mark.parametrize("text, said", BAD.values(), ids=BAD)
def test_a_bad_file_is_a_notice_and_costs_nothing(tmp_path, text, said):
    """The work is taken in all the same, and one sentence says what is wrong and that it costs no points."""
    found = take_in(work(tmp_path / "ada", text), ["x.py"])
    assert dict(found.files) == {"x.py": "x = 1\n"}
    (notice,) = found.notices
    assert said in notice
    assert notice.endswith("; this costs no points")


def test_a_link_is_not_followed(tmp_path):
    """It could lead out of the submission."""
    (tmp_path / "secret.toml").write_text(TEXT)
    folder = work(tmp_path / "ada")
    (folder / "predictions.toml").unlink()
    (folder / "predictions.toml").symlink_to(tmp_path / "secret.toml")
    assert take_in(folder, ["x.py"]).responses == ()


def test_texts_are_short_and_plain():
    """Terminal codes and long texts of a stranger do not get further."""
    (found,), _ = parse('[[response]]\nquestion = "q"\nanswer = "\\u001b[31mred"\nprompt = "' + "x" * 9999 + '"', "prediction")
    assert found.answer == "red"
    assert len(found.prompt) < 510


@pytest.mark.parametrize("layout", ["canvas", "canvas again", "moodle", "github", "nbgrader", "folders"])
def test_every_layout_of_a_class_brings_them(tmp_path, layout):
    """As one file among others, wherever a platform puts them."""
    other = tmp_path / "in"
    names = {
        "moodle": "Ada L_1_assignsubmission_file",
        "github": "hw2-ada",
        "nbgrader": "submitted/ada/hw2",
        "folders": "ada",
    }
    if layout in names:
        work(other / names[layout])
    else:
        again = "-1" if layout == "canvas again" else ""
        work(other, name=f"ada_1_12_predictions{again}.toml", file=f"ada_1_11_x{again}.py")
    inbox = find(other, ["x.py"], assignment="hw2")
    (entry,) = inbox.entries
    assert handed_in(Work(entry, None), inbox.layout, other, None).responses == GIVEN


def test_the_last_attempt_that_has_any_counts(tmp_path):
    """An earlier attempt's responses of a kind stay in the gradebook, and do not count; a later attempt without any takes nothing."""
    with Gradebook(tmp_path / "g.db") as book:
        book.hand_in("hw2", [handed("ada", *GIVEN)])
        book.hand_in("hw2", [handed("ada", Response("prediction", "xor", "no"), text="y", number=2)])
        book.hand_in("hw2", [handed("ada", text="z", number=3)])
        assert [(one.number, one.response.answer) for one in responses(book, "hw2")] == [(2, "no")]


def test_the_same_work_again_takes_the_place_of_its_own_kind_only(tmp_path):
    """A file with other answers replaces those before it; another kind, and no file at all, leave them."""
    with Gradebook(tmp_path / "g.db") as book:
        for given in (GIVEN, [Response("prediction", "xor", "no")], [Response("explanation", "line 3", "twice")], []):
            book.hand_in("hw2", [handed("ada", *given)])
        assert [(one.response.kind, one.response.answer) for one in responses(book, "hw2")] == [
            ("prediction", "no"),
            ("explanation", "twice"),
        ]


def test_two_who_become_one_keep_their_responses(tmp_path):
    """Of a student who was known under two names, and handed in the same twice."""
    with Gradebook(tmp_path / "g.db") as book:
        book.hand_in("hw2", [handed("4711", *GIVEN), handed("ada")])
        assert book.unite("4711", "ada")
        assert {one.student for one in responses(book, "hw2")} == {"ada"}


def cells(*answers, expected=None, right=None):
    """The line of the report about one question that several answered."""
    given = [Answered(f"s{i}", 1, Response("prediction", "q", one, expected, right)) for i, one in enumerate(answers)]
    ((line,),) = (one.lines for one in sections(given, {"q": "Which?"}))
    return line.cells


def test_the_report_shows_what_the_class_expected_and_what_was():
    """Choices are counted, numbers and curves have a median, and the outcome is what most found."""
    assert cells("yes", "no", "yes", expected="no", right=False) == ("Which?", "3", '"yes" 2; "no" 1', "no", "0 of 3")
    assert cells("1", "2", "3", "50", expected="3")[2:4] == ("median 2.5; the middle half from 1.75 to 14.75", "3")
    assert cells("1, 0", "3, 1", "2, 5", expected="2, 2")[2:4] == ("median 2, 1", "2, 2")
    assert cells("1, 0", "many")[2:] == ('"1, 0" 1; "many" 1', "not known", "–")


def test_the_report_says_how_many_reached_each_step():
    """A student who misses a step has not reached the milestone; what was found is summed up."""
    found = {"ada": ("97.5%", True), "ben": ("41.0%", False)}
    given = [Answered(who, 1, Response("milestone", "reads", text, "at least 95%", ok)) for who, (text, ok) in found.items()]
    given.append(Answered("ada", 1, Response("milestone", "first", "2.3", "at most 3", True)))
    (section,) = sections(given)
    assert section.note.startswith("1 of 2 students reached each step")
    assert section.lines[0].cells == ("reads", "2", "1", "at least 95%", "median 69.25")
    assert section.lines[1].cells == ("first", "1", "1", "at most 3", "median 2.3")


def test_the_page_of_a_class_has_a_section_for_each_kind():
    """With a link to it, and with a stranger's words escaped."""
    given = [Answered("ada", 1, Response(kind, "<b>q", "<script>")) for kind in ("explanation", "prediction", "mood")]
    html = page(survey([mark("ada")]), "hw2", sections=sections(given))
    assert [html.index(f'id="{name}"') for name in ("predictions", "explanations", "moods")] == sorted(
        html.index(f'id="{name}"') for name in ("predictions", "explanations", "moods")
    )
    assert html.count("&lt;script&gt;") == 2  # explanations are told by student, without the words of an answer
    assert "<script>\n" not in html.partition("<main")[2].partition("</main>")[0]
