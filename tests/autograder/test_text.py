"""The text of others: what it may look like, wherever it goes."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.text import (
    BLANK,
    JOINERS,
    MAX_LINE,
    MAX_MARKS,
    MAX_NAME,
    MAX_SHOWN,
    plain,
    printable,
    readable,
    shortened,
    shown,
    visible,
)

HOSTILE = st.text(st.one_of(st.characters(), st.sampled_from("\x00\x1b\x9b\r\n\u202e\u2066\u200b\u200d\ufeff\ud800\u3164\u0301")))
TURNING = "\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


@pytest.mark.parametrize("way", [visible, shown, printable, readable, lambda text: plain(text, 1000, lines=True)])
@given(text=HOSTILE)
def test_nothing_that_hides_or_moves_gets_out(way, text):
    """Whatever comes in, what goes out is printable, but for lines, tabs and joiners; a database, XML and UTF-8 take it."""
    made = way(text)
    assert all(letter.isprintable() or letter in "\n\t" + JOINERS for letter in made)
    assert not set(made) & (BLANK | set(TURNING))
    ElementTree.fromstring(ElementTree.tostring(_element(made), encoding="utf-8"))  # noqa: S314 - just written


def _element(text):
    element = ElementTree.Element("text")
    element.text = text
    return element


@pytest.mark.parametrize("way", [visible, readable, lambda text: plain(text, 1000, lines=True)])
@given(text=HOSTILE)
def test_what_is_clean_stays_as_it_is(way, text):
    """Text that was cleaned once is not changed by a second cleaning."""
    assert way(way(text)) == way(text)


def test_two_names_stay_two_names():
    """A letter that is shown by its number does not vanish: a name with a hidden letter is another name."""
    assert len({printable(name) for name in ("ada", "ad\u200ba", "ad\u200da", "ad\u3164a", "ada\x00")}) == 5


@pytest.mark.parametrize("name", ["می\u200cخواهم", "क\u094d\u200dष", "👩\u200d💻", "Nguyễn Thị Mây", "李 晓雨", "İpek Işıldar"])
def test_a_name_is_spelt_as_it_is_written(name):
    """A joiner between letters that are joined stays, and so do all letters of all scripts."""
    assert visible(name) == name
    assert shown(name) == name


def test_marks_do_not_flood_the_lines_above():
    """A letter carries only so many combining marks."""
    flooded = visible("a" + "\u0301" * 1000 + "b")
    assert len(flooded) == 1 + MAX_MARKS + 2


def test_a_name_in_a_sentence_is_one_short_line():
    """A name has no lines, and no thousands of characters."""
    assert shown("a\nb\tc") == "a\\nb\\tc"
    assert len(shown("x" * 10_000)) == MAX_SHOWN + 1
    assert len(printable("x" * 10_000)) == MAX_NAME


def test_text_from_a_worker_is_made_harmless():
    """Terminal codes, control characters and text that runs backwards do not reach the terminal."""
    assert plain("a\x1b[31mb\u202ec\nd\x07", 100) == "abc d "
    assert plain("\x1b]8;;http://evil\x1b\\here\x1b]8;;\x1b\\", 100) == "here"
    assert plain("a\nb", 100, lines=True) == "a\nb"
    assert plain("10 %\r20 %\r\n", 100, lines=True) == "10 %\n20 %\n"


def test_text_from_a_worker_is_capped():
    """So many characters are kept, and no line is endless."""
    assert plain("x" * 50, 10) == "x" * 10 + " …"
    assert plain("x" * 10_000_000, 10) == "x" * 10 + " …"
    assert plain("x" * 1000, 2000, lines=True) == "x" * MAX_LINE + " …"


def test_a_long_text_is_cut_and_stays_itself():
    """Two long texts that differ only at their end differ after cutting, too."""
    one, other = shortened("x" * 10_000 + "a", 200), shortened("x" * 10_000 + "b", 200)
    assert len(one) == len(other) == 200
    assert one != other
    assert shortened(one, 200) == one
    assert shortened("short", 200) == "short"
