"""The tutorial is under test: it is followed in an empty folder, file by file and command by command, as it stands."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
from sessions import is_shown, session
from support import ROOT

TUTORIAL = (ROOT / "docs" / "tutorial.md").read_text(encoding="utf-8")
FENCED = re.compile(r"^```(\w+)(?: below=\"(.*?)\")?(?: (?:file|in)=(\S+))?\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def below(source: str, above: str, text: str) -> Iterator[str]:
    """The lines of a file, with some text added below the one line that has `above` in it."""
    assert source.count(above) == 1
    for line in source.splitlines(keepends=True):
        yield line
        if above in line:
            yield text


@pytest.mark.slow
def test_the_tutorial_works_as_it_stands(dlkit, tmp_path: Path):
    """Whoever types the tutorial into an empty folder gets its files, its assignment and its output."""
    place = tmp_path / "course"
    place.mkdir()
    commands = 0
    for kind, above, file, text in FENCED.findall(TUTORIAL):
        if above:
            path = place / file
            path.write_text("".join(below(path.read_text(encoding="utf-8"), above, text)), encoding="utf-8")
        elif file:
            (place / file).parent.mkdir(parents=True, exist_ok=True)
            (place / file).write_text(text, encoding="utf-8")
        elif kind == "console":
            for command, shown in session(text):
                program, *arguments = shlex.split(command)
                assert program == "dlkit"
                done = dlkit(*arguments, cwd=place, env={"COLUMNS": "88"})
                assert done.returncode in (0, 1), f"{command}\n{done.stderr}"
                assert is_shown(done.stdout, shown), f"{command}\n{done.stdout}"
                commands += 1
    assert commands >= 7


def test_the_tutorial_is_15_minutes_long():
    """Its steps say how long they take, and that is 15 minutes together."""
    minutes = [int(number) for number in re.findall(r"^## .*\((\d+) minutes?\)$", TUTORIAL, re.MULTILINE)]
    assert sum(minutes) == 15
