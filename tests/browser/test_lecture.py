"""The pages of `dlkit lecture` in a real browser: one sheet, slides of 16:9, an audit, and nothing that needs a script."""

from __future__ import annotations

import importlib.util
import shutil
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from dlkit.lecture.choosing import Common
from dlkit.lecture.drawing import curves, maps
from dlkit.lecture.excerpt import excerpt
from dlkit.lecture.inventing import Invented
from dlkit.lecture.pages import Lecture, Topic, page, slides
from dlkit.lecture.picturing import Picture
from dlkit.lecture.questions import Question

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
AXE = importlib.util.find_spec("axe_playwright_python")
pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this system"),
    pytest.mark.xdist_group("browser"),
]
EVIL = '"><img src=x onerror=alert(1)><script>alert(2)</script>'
RIGHT = "def slope(z):\n" + "".join(f"    step_{n} = z * {n}.0 + 1.0\n" for n in range(6)) + "    return 1.0 - np.tanh(z) ** 2\n"
X = np.linspace(-4, 4, 61)


def topics():
    """A mistake with curves, one with maps and a question on lines, and one with a table and hostile texts."""
    wrong = excerpt(RIGHT, RIGHT.replace("** 2", "* 2"), "slope")
    check = SimpleNamespace(function="slope", name="slope")
    invented = Invented(Common("a", "slope", 9, 9, "", 1), check, {}, wrong, f"Look at `tanh`. {EVIL}")
    curve, alt = curves("one", X, 1 - np.tanh(X) ** 2, np.where(X > 2, np.nan, 1 - X), "z", "slope")
    two, told = maps("two", np.eye(3), np.eye(3).T * 2, "result")
    calls = tuple(f"activation_derivative(name='tanh', z=[1, 2, {number}, 4, 5, 6, 7, 8])" for number in range(4))
    lines = tuple(f"line {number}: step_{number - 2} = z * {number - 2}.0 + 1.0" for number in range(2, 6))
    yield Topic(
        invented, Picture(curve, alt, caption="slope over z"), Question("shows", "Which shows it?", calls, 1, "So."), True
    )
    yield Topic(invented, Picture(two, told, caption="maps"), Question("line", "Which line is wrong?", lines, 0, "So."), True)
    rows = (("a", "1", EVIL), ("b", "2", "3"), ("c", "4", "5"))
    yield Topic(invented, Picture(rows=rows, caption=EVIL), Question("entry", EVIL, ("a", "b", "c", EVIL), 3, EVIL), False)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Both pages on disk."""
    place = tmp_path_factory.mktemp("lecture")
    lecture = Lecture("hw2", "The XOR network", list(topics()), 58, 3, [EVIL])
    (place / "page.html").write_text(page(lecture), encoding="utf-8")
    (place / "slide.html").write_text(slides(lecture), encoding="utf-8")
    return place


@pytest.fixture
def opened(windows, folder):
    """Opens a page of it; at the end, no page may have complained or asked for anything."""
    heard = []
    listeners = {
        "console": lambda message: heard.append(message.text),
        "dialog": lambda dialog: (heard.append(dialog.message), dialog.dismiss()),
        "request": lambda request: heard.append(request.url) if request.url.startswith("http") else None,
    }

    def of(name, **options):
        found = windows(listeners, **{"viewport": {"width": 1280, "height": 720}, **options})
        found.goto((folder / name).as_uri())
        return found

    yield of
    assert heard == []


@pytest.mark.skipif(AXE is None, reason="axe is not installed: pip install 'dlkit[dev]'")
@pytest.mark.parametrize("name", ["page.html", "slide.html"])
def test_an_audit_finds_nothing_serious(windows, folder, name):
    """axe-core, on both pages. Their policy allows no script, so the audit is let in beside it."""
    found = windows(bypass_csp=True)
    found.goto((folder / name).as_uri())
    found.evaluate(Path(AXE.submodule_search_locations[0], "axe.min.js").read_text(encoding="utf-8"))
    said = found.evaluate("axe.run().then((found) => found.violations)")
    assert [(one["id"], node["html"][:200]) for one in said for node in one["nodes"]] == []


def test_it_prints_on_both_sides_of_one_sheet(opened):
    """Questions on the front, answers on the back."""
    found = opened("page.html")
    data = found.pdf(prefer_css_page_size=True)
    assert data.count(b"/Type /Page\n") == 2
    assert found.evaluate("document.querySelector('.answers-page').getBoundingClientRect().height") > 0


def test_each_slide_fills_a_screen_of_16_to_9(opened):
    """Nothing is cut off, nothing is wider, and there is a slide for all, and two for each mistake."""
    found = opened("slide.html")
    sizes = found.evaluate("[...document.querySelectorAll('.slide')].map((one) => [one.offsetWidth, one.scrollHeight])")
    assert len(sizes) == 7
    assert [size for size in sizes if size[1] > 722 or not 1240 <= size[0] <= 1280] == []
    assert found.evaluate("document.documentElement.scrollWidth") <= 1280


def test_slides_are_reached_by_their_links(opened):
    """From one to the next by keyboard, without a script."""
    found = opened("slide.html", java_script_enabled=False)
    found.keyboard.press("Tab")
    found.keyboard.press("Enter")
    assert found.url.endswith("#question-1")
    found.get_by_role("link", name="Answer").first.click()
    assert found.url.endswith("#answer-1")


def test_an_answer_is_not_beside_its_question(opened):
    """Where the picture or a mark would tell it, it stands on the back only."""
    found = opened("slide.html")
    assert found.locator("#question-2 .wrong").count() == 0
    assert found.locator("#answer-2 .wrong").count() == 1
    assert found.locator("#all > .columns > div").nth(2).locator("table").count() == 0
    assert found.locator("#answer-3 table").count() == 1


def test_a_phone_scrolls_one_way(opened):
    """The page to print can be read on one, too."""
    assert opened("page.html", viewport={"width": 400, "height": 800}).evaluate("document.documentElement.scrollWidth") <= 400
