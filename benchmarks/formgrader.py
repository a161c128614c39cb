"""From one submission to the next: the desk beside nbgrader's formgrader, on the same 20 notebooks, in one run.

    python benchmarks/formgrader.py NBGRADER_PYTHON [rounds]

NBGRADER_PYTHON is the interpreter of an environment with nbgrader; `make desk-bench` makes one, in .venv-nbgrader. The
notebooks are those of hw4, each with some functions missing. nbgrader runs each of them (`nbgrader autograde`), and dlkit grades
them (`dlkit grade --submissions`). Then both are read in the same Chromium, in turns: from the key, or the click, for the next
submission until it is there and its script is ready. The formgrader asks the internet for MathJax: requests to other hosts fail
at once, and its pages are not kept waiting for it.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nbformat

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests" / "support"))

from desks import desk_of  # noqa: E402 - tests/support is no package

from autograder.assignment import load  # noqa: E402
from autograder.classroom.gradebook import Gradebook  # noqa: E402
from dlkit.desk.serving import Server  # noqa: E402
from dlkit.notebook.making import pieces  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page

ASSIGNMENT, FILE, STUDENTS = "hw4", "generalization", 20
MISSING = 0.3  # of the functions of a student
STEPS = 6  # submissions that a round goes on to
# When a key was pressed or a link was clicked, in milliseconds since 1970; kept over a change of pages.
PRESSED = """for (const what of ['keydown', 'click'])
    addEventListener(what, () => sessionStorage.setItem('pressed', performance.timeOrigin + performance.now()), true)"""
# Of a page that was loaded: from the key to its DOMContentLoaded. Of one that was put in place: to the next frame after that.
LOADED = """() => performance.timeOrigin + performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd
    - Number(sessionStorage.getItem('pressed'))"""
PUT = """new MutationObserver(() => requestAnimationFrame(() => setTimeout(() => sessionStorage.setItem('put',
    performance.timeOrigin + performance.now() - Number(sessionStorage.getItem('pressed'))))))
    .observe(document.documentElement, {childList: true})"""


def main(python: str, rounds: int) -> None:
    """Print the figures."""
    from playwright.sync_api import sync_playwright

    root = hasattr(os, "geteuid") and os.geteuid() == 0
    options: dict[str, Any] = {"executable_path": shutil.which("chromium"), "args": ["--no-sandbox"] if root else []}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        lay_out(folder)
        print(f"{STUDENTS} notebooks of {ASSIGNMENT}")
        nbgrader(python, folder, "generate_assignment", ASSIGNMENT)
        taken_by("nbgrader autograde", nbgrader, python, folder, "autograde", ASSIGNMENT)
        taken_by("dlkit grade", graded, folder)
        with sync_playwright() as driver, formgrader(python, folder) as theirs, desk(folder) as ours:
            browser = driver.chromium.launch(**options)
            took: dict[str, list[float]] = {"formgrader": [], "desk": []}
            for _ in range(rounds):
                for key, address, go_on in (("formgrader", theirs, next_there), ("desk", ours, next_here)):
                    page = browser.new_page(viewport={"width": 1280, "height": 800})
                    only(page, address.split("/")[2])
                    page.goto(address, wait_until="domcontentloaded")
                    for _ in range(STEPS):
                        page.wait_for_timeout(1000)  # nobody reads faster
                        took[key].append(go_on(page))
                    page.close()
            browser.close()
    for key, times in took.items():
        middle, most = statistics.median(times), max(times)
        print(f"{key:>10}: {middle:6.0f} ms to the next submission (median of {len(times)}, at most {most:.0f} ms)")
    print(f"{statistics.median(took['formgrader']) / statistics.median(took['desk']):.1f} times as fast")


def taken_by(what: str, function: Any, *arguments: Any) -> None:
    """Print how long something took."""
    started = time.perf_counter()
    function(*arguments)
    print(f"{what}: {time.perf_counter() - started:.0f} s")


def lay_out(folder: Path) -> None:
    """The same notebooks for both: a source to release, and what each student handed in."""
    head, functions = pieces((ROOT / f"solutions/{ASSIGNMENT}/{FILE}.py").read_text(encoding="utf-8"), f"{FILE}.py")
    stubs = pieces((ROOT / f"assignments/{ASSIGNMENT}/{FILE}.py").read_text(encoding="utf-8"), f"{FILE}.py")[1]
    asked = [check.function for check in load(ROOT / "assignments" / ASSIGNMENT).checks]
    asked = [name for name in dict.fromkeys(asked) if name in stubs]
    private = "\n\n\n".join(text for name, text in functions.items() if name not in asked)
    (folder / "nbgrader_config.py").write_text(
        f"c = get_config()\nc.CourseDirectory.root = {str(folder)!r}\nc.CourseDirectory.course_id = 'dl'\n"
        "c.ExecutePreprocessor.timeout = 60\nc.ServerApp.disable_check_xsrf = True\n"
    )
    written(folder / "source" / ASSIGNMENT, [head + "\n\n\n" + private], {name: stubs[name] for name in asked}, asked)
    draw = random.Random(0)  # noqa: S311 - invented
    for number in range(1, STUDENTS + 1):
        theirs = {name: stubs[name] if draw.random() < MISSING else functions[name] for name in asked}
        written(folder / "submitted" / f"s{number:02}" / ASSIGNMENT, [head + "\n\n\n" + private], theirs, asked)
        inbox = folder / "inbox" / f"s{number:02}"
        inbox.mkdir(parents=True)
        shutil.copy(folder / "submitted" / f"s{number:02}" / ASSIGNMENT / f"{FILE}.ipynb", inbox)


def written(folder: Path, heads: list[str], cells: dict[str, str], asked: list[str]) -> None:
    """A notebook as nbgrader wants it: a cell to fill in and a test for each function."""
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    book = nbformat.v4.new_notebook(metadata={"kernelspec": kernel})
    book.cells = [nbformat.v4.new_code_cell(text) for text in heads]
    for name in asked:
        known = {"schema_version": 3, "task": False}
        fill_in = {**known, "grade": False, "grade_id": name, "locked": False, "solution": True}
        test = {**known, "grade": True, "grade_id": f"test-{name}", "locked": True, "solution": False, "points": 5}
        book.cells.append(nbformat.v4.new_code_cell(cells[name], metadata={"nbgrader": fill_in}))
        book.cells.append(nbformat.v4.new_code_cell(f"assert callable({name})", metadata={"nbgrader": test}))
    folder.mkdir(parents=True)
    nbformat.write(book, folder / f"{FILE}.ipynb")


def nbgrader(python: str, folder: Path, *arguments: str) -> None:
    """Run a command of nbgrader in its course."""
    command = [python, "-m", "nbgrader", *arguments]
    done = subprocess.run(command, cwd=folder, env=environment(python), capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"nbgrader {' '.join(arguments)}:\n{done.stderr[-2000:]}")


def environment(python: str) -> dict[str, str]:
    """For nbgrader, which calls `alembic` by its name: that of the same environment comes first."""
    return {**os.environ, "PATH": os.pathsep.join([str(Path(python).parent), os.environ["PATH"]])}


def graded(folder: Path) -> None:
    """Grade the same notebooks with dlkit."""
    command = [sys.executable, "-m", "dlkit", "grade", f"assignments/{ASSIGNMENT}", "--submissions", str(folder / "inbox")]
    subprocess.run([*command, "--gradebook", str(folder / "dlkit.db")], cwd=ROOT, check=True, capture_output=True)


@contextmanager
def formgrader(python: str, folder: Path) -> Iterator[str]:
    """A server with the formgrader; the address of the first submission."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    extensions = ["nbgrader.server_extensions.formgrader"]
    settings = {**environment(python), "JUPYTER_CONFIG_DIR": str(folder / "config"), "JUPYTER_DATA_DIR": str(folder / "data")}
    (folder / "config").mkdir()
    (folder / "config" / "jupyter_server_config.json").write_text(
        json.dumps({"ServerApp": {"jpserver_extensions": dict.fromkeys(extensions, True), "token": "", "password": ""}})
    )
    command = [python, "-m", "jupyter", "server", "--no-browser", "--allow-root", f"--port={port}", "--ip=127.0.0.1"]
    with subprocess.Popen(command, cwd=folder, env=settings, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        base = f"http://127.0.0.1:{port}/formgrader"
        try:
            found = json.loads(answer(f"{base}/api/submitted_notebooks/{ASSIGNMENT}/{FILE}"))
            first = min(found, key=lambda one: int(one["index"]))  # in the order in which it goes on
            yield f"{base}/submissions/{first['id']}/?index=0"
        finally:
            server.terminate()


def answer(address: str, seconds: float = 60.0) -> bytes:
    """What a server that is starting says once it is there."""
    until = time.monotonic() + seconds
    while True:
        try:
            with urllib.request.urlopen(address, timeout=10) as said:  # noqa: S310 - our own server
                found: bytes = said.read()
                return found
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.3)


@contextmanager
def desk(folder: Path) -> Iterator[str]:
    """A desk on the gradebook; the address of the first submission."""
    with Gradebook(folder / "dlkit.db") as book:
        server = Server(desk_of(book), ["ada"])
        thread = threading.Thread(target=server.serve_here, daemon=True)
        thread.start()
        try:
            yield f"{server.addresses['ada']}read/1?queue=all"
        finally:
            server.should_exit = True
            thread.join()


def only(page: Page, host: str) -> None:
    """Let a page ask one host, and no other."""
    page.route("**/*", lambda route: route.continue_() if host in route.request.url else route.abort())


def next_there(page: Page) -> float:
    """Go to the next submission in the formgrader; milliseconds."""
    before = page.url
    page.evaluate(PRESSED)
    page.evaluate("document.querySelector('li.next a').click()")  # its key, and being visible, need MathJax
    page.wait_for_url(lambda url: url != before and not url.endswith("/next"), wait_until="domcontentloaded")
    found: float = page.evaluate(LOADED)
    return found


def next_here(page: Page) -> float:
    """Go to the next submission on the desk; milliseconds."""
    before = page.url
    page.evaluate("sessionStorage.removeItem('put')")
    page.evaluate(PRESSED)
    page.evaluate(PUT)
    page.keyboard.press("n")
    page.wait_for_url(lambda url: url != before, wait_until="commit")
    page.wait_for_function("sessionStorage.getItem('put')")
    return float(page.evaluate("sessionStorage.getItem('put')"))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 3)
