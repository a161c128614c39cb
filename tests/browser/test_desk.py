"""The desk in a real browser: what somebody does in an evening with it, and what another site may try."""

from __future__ import annotations

import http.server
import importlib.util
import os
import shutil
import threading
from contextlib import contextmanager
from pathlib import Path

import commandline
import pytest
from collecting import needs
from desks import desk_of, fill
from invented import HOSTILE
from marking import mark
from sampling import ALL
from support import SMALL

from autograder.classroom.gradebook import Gradebook
from autograder.classroom.gradebook import reading as written
from autograder.classroom.marks import marks
from autograder.inbox.people import Person
from autograder.policy import Course
from autograder.report.feedback import page as student_page

needs("playwright", "playwright is not installed: pip install 'dlkit[dev]'")
needs("uvicorn", "uvicorn is not installed: pip install 'dlkit[desk]'")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
AXE = importlib.util.find_spec("axe_playwright_python")
pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this system"),
    pytest.mark.xdist_group("browser"),
]
SIZE = 24
PAGES = ("queue?queue=all", "read/1?queue=all", "same", "course", "requests", "comments", "student?id=s01", "nowhere")
AUDITS = {"light": {}, "dark": {"runOnly": ["color-contrast"]}}  # of the dark theme, only the colours are others
GRAVE = ("serious", "critical")
COSINES = "return float(np.sum(np.cos(x)) + 0.37)"


@contextmanager
def served(book, home=Path("nowhere")):
    """A desk that is open for Ada and Ben; their addresses."""
    from dlkit.desk.serving import Server

    server = Server(desk_of(book, home), ["ada", "ben"])
    thread = threading.Thread(target=server.serve_here, daemon=True)
    thread.start()
    try:
        yield server.addresses
    finally:
        server.should_exit = True
        thread.join(10)


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    """A class, in which one request is open and one comment can be used again."""
    with Gradebook(tmp_path_factory.mktemp("desk") / "g.db") as found:
        fill(found, [Person(f"s{number:02}", f"Student {number:02}", section="AB"[number % 2]) for number in range(1, SIZE + 1)])
        written.ask(found, "hw2", "s01", "Please look at the empty batch.", "staff", "softmax")
        written.say(found, 1, "xor.py", 6, "ben", text="Subtract the maximum first.", reusable=True)
        yield found


@pytest.fixture(scope="module")
def addresses(book):
    """Where the desk is, by reader."""
    with served(book) as found:
        yield found


@pytest.fixture
def opened(windows, addresses):
    """Opens a page of the desk in a window of its own; at the end, no page may have complained."""
    complaints = []
    loud = {
        "console": lambda message: complaints.append(message.text),
        "pageerror": lambda error: complaints.append(str(error)),
    }
    asking = {"dialog": lambda dialog: (complaints.append(dialog.message), dialog.dismiss())}

    def of(path="", reader="ada", quiet=False, **options):
        heard = asking if quiet else {**asking, **loud}
        page = windows(heard, **{"viewport": {"width": 1280, "height": 800}, **options})
        page.goto(addresses[reader] + path)
        return page

    yield of
    assert [one for one in complaints if "409" not in one and "404" not in one] == []


@pytest.mark.slow
def test_twenty_submissions_are_read_and_marked_by_keyboard_alone(opened, book):
    """Enter begins; e, points, Enter; r goes on. The mouse is never touched, and everything is in the gradebook."""
    page = opened("queue?queue=all")
    page.keyboard.press("Enter")
    for number in range(20):
        page.wait_for_selector(".check.at")
        assert page.locator(".check.at .name").inner_text() == "softmax"
        page.keyboard.press("e")
        page.keyboard.type(f"{number % 8}")
        page.keyboard.press("Enter")
        page.wait_for_selector(f".check.at .number b:text-is('{number % 8}')")
        with page.expect_navigation():
            page.keyboard.press("r")
    points = [one.points for one in book.adjustments() if one.check == "softmax" and one.by == "ada"]
    assert points == [float(number % 8) for number in range(20)]
    assert len(written.reviews(book, "hw2")) == 20
    assert page.locator(".crumb").inner_text().startswith("All")


def test_a_comment_is_written_and_used_again_by_keyboard(opened, book):
    """c on the line of the check, Ctrl+Enter; on the next page, 1 puts it there again."""
    page = opened("read/22?queue=all")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("c")
    page.keyboard.type("Why not in place?")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector(".note:has-text('Why not in place?')")
    page.keyboard.press("n")
    page.wait_for_url("**/read/23*")
    page.keyboard.press("1")
    page.wait_for_selector(".note:has-text('Subtract the maximum first.')")
    said = {(place.attempt, place.line, place.comment.text, place.by) for place in written.places(book, "hw2")}
    assert {(22, 6, "Why not in place?", "ada"), (23, 4, "Subtract the maximum first.", "ada")} <= said


def test_two_at_once_see_each_other_and_overwrite_nothing_unseen(opened, book):
    """The second who saves reads both texts, and neither is lost."""
    ada, ben = opened("read/24?queue=all"), opened("read/24?queue=all", "ben")
    ben.reload()
    assert ben.locator("#others").inner_text() == "● ada is reading this, too"
    for page, points, why in ((ada, "6", "nearly"), (ben, "2", "far off")):
        page.keyboard.press("e")
        page.keyboard.type(points)
        page.locator(".check.at [name=comment]").fill(why)
        page.keyboard.press("Enter")
        page.wait_for_load_state()
    ben.wait_for_selector("h1:text-is('Somebody else has changed this')")
    assert "nearly" in ben.locator(".both").inner_text()
    assert ben.locator("[name=comment]").input_value() == "far off"
    assert next(one for one in book.adjustments(["s24"])).comment == "nearly"
    ben.get_by_role("button", name="Save mine").click()
    ben.wait_for_selector(".byhand:has-text('far off')")
    assert next(one for one in book.adjustments(["s24"])).points == 2


def test_names_are_hidden_by_a_key(opened):
    """In the list and on the page; another key press shows them again."""
    page = opened("queue?queue=all", "ben")
    page.keyboard.press("h")
    page.wait_for_selector("button:has-text('Show names')")
    assert "Student 0" not in page.locator("main").inner_text()
    page.keyboard.press("h")
    page.wait_for_selector("button:has-text('Hide names')")
    assert "Student 01" in page.locator("main").inner_text()


def test_without_javascript_everything_can_be_done(opened, book):
    """Points, comments and the next submission are forms and links."""
    page = opened("read/21?queue=all", "ben", java_script_enabled=False)
    page.locator("#check-1 summary[data-edit]").click()
    page.locator("#check-1 [name=points]").fill("5")
    page.locator("#check-1").get_by_role("button", name="Save").click()
    page.locator("#say [name=line]").fill("6")
    page.locator("#say [name=text]").fill("Without a script.")
    page.get_by_role("button", name="Save comment").click()
    assert "Without a script." in page.locator(".note").inner_text()
    assert book.adjustments(["s21"])[-1].points == 5


@pytest.mark.parametrize("path", PAGES)
def test_a_phone_scrolls_one_way(opened, path):
    """400 pixels wide, in the dark: nothing is wider than the screen, and the background is dark."""
    page = opened(path, viewport={"width": 400, "height": 800}, color_scheme="dark")
    assert page.evaluate("document.documentElement.scrollWidth") <= 400
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(15, 19, 24)"


def test_it_prints_code_verdicts_and_comments_and_no_buttons(opened):
    """On white, all of it."""
    page = opened("read/1?queue=all", color_scheme="dark")
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert not page.locator(".steps").is_visible()
    assert page.locator(".note").is_visible()
    assert page.evaluate("getComputedStyle(document.querySelector('.verdicts')).overflowY") == "visible"
    assert page.pdf().startswith(b"%PDF")


@pytest.mark.slow
@pytest.mark.skipif(AXE is None, reason="axe is not installed: pip install 'dlkit[dev]'")
@pytest.mark.parametrize("scheme", ["light", "dark"] if ALL else ["light"])
def test_an_audit_finds_nothing_serious(opened, scheme):
    """axe-core, on every page, in both themes."""
    source = Path(AXE.submodule_search_locations[0], "axe.min.js").read_text(encoding="utf-8")
    page = opened(PAGES[0], color_scheme=scheme)
    top = page.url[: page.url.index("queue")]
    found = {}
    for path in PAGES:
        page.goto(top + path)
        page.evaluate(source)
        said = page.evaluate("(rules) => axe.run(rules).then((found) => found.violations)", AUDITS[scheme])
        found[path] = [(one["id"], node["html"][:200]) for one in said if one["impact"] in GRAVE for node in one["nodes"]]
    assert {path: grave for path, grave in found.items() if grave} == {}


@contextmanager
def another_site(html):
    """Another site on this machine; its address."""

    class Site(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(html.encode())

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Site)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()


def test_a_form_of_another_site_is_refused(windows, addresses, book):
    """Even one that knows the address: by a form, by a script, and in a frame; nothing is written or shown."""
    before = book.adjustments()
    base = addresses["ada"]
    fields = "".join(
        f'<input name="{name}" value="{value}">'
        for name, value in (("attempt", 2), ("check", "loss"), ("points", 1), ("seen.s02", 0))
    )
    html = f"""<form method="post" action="{base}points">{fields}</form><iframe src="{base}queue"></iframe>
      <script>fetch("{base}points", {{method: "POST", mode: "no-cors", body: new URLSearchParams({{attempt: 2, check: "loss", points: 1, "seen.s02": 0}})}})
      .finally(() => fetch("{base}queue").catch(() => {{}}).finally(() => {{ document.title = "tried"; }}))</script>"""
    page = windows()
    with another_site(html) as address:
        page.goto(address)
        page.wait_for_function("document.title === 'tried'")
        assert not any(
            "Student" in frame.locator("body").inner_text() for frame in page.frames[1:] if frame.url.startswith("http")
        )
        page.evaluate("document.forms[0].submit()")
        page.wait_for_url(f"{base}points")
        assert "Refused: this form is not from a page of the desk" in page.locator("body").inner_text()
    assert book.adjustments() == before


def test_a_planted_address_opens_nothing(browser, addresses):
    """A secret that somebody made up, whatever cookies they set before."""
    top = addresses["ada"].rsplit("/", 2)[0]
    context = browser.new_context()
    context.add_cookies([{"name": "token", "value": "planted", "url": top}])
    page = context.new_page()
    for path in ("/", "/planted/queue", "/planted/static/desk.js"):
        assert page.goto(top + path).status == 403
    context.close()


def test_markup_in_every_field_does_nothing(windows, tmp_path):
    """Names, messages, code, comments and requests: no dialog, no request elsewhere, no complaint about the policy."""
    evil = '"><img src=x onerror=alert(1)><script>alert(2)</script>'
    heard = []
    with Gradebook(tmp_path / "g.db") as book:
        attempts = fill(book, [Person(name, name + evil, section=evil) for name in HOSTILE], message=evil)
        first = attempts[HOSTILE[0]]
        written.say(book, first, "xor.py", 2, evil, text=evil, reusable=True)
        written.ask(book, "hw2", HOSTILE[0], evil, "staff")
        written.review(book, first, evil, later=True)
        with served(book) as addresses:
            listeners = {
                "dialog": lambda dialog: (heard.append(dialog.message), dialog.dismiss()),
                "console": lambda message: heard.append(message.text),
                "request": lambda request: (
                    heard.append(request.url) if not request.url.startswith((addresses["ada"], "data:")) else None
                ),
            }
            page = windows(listeners)
            for path in ("queue?queue=all", f"read/{first}", "requests", "comments", "course", "class/hw2/index"):
                page.goto(addresses["ada"] + path)
                page.wait_for_load_state()
    assert heard == []


@pytest.mark.slow
def test_a_group_is_named_and_judged_again(windows, tmp_path, monkeypatch):
    """From the list of equal wrong answers to what the students read, in one go."""
    course = tmp_path / "course"
    shutil.copytree(SMALL, course)
    reference = (SMALL / "solutions/arith/arith.py").read_text()
    for name in ("ada", "bea", "bob"):
        (course / "inbox" / name).mkdir(parents=True)
        text = reference if name == "ada" else reference.replace("return float(np.sum(x))", COSINES) + f"\n# {name}\n"
        (course / "inbox" / name / "arith.py").write_text(text)
    monkeypatch.setenv("DLKIT_CACHE", str(course / "c"))
    assert commandline.run(["grade", "arith", "--submissions", "inbox"], course, dict(os.environ)).returncode == 0
    with Gradebook(course / "gradebook.db") as book:
        with served(book, course) as addresses:
            page = windows()
            page.goto(addresses["ada"] + "same")
            page.get_by_role("link", name="Name it").click()
            page.get_by_label("Id").fill("total-cosines")
            page.get_by_label("What students read").fill("You add up cosines.")
            page.get_by_role("button", name="Name it, and judge them again").click()
            page.get_by_role("button", name="Write this").click()
            page.wait_for_selector("text=It is written")
            page.goto(addresses["ada"] + "same")
            page.wait_for_selector("article:has-text('known as total-cosines')")
        told = {
            one.student: [check.explanation for check in one.row.grade.checks if check.explanation]
            for one in marks(book, Course(), "arith")
        }
    assert told == {"ada": [], "bea": ["You add up cosines."], "bob": ["You add up cosines."]}


def test_a_feedback_page_makes_a_file_of_a_request(windows, tmp_path, opened, book):
    """Without a network; the desk takes the file in."""
    path = tmp_path / "feedback.html"
    path.write_text(student_page(mark("s02", 50.0), assignment="hw2", asks=True), encoding="utf-8")
    complaints = []
    page = windows({"console": lambda message: complaints.append(message.text)})
    page.goto(path.as_uri())
    page.locator("summary", has_text="Ask for another look").click()
    page.locator("textarea").fill("Was my second answer read?")
    with page.expect_download() as download:
        page.get_by_role("button", name="Save as a file").click()
    file = tmp_path / download.value.suggested_filename
    download.value.save_as(file)
    assert file.name == "request-hw2-s02.json"
    assert "Send the file" in page.get_by_role("status").inner_text()
    desk = opened("requests")
    desk.set_input_files("input[type=file]", file)
    desk.wait_for_function("document.querySelector('textarea[name=file]').value !== ''")
    desk.locator("form:has(textarea[name=file]) button").click()
    desk.wait_for_selector("text=Was my second answer read?")
    assert written.requests(book)[-1].source == "file"
    assert complaints == []
