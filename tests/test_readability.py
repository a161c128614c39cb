"""What people read can be listed by how hard it is to read: `scripts/readability.py`."""

from __future__ import annotations

import ast
import runpy
import sys

import pytest
from support import ROOT

SCRIPT = ROOT / "scripts" / "readability.py"


@pytest.fixture(scope="module")
def tool():
    """The names in the script."""
    return runpy.run_path(str(SCRIPT))


def test_longer_sentences_and_longer_words_are_harder(tool):
    """Short words in short sentences have a low grade; long words, and long sentences, a higher one each."""
    easy = tool["grade"]("The cat sat on the mat. It did not move at all.")
    assert easy < tool["grade"]("The cat sat on the mat and it did not move at all.")
    assert easy < tool["grade"]("The animal occupied the furniture. It remained immobile for hours.")


def test_the_grade_is_the_formula_of_flesch_and_kincaid(tool):
    """Ten words of twelve syllables in one sentence have grade 0.39 * 10 + 11.8 * 1.2 - 15.59."""
    assert tool["grade"]("The cat and the dog ran over to the table.") == pytest.approx(0.39 * 10 + 11.8 * 1.2 - 15.59)


@pytest.mark.parametrize(
    ("word", "count"),
    [
        ("file", 1),
        ("files", 1),
        ("table", 2),
        ("graded", 2),
        ("changes", 2),
        ("create", 2),
        ("question", 2),
        ("misconception", 4),
    ],
)
def test_syllables_are_those_that_are_spoken(tool, word, count):
    """A silent e is no syllable, and two vowels may be two."""
    assert tool["syllables"](word) == count


def test_code_counts_as_one_short_word(tool):
    """A name in backticks, a path, an option and a formula are read as one short word each."""
    assert tool["plain"]("Run `dlkit grade hw2` in docs/student.md with --jobs, for $x^2$.") == "Run it in it with it, for it."


def test_a_page_is_read_without_its_code_and_a_row_as_sentences(tool, tmp_path):
    """Headings, code, equations and generated tables are not read; the cells of a row are sentences."""
    page = tmp_path / "page.md"
    page.write_text(
        "# A heading\n\nThe first [link](there.md)\nof `two`.\n\n```python\ncode = 1\n```\n\n$$ x $$\n\n"
        "| a | b |\n|---|---|\n| one cell | another |\n\n<!-- points: begin -->\nmade\n<!-- points: end -->\n"
    )
    found = [(one.place, one.text) for one in tool["markdown"](page, "docs")]
    assert found == [("page.md:3", "The first link of `two`."), ("page.md:12", "a. b."), ("page.md:14", "one cell. another.")]


def test_messages_are_found_by_syntax(tool):
    """Errors, what is printed and constant sentences are read; what an f-string inserts is a short word."""
    source = 'HINT = "Look at the shape."\nNAME = "x-y"\ndef f(n):\n    echo("a" + "b")\n    raise SpecError(f"{n!r} is not 1")\n    g("no")\n'
    assert sorted(tool["said"](ast.parse(source))) == [(1, "Look at the shape."), (4, "ab"), (5, "it is not 1")]


def test_short_texts_are_read_together_or_not_at_all(tool):
    """A short text is read with the next of its section; a short message is left out."""
    passage = tool["Passage"]
    texts = [passage("docs", "1", "Two words", "s"), passage("docs", "2", "and these are seven words, no eight.", "s")]
    assert [(one.place, one.text) for one in tool["joined"](texts)] == [("1", "Two words. and these are seven words, no eight.")]
    assert list(tool["joined"]([passage("messages", "1", "Too short.")])) == []


def test_the_exit_status_tells_whether_anything_is_above(tool, monkeypatch, capsys):
    """`--above` lists only what is harder, and ends with 1 if there is anything."""
    monkeypatch.setattr(sys, "argv", ["readability.py", "contributing", "--above", "-10"])
    with pytest.raises(SystemExit) as ended:
        tool["main"]()
    assert ended.value.code == 1
    assert "CONTRIBUTING.md:" in capsys.readouterr().out
    monkeypatch.setattr(sys, "argv", ["readability.py", "contributing", "--above", "100"])
    tool["main"]()
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("source", ["docs", "contributing", "handouts"])
def test_the_pages_are_easy_to_read(tool, source):
    """Nothing that a newcomer reads first needs more than ten years of school."""
    assert [(one.place, one.text) for one in tool["joined"](tool["SOURCES"][source]()) if tool["grade"](one.text) > 10] == []


@pytest.mark.parametrize("source", ["help", "docstrings", "messages"])
def test_the_words_in_the_code_are_easy_to_read(tool, source):
    """Nothing that the program says, and nothing that an author or a student imports, needs more than ten years of school."""
    hard = [(one.place, one.text) for one in tool["joined"](tool["SOURCES"][source]()) if tool["grade"](one.text) > 10]
    assert hard == []
