"""Requests in a submission: what a student asks for is text, whatever a file holds."""

from __future__ import annotations

import json

import pytest

from autograder.submission import take_in
from autograder.submission.asking import MOST_REQUESTS, Asked, asked


def test_a_submission_brings_its_requests(tmp_path):
    """From the file that `dlkit submit` packs; the work is as it was without."""
    folder = tmp_path / "ada"
    folder.mkdir()
    (folder / "x.py").write_text("x = 1\n")
    (folder / "submission.json").write_text(json.dumps({"requests": [{"check": "f", "text": "Look\x1b[31m again"}]}))
    found = take_in(folder, ["x.py"])
    assert found.asked == (Asked("f", "Look again"),)
    assert (dict(found.files), found.notices) == ({"x.py": "x = 1\n"}, ())


@pytest.mark.parametrize(
    "text", ["", "[", "null", '{"requests": {"a": 1}}', '{"requests": [1, null, {"text": 2}]}', "[" * 99999, "x" * 10**6]
)
def test_what_is_no_request_is_none(tmp_path, text):
    """A file that is something else costs nobody anything."""
    (tmp_path / "x.py").write_text("x = 1\n")
    (tmp_path / "submission.json").write_text(text)
    assert take_in(tmp_path, ["x.py"]).asked == ()


def test_requests_are_few_and_short():
    """More than ten are not taken in, and each is cut."""
    found = asked({"requests": [{"text": "x" * 5000}] * 50})
    assert len(found) == MOST_REQUESTS
    assert all(len(one.text) < 2100 for one in found)
