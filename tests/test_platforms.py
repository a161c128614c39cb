"""The page of each platform is under test: it is followed with a class as the platform hands it over, command by command."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import platforms
import pytest
from sessions import is_shown, session
from support import ROOT

DOCS = ROOT / "docs"
BLOCK = re.compile(r"^ *```(\w+)(?: (\S+))?\n(.*?)^ *```$", re.DOTALL | re.MULTILINE)
ELSEWHERE = ("dlkit canvas ", "dlkit grade hw2 --submissions inbox --roster roster.csv")  # of canvas.md: what needs its API


def blocks(page: str) -> list[tuple[str, str, str]]:
    """The blocks of a page: their kind, the file that they are, and their text without what indents a list."""
    text = (DOCS / f"{page}.md").read_text(encoding="utf-8")
    return [(kind, file, re.sub(r"^   ", "", body, flags=re.MULTILINE)) for kind, file, body in BLOCK.findall(text)]


@pytest.mark.xdist_group("platforms")
@pytest.mark.parametrize("page", platforms.PAGES)
def test_a_platforms_page_works_as_it_stands(dlkit, tmp_path: Path, page: str):
    """Whoever follows it with a download of that platform gets what it shows, from the grading to the marks."""
    here = platforms.course(tmp_path / "course")
    platforms.PAGES[page](here)
    commands = 0
    for kind, file, text in blocks(page):
        if file:
            (here / file).write_text(text, encoding="utf-8")
        for command, shown in session(text) if kind == "console" else ():
            if page == "canvas" and command.startswith(ELSEWHERE):
                continue
            done = dlkit(*shlex.split(command)[1:], cwd=here, env={"COLUMNS": "100"})
            assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
            assert is_shown(done.stdout, shown), f"{command}\n{done.stdout}"
            commands += 1
    assert commands >= 4
    if page == "canvas":  # the right work has all points in the file that Canvas imports, and wrong work has fewer
        marks = [float(line.split(",")[-1]) for line in (here / "grades-marked.csv").read_text().splitlines()[2:]]
        assert marks[0] == 20 and all(0 < mark < 20 for mark in marks[1:])


@pytest.mark.parametrize("page", [*platforms.PAGES, "classroom50"])
def test_a_platforms_page_says_what_was_tried(page: str):
    """And what was not, at its end."""
    text = (DOCS / f"{page}.md").read_text(encoding="utf-8")
    *_, last = re.findall(r"^## (.*)$", text, re.MULTILINE)
    assert last == "What was tried"
    assert re.search(r"\*\*not (tried|run)\*\*|Nothing was tried", text.partition(f"## {last}")[2])
