"""No kit holds a line, a statement or a text of a reference: searched for in every byte, and not assumed."""

from __future__ import annotations

import gzip
import re
import zlib

import pytest
from leaks import NAMES, SHARED, Search, opened, packed, readable, references
from support import ROOT

from autograder.assignment import load
from autograder.grading.recorded import MAGIC, RECORD
from autograder.grading.references import MISCONCEPTIONS
from dlkit.kit.making import make
from dlkit.writing import zipped


@pytest.fixture(scope="module")
def search() -> Search:
    """The search for the references of all assignments."""
    return Search()


@pytest.fixture(scope="module")
def kit() -> dict[str, bytes]:
    """A kit of all assignments, with the records of the repository."""
    specs = [(load(ROOT / "assignments" / name), ROOT / "assignments" / name) for name in NAMES]
    made = make(
        specs,
        lambda assignment: (ROOT / "assignments" / assignment.name / RECORD).read_bytes(),
    )
    return made.contents()


DEFAULTS = {"max_epochs=100"}  # of the stub's own signature, as the contract in a record writes it


def test_a_kit_holds_nothing_of_a_reference(search, kit):
    """Of all seven assignments: lines, comments, texts and pieces of syntax, in files, in the wheel and in the records."""
    assert len(search.words) > 1000
    assert len(search.pieces) > 500
    assert [leak for leak in search.found(kit) if leak.rpartition(": ")[2] not in DEFAULTS] == []


def test_no_path_of_a_kit_leads_to_solutions(kit):
    """Neither a folder `solutions` of the course nor a file of misconceptions is in it."""
    paths = [path for name, data in kit.items() for path, _ in opened(name, data)]
    assert not [path for path in paths if MISCONCEPTIONS in path or re.search(r"solutions/hw\d", path)]
    assert any(path.endswith("dlkit/cli.py") for path in paths)


def test_what_is_allowed_is_there(search, kit):
    """Each line that the library may share with a reference is one that both have."""
    library = "".join(readable(data) for name, content in kit.items() for path, data in opened(name, content) if ".whl/" in path)
    solutions = packed("".join(references().values()))
    assert [line for line in SHARED.splitlines() if packed(line) not in library or packed(line) not in solutions] == []


LINE = "    return 0.5 * (1.0 + tf.tanh(0.5 * z))\n"
LEAKS = {
    "a line of text": {"README.md": f"As you know:\n{LINE}".encode()},
    "other blanks": {"README.md": b"return 0.5*(1.0+\n\n   tf.tanh(0.5*z))"},
    "a picture": {"a.svg": f"<svg><!-- {LINE} --></svg>".encode()},
    "a compressed picture": {"a.svgz": gzip.compress(LINE.encode())},
    "a wheel in a zip": {"kit.zip": zipped({"wheels/a.whl": zipped({"dlkit/a.py": LINE.strip().encode()[7:]})})},
    "a record": {RECORD: MAGIC + bytes(32) + zlib.compress(b"\0\1" + LINE.encode())},
    "other brackets": {"a.py": b"def f(z):\n    return (0.5) * (1.0 + tf.tanh(\n        (0.5 * z)))\n"},
    "a comment": {"a.md": b"tanh saturates instead of overflowing, and so does its derivative"},
}


@pytest.mark.parametrize("files", LEAKS.values(), ids=LEAKS)
def test_what_leaks_is_found(search, files):
    """The search finds a line of hw2's reference wherever it is put."""
    assert any("hw2/" in find for find in search.found(files))
