"""Stories: each reads, is about real reasons, keeps its promise in Python, and an author's own come first."""

from __future__ import annotations

import ast
import contextlib
import io
import runpy
import warnings
from code import InteractiveConsole
from fnmatch import fnmatchcase

import pytest
from support import ROOT

from autograder.grading.diagnosis.changes import SENTENCES
from autograder.grading.diagnosis.reasons import MOST_WORDS, told
from autograder.grading.diagnosis.signs import SETTINGS
from autograder.grading.diagnosis.variant import Reason
from autograder.report.stories import OURS, Kind, StoryError, broken, parse, story_of
from dlkit.kit import KitError
from dlkit.kit.making import public_files
from dlkit.packing.wheel import wheel

FILES = sorted(OURS.glob("*.md"))
FEWEST = 40
MOST_PROSE = 150  # words besides equation, drawing and experiment
WIDEST = 110  # characters of a line that a student pastes
NEEDS_TENSORFLOW = ("import tensorflow", "import keras")
DIAGNOSIS = [ROOT / "autograder/grading/diagnosis" / f"{name}.py" for name in ("changes", "otherwise", "reasons", "signs")]
MADE = ("only-axes-x", "only-sides-x", "only-whole-x", "only-constant-x", "only-one-row-x", "only-float32-x", "only-float64-x")
EASY = 9  # years of school
NOISY = 8  # words, below which the formula says little


def names(paths):
    return [path.stem for path in paths]


@pytest.fixture(scope="module")
def tool():
    """The names in scripts/readability.py."""
    return runpy.run_path(str(ROOT / "scripts" / "readability.py"))


@pytest.fixture(scope="module")
def misconceptions():
    """Each misconception of the seven assignments."""
    return [
        one for path in sorted(ROOT.glob("solutions/*/misconceptions.py")) for one in runpy.run_path(str(path))["misconceptions"]
    ]


def strings(tool):
    """Every text in the modules that know reasons without an author, docstrings left out."""
    for path in DIAGNOSIS:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        nodes = [node for node in ast.walk(tree) if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)]
        docs = {id(node.body[0]) for node in nodes if ast.get_docstring(node)}
        yield from _strings(tree, docs, tool["text_of"])


def _strings(node, docs, text_of):
    if isinstance(node, ast.Constant | ast.JoinedStr | ast.BinOp) and text_of(node):
        yield text_of(node)
    elif id(node) not in docs:
        for inner in ast.iter_child_nodes(node):
            yield from _strings(inner, docs, text_of)


def prose(path):
    return [part.text for part in parse(path.read_text(encoding="utf-8")).parts if part.kind is Kind.TEXT]


def test_there_is_a_story_for_the_commonest_mistakes():
    """There are forty at least, each with a title of its own."""
    assert len({parse(path.read_text(encoding="utf-8")).title for path in FILES}) == len(FILES) >= FEWEST


@pytest.mark.parametrize("path", FILES, ids=names(FILES))
def test_a_story_has_its_three_parts(path):
    """Besides what is read, a story has an equation or a drawing, and an experiment of two lines and their output."""
    parts = parse(path.read_text(encoding="utf-8")).parts
    assert {part.kind for part in parts} == set(Kind)
    assert sum(len(text.split()) for text in prose(path)) <= MOST_PROSE
    (code,) = [part.text for part in parts if part.kind is Kind.CODE]
    body = ast.parse(code).body
    imports = {node.lineno for node in body if isinstance(node, ast.Import | ast.ImportFrom)}
    assert len({node.lineno for node in body} - imports) <= 2
    assert max(map(len, code.split("\n"))) <= WIDEST


def test_stories_are_easy_to_read(tool):
    """No paragraph of a story needs more than nine years of school."""
    passages = list(tool["joined"](tool["stories"]()))
    assert len(passages) > len(FILES)
    assert [one.text for one in passages if tool["grade"](one.text) > EASY] == []


def test_every_experiment_prints_what_it_says():
    """Each experiment that needs no TensorFlow, run as Python would run it, gives the output that stands there."""
    assert_right([path for path in FILES if not needs_tensorflow(path)])


@pytest.mark.xdist_group("tensorflow")
def test_every_experiment_with_tensorflow_prints_what_it_says():
    """The others do so, too, in the process that has TensorFlow anyway."""
    assert_right([path for path in FILES if needs_tensorflow(path)])


def needs_tensorflow(path):
    return any(line in path.read_text(encoding="utf-8") for line in NEEDS_TENSORFLOW)


def assert_right(paths):
    """Paste the experiments of some stories line by line, as they are shown; whatever NumPy warns of is what they show."""
    shown = {path.stem: parts_of(path) for path in paths}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        printed = {name: pasted(parts[Kind.CODE]) for name, parts in shown.items()}
    assert shown
    assert printed == {name: parts[Kind.OUTPUT] for name, parts in shown.items()}


def parts_of(path):
    return {part.kind: part.text for part in parse(path.read_text(encoding="utf-8")).parts}


def pasted(code):
    """What Python prints when these lines are typed."""
    console, out = InteractiveConsole(), io.StringIO()
    with contextlib.redirect_stdout(out):
        open_ends = [console.push(line) for line in code.split("\n")]
    assert not open_ends[-1]
    return out.getvalue().rstrip("\n")


def test_every_story_is_about_real_reasons(tool, misconceptions):
    """Each id at the top of a story, with its `*`, fits a misconception or a reason that needs no author."""
    known = (
        {one.id for one in misconceptions} | set(SENTENCES) | set(MADE) | {f"layer-{name.replace('_', '-')}" for name in SETTINGS}
    )
    known |= {text for text in strings(tool) if " " not in text}
    ids = {(path.stem, id) for path in FILES for id in parse(path.read_text(encoding="utf-8")).of}
    assert [(name, id) for name, id in sorted(ids) if not any(fnmatchcase(one, id) for one in known)] == []


def test_most_known_mistakes_have_a_story(misconceptions):
    """Of the listed misconceptions, four in five have a longer story."""
    harmful = [one for one in misconceptions if not one.harmless]
    assert sum(story_of(one.id) is not None for one in harmful) >= 0.8 * len(harmful)


def test_sentences_on_mistakes_are_short_and_easy(tool):
    """What is said to be likely, by an author or without one, has at most 60 words and needs nine years of school at most."""
    made = {text for text in strings(tool) if tool["LITTLE"].search(text) and not text.startswith("(")}  # no regular expression
    sentences = {one.text for one in tool["mistakes"]()} | made
    assert len(made) > len(SENTENCES)
    long = [text for text in sentences if len(text.split()) > MOST_WORDS]
    hard = [text for text in sentences if len(tool["words_of"](text)) >= NOISY and tool["grade"](text) > EASY]
    assert (long, hard) == ([], [])


def test_several_reasons_are_short_together():
    """Alternatives are left out before a second reason, and that before the limit is passed."""
    one, other = (Reason(id, f"{' '.join([id] * 25)} Or: {' '.join([id] * 25)}", frozenset()) for id in "ab")
    assert told([one, other]) == f"(1) {' '.join(['a'] * 25)} (2) {' '.join(['b'] * 25)}"
    long = Reason("c", " ".join(["c"] * 40), frozenset())
    assert told([long, long]) == long.sentence


def test_the_most_precise_id_wins(tmp_path):
    """An id without `*` comes before one with it, and of these the longest."""
    for name, of in (("a", "sum-*"), ("b", "sum-for-*"), ("c", "sum-for-all")):
        own(tmp_path, name, of)
    found = [story_of(id, tmp_path).title for id in ("sum-x", "sum-for-x", "sum-for-all")]
    assert found == ["a", "b", "c"]


def test_an_authors_own_story_comes_first(tmp_path):
    """For the same reason, a story beside the spec is told in place of ours; for others, ours are."""
    assert story_of("softmax-not-shifted", tmp_path / "none").title == "Softmax of large numbers"
    own(tmp_path, "Our own", "softmax-not-*")
    assert story_of("softmax-not-shifted", tmp_path).title == "Our own"
    assert story_of("softmax-shift-by-minimum", tmp_path).title == "Softmax of large numbers"


@pytest.mark.parametrize("reason", [None, "", "no-such-reason"])
def test_a_reason_may_have_no_story(reason):
    """Where nothing is known, nothing is told."""
    assert story_of(reason) is None


BROKEN = {
    "no top": ("Some text", "it must begin with a line ---"),
    "no end of the top": ("---\ntitle: a\nof: b\ntext", "it must begin with a line ---"),
    "no title": ("---\nof: b\n---\ntext", "it has no title; expected a line such as `title: "),
    "no reason": ("---\ntitle: a\n---\ntext", "it is about no reason; expected a line such as `of: "),
    "another key": ("---\ntitle: a\nabout: b\n---\ntext", "must begin with title: or of:. Received: 'about: b'"),
}


@pytest.mark.parametrize("text, sentence", BROKEN.values(), ids=BROKEN)
def test_what_is_no_story_is_said(text, sentence):
    """What an author has to mend is one sentence."""
    with pytest.raises(StoryError) as caught:
        parse(text)
    assert sentence in str(caught.value)


def test_a_file_that_cannot_be_read_is_told_and_left_out(tmp_path):
    """One that is not UTF-8 is named with its path; the others are told all the same, and a kit is not made of it."""
    own(tmp_path, "Good", "good-*")
    (tmp_path / "stories" / "bad.md").write_bytes(b"---\ntitle: \xff\n---\n")
    (sentence,) = broken(tmp_path)
    assert sentence == f"the story {tmp_path / 'stories' / 'bad.md'} cannot be read: it is not UTF-8; save it as UTF-8"
    assert story_of("good-one", tmp_path).title == "Good"
    for name in ("README.md", "checks.py"):
        (tmp_path / name).write_text("")
    with pytest.raises(KitError, match="is not UTF-8"):
        public_files(tmp_path)


def test_a_story_is_read_in_parts():
    """Paragraphs, items, blocks, and an experiment apart from its output; a block of Python ends with an empty line."""
    story = parse(
        "---\ntitle: A\nof: a, b\nof: c-*\n---\nOne\nline.\n- an item\n\n```\nx = 1\n\ny\n```\nTwo.\n"
        "```pycon\n>>> for x in (1, 2): print(x)\n...\n1\n2\n>>> print(3)\n3\n```\n"
    )
    assert (story.title, story.of) == ("A", ("a", "b", "c-*"))
    assert [(part.kind, part.text) for part in story.parts] == [
        (Kind.TEXT, "One line."),
        (Kind.TEXT, "- an item"),
        (Kind.FIGURE, "x = 1\n\ny"),
        (Kind.TEXT, "Two."),
        (Kind.CODE, "for x in (1, 2): print(x)\n\nprint(3)"),
        (Kind.OUTPUT, "1\n2\n3"),
    ]


def test_students_get_the_stories(tmp_path):
    """Ours are in the wheel of a kit, and an author's own are among an assignment's files."""
    data = wheel()
    assert all(f"autograder/report/stories/{path.name}".encode() in data for path in FILES)
    own(tmp_path, "Our own", "softmax-*")
    for name in ("README.md", "checks.py"):
        (tmp_path / name).write_text("")
    assert "stories/Our own.md" in public_files(tmp_path)


def own(folder, title, of):
    """Write a story of an author's own."""
    (folder / "stories").mkdir(exist_ok=True)
    (folder / "stories" / f"{title}.md").write_text(f"---\ntitle: {title}\nof: {of}\n---\nText.\n", encoding="utf-8")
