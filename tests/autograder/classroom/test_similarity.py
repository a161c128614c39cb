"""Near-identical submissions: what is found, what is not, and how two of them are shown."""

from __future__ import annotations

import sys
from html.parser import HTMLParser

import pytest
from pygments.lexers.python import PythonLexer

from autograder.authoring.sample import invent
from autograder.classroom import cores, similarity
from autograder.classroom.similarity import FEWEST, MOST_CHARACTERS, Pair, SimilarityError, newest, passages, similar
from autograder.report.sidebyside import index, page, percent

STUB = '''"""Statistics."""

import numpy as np


def spread(x: np.ndarray, weights: np.ndarray | None = None) -> float:
    """The weighted standard deviation of the entries of x."""
    raise NotImplementedError


def smoothed(x: np.ndarray, width: int = 3) -> np.ndarray:
    """The running mean over so many entries, shorter at the ends."""
    raise NotImplementedError
'''
ORIGINAL = '''"""Statistics."""

import numpy as np


def spread(x: np.ndarray, weights: np.ndarray | None = None) -> float:
    """The weighted standard deviation of the entries of x."""
    # every entry counts alike
    if weights is None:
        weights = np.ones_like(x)
    share = weights / np.sum(weights)
    middle = np.sum(share * x)
    squares = share * (x - middle) ** 2
    return float(np.sqrt(np.sum(squares)))


def smoothed(x: np.ndarray, width: int = 3) -> np.ndarray:
    """The running mean over so many entries, shorter at the ends."""
    means = []
    for place in range(len(x)):
        first = max(0, place - width // 2)
        last = min(len(x), place + width // 2 + 1)
        means.append(np.mean(x[first:last]))
    return np.array(means)
'''
COPY = """# my own work
import numpy as np

def smoothed(x: np.ndarray, width: int = 3) -> np.ndarray:
    result = []  # filled below
    for i in range(len(x)):

        a = max(0, i - width // 2)
        b = min(len(x), i + width // 2 + 1)
        result.append(np.mean(x[a:b]))
    return np.array(result)

def spread(x: np.ndarray, weights: np.ndarray | None = None) -> float:
    if weights is None:
        weights = np.ones_like(x)
    w    =    weights / np.sum(weights)
    m = np.sum(w * x)
    d = w * (x - m)**2  # squared
    return float(np.sqrt(np.sum(d)))
"""
OTHER = '''"""Statistics."""

import numpy as np


def spread(x: np.ndarray, weights: np.ndarray | None = None) -> float:
    """The weighted standard deviation of the entries of x."""
    mean = np.average(x, weights=weights)
    return float(np.average((x - mean) ** 2, weights=weights) ** 0.5)


def smoothed(x: np.ndarray, width: int = 3) -> np.ndarray:
    """The running mean over so many entries, shorter at the ends."""
    ones = np.ones(width)
    total = np.convolve(x, ones, mode="same")
    return total / np.convolve(np.ones_like(x), ones, mode="same")
'''


def found(stub=STUB, at_least=0.9, **works):
    """The pairs of works of one file each."""
    return similar({name: {"s.py": text} for name, text in works.items()}, {"s.py": stub}, at_least=at_least)


def test_a_copy_in_disguise_is_found():
    """Other names, other comments, other white space, another order of functions: much in common all the same."""
    (pair,) = found(ada=ORIGINAL, bob=OTHER, cleo=COPY)
    assert (pair.first, pair.second) == ("ada", "cleo")
    assert pair.share > 0.9


def test_the_same_file_twice_has_everything_in_common():
    """A share of one, and it stands before everything else."""
    assert found(ada=ORIGINAL, bob=ORIGINAL, cleo=COPY)[0] == Pair("ada", "bob", 1.0)


def test_the_stub_is_nobodys_own():
    """Two who handed in the stub as it was have nothing in common that is theirs."""
    assert found(ada=STUB, bob=STUB, cleo=STUB + "\n\n# nothing yet\n", at_least=0.01) == []


def test_different_solutions_are_not_found():
    """Two ways to write the same functions have little in common."""
    assert found(ada=ORIGINAL, bob=OTHER) == []


def test_a_few_tokens_say_nothing_unless_they_are_the_same_to_the_letter():
    """One line that is right in one way only is no lead; the same bytes are told of."""
    line = "def total(x):\n    return x + 1\n"
    assert found(stub="", ada=line, bob=line.replace("x", "y")) == []
    assert found(stub="", ada=line, bob=line) == [Pair("ada", "bob", 1.0)]
    assert len(line.split()) < FEWEST


def test_the_share_is_of_the_smaller_work():
    """Who handed in the half of another's work has all of it from there."""
    half = ORIGINAL[: ORIGINAL.index("def smoothed")]
    (pair,) = found(ada=ORIGINAL, bob=half)
    assert pair.share > 0.9


def test_what_few_others_wrote_counts_for_more():
    """The same two works have less in common in a class where many wrote what they share."""
    mixed = ORIGINAL[: ORIGINAL.index("def smoothed")] + OTHER[OTHER.index("def smoothed") :]
    few = found(ada=ORIGINAL, bob=mixed, at_least=0.01)
    others = {f"s{number}": ORIGINAL[: ORIGINAL.index("def smoothed")] for number in range(8)}
    many = found(ada=ORIGINAL, bob=mixed, at_least=0.01, **others)
    of = {(pair.first, pair.second): pair.share for pair in many}
    assert of["ada", "bob"] < few[0].share


def test_the_order_of_the_class_does_not_matter():
    """The same pairs, whoever comes first."""
    works = {"ada": ORIGINAL, "bob": OTHER, "cleo": COPY, "dan": ORIGINAL + "\n# mine\n"}
    assert found(**works, at_least=0.1) == found(**dict(reversed(works.items())), at_least=0.1)


@pytest.mark.parametrize("works", [{}, {"ada": ORIGINAL}, {"ada": "", "bob": ""}, {"ada": ORIGINAL, "bob": ""}])
def test_nothing_to_compare_is_no_pair(works):
    """Nobody, one student, empty files."""
    assert found(**works) == []


def test_programs_that_do_not_parse_are_compared():
    """A bracket that is not closed hides nothing."""
    assert [pair.share for pair in found(ada=ORIGINAL + "print((", bob=COPY + "x = '''")] > [0.8]


def test_a_huge_file_is_read_to_its_cap():
    """What comes after many times a student's work is not looked at, so nobody is kept waiting."""
    filler = "#" * MOST_CHARACTERS + "\n"
    assert found(ada=filler + ORIGINAL, bob=filler + COPY) == []
    assert len(found(ada="(" * 2**20, bob="(" * 2**20)) == 1


def test_the_copies_of_a_sample_class_are_found(small):
    """Every invented student who copied stands in a pair with whom they copied."""
    invented = invent(small.assignment, small.folder.parents[1] / "solutions" / "arith", 40, 3)
    works = {person.id: person.attempts[-1].files for person in invented}
    copies = {tuple(sorted((person.id, person.copy_of))) for person in invented if person.copy_of}
    assert copies
    assert copies <= {(pair.first, pair.second) for pair in similar(works, {}, at_least=0.9)}


lexer = PythonLexer()
TORN = [
    "",
    '"""',
    "x = (",
    "import a,",
    "from x import (",
    "y = x.",
    's = f"""{x',
    "def",
    "\\",
    "@",
    "class",
    "# def of old",
    "match x:",
]


@pytest.mark.parametrize("line", TORN)
def test_part_by_part_is_read_what_the_whole_says(line):
    """To read functions one by one, and to remember them, finds what reading the whole does, whatever is not closed above them."""
    for at in range(1, 1 + ORIGINAL.count("\n")):
        lines = ORIGINAL.split("\n")
        text = "\n".join([*lines[:at], line, *lines[at:]])
        whole = [similarity._part(one) for one in similarity._cut(text, similarity._tokens(lexer.get_tokens_unprocessed(text)))]
        parts = similarity._parts(text)
        assert [one.hashes.tolist() for _, one in parts] == [one.hashes.tolist() for one in whole]
        assert [(above + one.lines).tolist() for above, one in parts] == [one.lines.tolist() for one in whole]


def test_a_large_class_is_read_in_several_processes_to_the_same_end(monkeypatch):
    """Who has much in common does not depend on how many read."""
    works = {"ada": ORIGINAL, "bob": OTHER, "cleo": COPY}
    alone = found(**works)
    monkeypatch.setattr(cores, "LARGE", 2)
    monkeypatch.setattr(cores, "CHUNK", 1)
    assert found(**works) == alone


def test_passages_say_where():
    """Each function of the copy is told of with its lines in both files."""
    first, second = {"s.py": ORIGINAL}, {"s.py": COPY}
    lines = ORIGINAL.split("\n"), COPY.split("\n")
    told = [(lines[0][one.first.start - 1], lines[1][one.second.start - 1]) for one in passages(first, second, {"s.py": STUB})]
    assert len(told) == 2
    covered = {line for one in passages(first, second, {"s.py": STUB}) for line in range(one.first.start, one.first.end + 1)}
    assert {number for number, line in enumerate(lines[0], 1) if "share" in line or "means" in line} <= covered


def test_without_the_library_one_sentence_says_so(monkeypatch):
    """What is missing, and what to type."""
    monkeypatch.setitem(sys.modules, "pygments.lexers.python", None)
    with pytest.raises(SimilarityError, match=r"pip install 'dlkit\[similarity\]'"):
        found(ada=ORIGINAL, bob=COPY)


def test_the_newest_text_of_each_student_is_compared():
    """A later attempt takes the place of an earlier one, unless nothing of it can be read."""

    class Attempt:
        def __init__(self, student, number, files):
            self.student, self.number, self.files = student, number, files
            self.everybody = (student,)

    rows = [Attempt("ada", 1, "a"), Attempt("ada", 2, "b"), Attempt("bob", 1, "c"), Attempt("bob", 2, None)]
    assert {key: row.number for key, row in newest([*rows, Attempt("cleo", 1, None)]).items()} == {"ada": 2, "bob": 1}


class Rows(HTMLParser):
    """The rows of a page: class, number, mark and text of each; and its ids and the places it leads to."""

    def __init__(self, text):
        super().__init__()
        self.rows, self.ids, self.to, self.tags, self.cell = [], set(), set(), set(), None
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        self.tags.add(tag)
        self.ids |= {attributes["id"]} if "id" in attributes else set()
        self.to |= {attributes["href"].removeprefix("#")} if attributes.get("href", "").startswith("#") else set()
        if tag == "tr":
            self.rows.append([attributes.get("class", "")])
        if tag in ("td", "th"):
            self.rows[-1].append("")
            self.cell = tag

    def handle_endtag(self, tag):
        self.cell = None if tag == self.cell else self.cell

    def handle_data(self, data):
        if self.cell:
            self.rows[-1][-1] += data


def shown(first=ORIGINAL, second=COPY, stub=STUB, **names):
    """The page of two works."""
    works = {"ada": {"s.py": first}, "bob": {"s.py": second}}
    return page(Pair("ada", "bob", 0.97), works, {"s.py": stub}, names)


def test_every_line_is_marked_for_what_it_is():
    """In both, handed out, or neither: by a symbol and by words, not by colour alone."""
    rows = {row[3]: row for row in Rows(shown(first=ORIGINAL + "print('mine')\n")).rows if len(row) == 4}
    assert rows["    middle = np.sum(share * x)"][:3] == ["same", "12", rows["    middle = np.sum(share * x)"][2]]
    assert "┃in both" in rows["    middle = np.sum(share * x)"][2]
    assert "·handed out" in rows["import numpy as np"][2]
    assert rows["    # every entry counts alike"][0] == rows["print('mine')"][0] == ""


def test_every_passage_leads_to_the_other_work():
    """A number in one column is a link to a line of the other, which is there."""
    read = Rows(shown())
    assert read.to
    assert read.to <= read.ids


def test_nothing_of_a_submission_is_markup():
    """Names, file names and lines are text, whatever they hold."""
    evil = "<script>alert(1)</script>"
    works = {"ada": {f"{evil}.py": f"x = '{evil}'\n"}, "bob": {"s.py": "</table>\n"}}
    text = page(Pair("ada", "bob", 1.0), works, {}, {"ada": evil}, back="index.html")
    text += index("hw2", [Pair("ada", "bob", 1.0)], ["pair-001.html"], at_least=0.9, names={"ada": evil})
    assert "<script" not in text
    assert text.count("&lt;script&gt;") == 7
    assert "default-src 'none'" in text


def test_text_that_hides_itself_is_seen():
    """What turns text around or moves a cursor is written out."""
    assert "\\u202e" in shown(first="x = 1  # \u202e\n")


def test_a_page_says_that_it_is_a_lead():
    """On every page, before the programs."""
    assert "never a verdict" in shown().partition("<table")[0]
    assert "never a verdict" in index("hw2", [], [], at_least=0.9).partition("<table")[0]


def test_a_percentage_is_not_rounded_up():
    """Only what is all in the other is 100 %."""
    assert [percent(share) for share in (1.0, 0.9999, 0.9, 0.29)] == ["100 %", "99 %", "90 %", "29 %"]
