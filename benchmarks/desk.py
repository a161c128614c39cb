"""What the desk costs: its first page and the next submission in Chromium, and what an open desk costs a grading.

    python benchmarks/desk.py [rounds]
    python benchmarks/desk.py [rounds] --grading    # also: a class of `dlkit sample-class hw4`, with and without a desk

The class is invented: 300 students, 13 checks of 4 cases, a program of 240 lines each. `first page` is the queue of all, from the
navigation to DOMContentLoaded; `next` is a key press, until the next submission is on the screen. Beside them stands an empty
page of the same server in the same browser. The grading is timed in interleaved pairs. Needs Playwright and Chromium.
"""

from __future__ import annotations

import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests" / "support"))

from desks import desk_of  # noqa: E402 - tests/support is no package
from formgrader import next_here  # noqa: E402 - beside this file
from invented import checks_of  # noqa: E402

from autograder.classroom.gradebook import Gradebook, HandIn  # noqa: E402
from autograder.inbox.people import Person  # noqa: E402
from autograder.outcome import Grade  # noqa: E402
from dlkit.desk.serving import Server  # noqa: E402

SIZE, STUDENTS_GRADED = 300, 30
PROGRAM = ROOT / "solutions" / "hw4" / "generalization.py"
READY = "performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd"


def main(rounds: int, grading: bool) -> None:
    """Print the figures."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        pages(folder, rounds)
        if grading:
            beside(folder, rounds)


def pages(folder: Path, rounds: int) -> None:
    """How long pages take."""
    from playwright.sync_api import sync_playwright

    root = hasattr(os, "geteuid") and os.geteuid() == 0
    options: dict[str, Any] = {"executable_path": shutil.which("chromium"), "args": ["--no-sandbox"] if root else []}
    with Gradebook(folder / "g.db") as book, sync_playwright() as driver:
        fill(book)
        started = time.perf_counter()
        desk = desk_of(book)
        desk.roll.works("hw2")
        print(f"at hand after {time.perf_counter() - started:.2f} s, {SIZE} students")
        server = Server(desk, ["ada"])
        thread = threading.Thread(target=server.serve_here, daemon=True)
        thread.start()
        address = server.addresses["ada"]
        browser = driver.chromium.launch(**options)
        taken: dict[str, list[float]] = {"empty": [], "first page": [], "next": []}
        for _ in range(rounds):
            page = browser.new_page(viewport={"width": 1280, "height": 800})
            for key, path in (("empty", "comments"), ("first page", "queue?queue=all")):
                page.goto(address + path)
                taken[key].append(page.evaluate(READY))
            page.goto(f"{address}read/1?queue=all")
            for _ in range(5):
                page.wait_for_timeout(500)  # nobody reads faster
                taken["next"].append(next_here(page))
            page.close()
        browser.close()
        server.should_exit = True
        thread.join()
    for key, times in taken.items():
        print(f"{key:>10}: {statistics.median(times):6.0f} ms (median of {len(times)}), at most {max(times):.0f} ms")


def fill(book: Gradebook) -> None:
    """An invented class whose programs are as long as real ones."""
    program = PROGRAM.read_text(encoding="utf-8")
    people = [Person(f"s{number:03}", f"Student {number:03}") for number in range(1, SIZE + 1)]
    book.enrol(people)
    handed = [HandIn(who.id, files={"x.py": f"# {who.id}\n{program}"}, digest=who.id) for who in people]
    numbers, run = book.hand_in("hw2", handed), book.begin("hw2", "invented")
    draw = random.Random(0)  # noqa: S311 - invented
    for who in people:
        grade = Grade("hw2", "Invented", who.id, None, tuple(checks_of(draw, 0.7)))
        book.write(run, numbers[who.id, 1], who.id, grade, who.id, {}, {})


def beside(folder: Path, rounds: int) -> None:
    """What a grading takes without a desk, and while one is open and its page asks who else is there."""
    from playwright.sync_api import sync_playwright

    program = [sys.executable, "-m", "dlkit"]
    inbox = folder / "inbox"
    make = [*program, "sample-class", "hw4", "--students", str(STUDENTS_GRADED), "--out", str(inbox)]
    subprocess.run(make, cwd=ROOT, check=True, capture_output=True)
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    options: dict[str, Any] = {"executable_path": shutil.which("chromium"), "args": ["--no-sandbox"] if root else []}
    taken: dict[bool, list[float]] = {False: [], True: []}
    with sync_playwright() as driver:
        browser = driver.chromium.launch(**options)
        for number in range(2 * rounds):
            opened = bool(number % 2)
            path = folder / f"{number}.db"
            with Gradebook(path) as book:
                fill(book)
                server = Server(desk_of(book), ["ada"])
                thread = threading.Thread(target=server.serve_here, daemon=True)
                if opened:
                    thread.start()
                    page = browser.new_page()
                    page.goto(f"{server.addresses['ada']}read/1?queue=all")
                grade = [
                    *program,
                    "grade",
                    "assignments/hw4",
                    "--submissions",
                    str(inbox / "submissions"),
                    "--gradebook",
                    str(path),
                ]
                started = time.perf_counter()
                subprocess.run(grade, cwd=ROOT, check=True, capture_output=True)
                taken[opened].append(time.perf_counter() - started)
                if opened:
                    page.close()
                    server.should_exit = True
                    thread.join()
                else:
                    server.socket.close()
        browser.close()
    without, while_open = (statistics.median(taken[opened]) for opened in (False, True))
    took = f"{without:.1f} s alone, {while_open:.1f} s beside an open desk: {while_open / without:.3f}"
    print(f"grading {STUDENTS_GRADED} of hw4: {took}")


if __name__ == "__main__":
    given = [one for one in sys.argv[1:] if one != "--grading"]
    main(int(given[0]) if given else 5, "--grading" in sys.argv)
