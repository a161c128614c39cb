"""The report of a class in a real browser: what an instructor does with it."""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from collecting import needs
from invented import HOSTILE, everybody, mark

from autograder.report import site
from autograder.report.class_page import page, pages, student_path
from autograder.report.feedback import page as student_page
from autograder.report.parts import LARGE, SHOWN
from autograder.report.survey import survey

if TYPE_CHECKING:
    from playwright.sync_api import Page

needs("playwright", "playwright is not installed: pip install 'dlkit[dev]'")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this system"),
    pytest.mark.xdist_group("browser"),
]
SIZE = 60
LAPTOP = {"viewport": {"width": 1280, "height": 800}}
CONTRAST = 4.5  # of text, as WCAG 2.2 AA has it

# The contrast of each text with the first background below it that is not see-through; the least of all, and whose it is.
LEAST_CONTRAST = """() => {
  const channels = (color) => color.match(/[\\d.]+/g).map(Number);
  const light = (color) => channels(color).slice(0, 3).map((c) => c / 255)
    .map((c) => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
    .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
  const behind = (one) => {
    for (; one; one = one.parentElement) {
      const color = getComputedStyle(one).backgroundColor;
      if ((channels(color)[3] ?? 1) > 0) return color;
    }
    return "rgb(255, 255, 255)";
  };
  let least = [21, ""];
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const one = texts.currentNode.parentElement;
    if (!texts.currentNode.data.trim() || ["SCRIPT", "STYLE"].includes(one.tagName)) continue;
    const style = getComputedStyle(one);
    const color = one.closest("svg") && style.fill !== "none" ? style.fill : style.color;
    const [a, b] = [light(color), light(behind(one))].sort((a, b) => b - a);
    const contrast = (a + 0.05) / (b + 0.05);
    if (contrast < least[0]) least = [contrast, one.outerHTML.slice(0, 200)];
  }
  return least;
}"""


@dataclass
class Opened:
    """A report in a browser, and what the browser complained about or asked for."""

    page: Page
    complaints: list[str]
    requests: list[str]

    def column(self, number):
        """The texts of a column of the students' table, of the lines that are shown."""
        return self.page.locator(f".filtered tbody tr:not([hidden]) > :nth-child({number})").all_inner_texts()

    def head(self, name):
        """The heading of a column of the students' table."""
        return self.page.locator(".filtered thead th", has_text=re.compile(rf"^{name}"))


def write(folder, marks):
    """A report of these marks."""
    pages = [(site.INDEX, page(survey(marks), "hw2"))]
    pages += [(student_path(one.student), student_page(one, back=f"../{site.INDEX}")) for one in marks]
    site.write(folder, pages)
    return folder / site.INDEX


@pytest.fixture(scope="module")
def index(tmp_path_factory):
    """The page of a class, one of whom has no grade."""
    marks = [mark("late", name="Zoe Late", why="nothing handed in", row=False), *everybody(SIZE - 1)]
    return write(tmp_path_factory.mktemp("report") / "out", marks)


@pytest.fixture(scope="module")
def laptop(browser):
    """The page of a small laptop's browser, which each test opens the report in anew."""
    context = browser.new_context(**LAPTOP)
    yield context.new_page()
    context.close()


@pytest.fixture
def opened(laptop, index):
    """The report as it opens on a small laptop; it must end without a complaint or a request."""
    laptop.emulate_media(media="null", color_scheme="null")
    yield from reading(laptop, index)


def opening(browser, index, **options):
    """Open a report in a browser of its own."""
    context = browser.new_context(**{**LAPTOP, **options})
    yield from reading(context.new_page(), index)
    context.close()


def reading(page, index):
    """Open a report, and hold at the end that nothing was complained about or asked for."""
    found = Opened(page, [], [])
    heard = {
        "console": lambda message: found.complaints.append(message.text),
        "pageerror": lambda error: found.complaints.append(str(error)),
        "request": lambda request: found.requests.append(request.url),
    }
    for event, told in heard.items():
        page.on(event, told)
    page.goto("about:blank")
    page.goto(index.as_uri())
    yield found
    for event, told in heard.items():
        page.remove_listener(event, told)
    assert found.complaints == []
    assert [url for url in found.requests if not url.startswith(("file://", "data:,"))] == []


def test_the_three_most_common_misconceptions_are_on_the_first_screen(opened, index):
    """1280 by 800, nothing scrolled: sentence and how many."""
    rows = opened.page.locator("#understood .beliefs").first.locator("tbody tr")
    for i in range(3):
        box = rows.nth(i).bounding_box()
        assert box["y"] + box["height"] <= 800
        assert re.search(r"\d+.*The idea check_", rows.nth(i).inner_text(), re.DOTALL)
    counts = [int(text.split()[0]) for text in opened.page.locator(".beliefs .share").all_text_contents()]
    assert counts == sorted(counts, reverse=True)


def test_a_heading_sorts_by_what_is_meant_and_back(opened):
    """Marks by number, the best first, then the worst; who has none is last either way."""
    for direction in ("descending", "ascending"):
        opened.head("Mark").get_by_role("button").click()
        assert opened.head("Mark").get_attribute("aria-sort") == direction
        *marks, last = [text.split("/")[0] for text in opened.column(2)]
        assert last == "–"
        assert [float(one) for one in marks] == sorted(map(float, marks), reverse=direction == "descending")
        assert len(marks) == SIZE - 1


def test_names_sort_as_people_sort(opened):
    """Without regard to case and accents; only one column is marked as the sorted one."""
    opened.head("Mark").get_by_role("button").click()
    opened.head("Student").get_by_role("button").click()
    names = [text.rsplit(" ", 1)[0] for text in opened.column(1) if re.match("(Ada|Ben|Cleo|Dan|Eve|Finn) ", text)]
    assert len(names) > SIZE / 2
    assert names == opened.page.evaluate("(names) => names.toSorted(new Intl.Collator('en', {numeric: true}).compare)", names)
    assert opened.page.locator(".filtered [aria-sort=none]").count() == opened.page.locator(".filtered th[aria-sort]").count() - 1


def test_the_table_of_checks_sorts_too(opened):
    """By discrimination: the lowest after a second click, minus signs read as such."""
    head = opened.page.locator("#checks thead th", has_text="Discrimination")
    for _ in range(2):
        head.get_by_role("button").click()
    values = [float(text.replace("−", "-")) for text in opened.page.locator("#checks tbody td:last-child").all_inner_texts()]
    assert values == sorted(values)


def test_the_keyboard_sorts(opened):
    """Tab from the filter to a heading, Enter, and the focus stays there."""
    opened.page.get_by_label("Show only rows with").focus()
    for _ in range(6):
        opened.page.keyboard.press("Tab")
        if opened.page.evaluate("document.activeElement.textContent") == "Mark":
            break
    opened.page.keyboard.press("Enter")
    assert opened.head("Mark").get_attribute("aria-sort") == "descending"
    assert opened.page.evaluate("document.activeElement.textContent") == "Mark"


def test_the_first_stop_of_the_keyboard_leads_past_the_head(opened):
    """A link that shows itself when it has the focus."""
    opened.page.keyboard.press("Tab")
    assert opened.page.evaluate("document.activeElement.hash") == "#main"
    assert opened.page.locator(".skip").bounding_box()["x"] >= 0


def test_the_filter_shows_the_lines_with_every_word(opened):
    """As it is typed, in any order; how many are left is told to those who cannot see it."""
    box = opened.page.get_by_label("Show only rows with")
    status = opened.page.get_by_role("status")
    assert status.inner_text() == f"{SIZE} of {SIZE} shown"
    box.fill("LATE zoe")
    assert opened.column(1) == ["Zoe Late late"]
    assert status.inner_text() == f"1 of {SIZE} shown"
    box.fill("check_a-idea-0")
    assert 0 < len(opened.column(1)) < SIZE
    box.fill("nobody at all")
    assert (opened.column(1), status.inner_text()) == ([], f"0 of {SIZE} shown")
    box.fill("")
    assert len(opened.column(1)) == SIZE


@pytest.mark.parametrize("name", HOSTILE)
def test_a_student_is_opened_and_left(opened, index, name):
    """Whatever the key holds, the link leads to the page of that student, and back."""
    opened.page.locator(".filtered").get_by_role("link", name=name, exact=True).click()
    assert name.replace("\u202e", "") in opened.page.locator("body").inner_text().replace("\u202e", "")
    assert "/students/" in opened.page.url
    opened.page.get_by_role("link", name="Back").click()
    assert opened.page.url == index.as_uri()


def test_who_has_a_misconception_opens(opened):
    """The list is closed until it is asked for, and its names lead to students."""
    who = opened.page.locator(".beliefs details").first
    assert not who.locator("a").first.is_visible()
    who.locator("summary").press("Enter")
    who.locator("a").first.click()
    assert "/students/" in opened.page.url


def test_it_prints_with_everything_opened(opened, tmp_path):
    """On paper nothing can be opened; on the screen it is closed again."""
    assert opened.page.pdf(path=tmp_path / "report.pdf", prefer_css_page_size=True).startswith(b"%PDF")
    closed = opened.page.locator("details:not([open])").count()
    opened.page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert opened.page.locator("details:not([open])").count() == 0
    opened.page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert opened.page.locator("details:not([open])").count() == closed > 0
    opened.page.emulate_media(media="print")
    assert not opened.page.get_by_label("Show only rows with").is_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("media", ["screen", "print"])
def test_every_text_can_be_read(opened, scheme, media):
    """In both themes and on paper, with the chart's text: a contrast of 4.5 at least."""
    opened.page.emulate_media(color_scheme=scheme, media=media)
    dark = opened.page.evaluate("getComputedStyle(document.body).backgroundColor") != "rgb(255, 255, 255)"
    assert dark == (scheme == "dark" and media == "screen")
    contrast, whose = opened.page.evaluate(LEAST_CONTRAST)
    assert contrast >= CONTRAST, whose


def test_it_is_a_page_for_those_who_do_not_see_it(opened):
    """A language, a title, one h1, a caption for each table, scopes for each heading, a text for the picture."""
    count = opened.page.locator
    assert opened.page.evaluate("document.documentElement.lang") == "en"
    assert opened.page.title() == "hw2: the class"
    assert count("h1").count() == 1
    assert count("table").count() == count("table > caption").count() > 4
    assert count("th:not([scope])").count() == 0
    assert "students" in count("figure [role=img]").get_attribute("aria-label")


def test_no_name_makes_a_table_wider_than_the_screen(opened):
    """A name of 300 letters is broken into lines."""
    wider = "Array.from(document.querySelectorAll('.wide')).filter((one) => one.scrollWidth > one.clientWidth + 1).length"
    assert opened.page.evaluate(wider) == 0


def test_a_phone_cuts_off_no_column(browser, index):
    """Nothing is wider than 400 px, not even a table; each number has its name beside it, and the headings still sort."""
    wider = "Array.from(document.querySelectorAll('.wide')).filter((one) => one.scrollWidth > one.clientWidth + 1).length"
    for found in opening(browser, index, viewport={"width": 400, "height": 800}):
        assert found.page.evaluate("document.documentElement.scrollWidth") <= 400
        assert found.page.evaluate(wider) == 0
        label = "getComputedStyle(document.querySelector('.filtered tbody td'), '::before').content"
        assert found.page.evaluate(label) == '"Mark"'
        found.head("Mark").get_by_role("button").click()
        assert found.head("Mark").get_attribute("aria-sort") == "descending"


def test_it_prints_on_two_pages(opened, tmp_path):
    """Without the list of students, which a box adds; no heading is parted from its table."""
    opened.page.pdf(path=tmp_path / "short.pdf", prefer_css_page_size=True)
    assert pages_of(tmp_path / "short.pdf") <= 2
    opened.page.get_by_label("print this list, too").check()
    opened.page.pdf(path=tmp_path / "long.pdf", prefer_css_page_size=True)
    assert pages_of(tmp_path / "long.pdf") > pages_of(tmp_path / "short.pdf")


def pages_of(path):
    """How many pages a PDF of Chromium has."""
    return len(re.findall(rb"/Type\s*/Page\b", path.read_bytes()))


def test_without_javascript_everything_is_there(browser, index):
    """All lines, all lists, and no button that does nothing."""
    for found in opening(browser, index, java_script_enabled=False):
        assert found.page.locator(".filtered tbody tr").count() == SIZE
        assert found.page.locator("button").count() == 0
        assert not found.page.locator("#filter").is_visible()
        found.page.locator(".beliefs summary").first.click()
        assert found.page.locator(".beliefs details a").first.is_visible()


@pytest.fixture(scope="module")
def large(tmp_path_factory):
    """The report of a class that is too large for one table."""
    marks = [mark("late", name="Zoe Late", why="nothing handed in", row=False), *everybody(LARGE + 119)]
    out = tmp_path_factory.mktemp("large") / "out"
    site.write(out, [*pages(survey(marks), "hw2"), (student_path("s0619"), "<title>s0619</title>")])
    return out / site.INDEX


def test_the_list_of_a_large_class_is_sorted_and_searched_as_a_whole(browser, large):
    """Some rows are shown at a time, of all that match, and which they are is told to those who cannot see it."""
    for found in opening(browser, large):
        status = found.page.get_by_role("status")
        found.page.get_by_role("button", name="Last", exact=True).press("Enter")
        assert (status.inner_text(), len(found.column(1))) == ("rows 601–620 of 620", 20)
        assert found.page.evaluate("document.activeElement.textContent") == "Last"
        found.head("Mark").get_by_role("button").click()
        assert status.inner_text() == f"rows 1–{SHOWN} of 620"
        best = found.column(2)[0]
        found.head("Mark").get_by_role("button").click()
        assert float(found.column(2)[0].split("/")[0]) < float(best.split("/")[0])
        found.page.get_by_label("Show only rows with").fill("ZOE late")
        assert (found.column(1), status.inner_text()) == (["Zoe Late late"], "rows 1–1 of 1 that match; 620 in all")
        assert found.page.get_by_role("button", name="Next", exact=True).get_attribute("aria-disabled") == "true"
        assert not found.page.locator(".leaves").is_visible()


def test_a_large_class_prints_every_row_that_is_wanted(browser, large):
    """The box adds the whole list, and the screen has its part again."""
    for found in opening(browser, large):
        found.page.get_by_role("button", name="Next", exact=True).click()
        found.page.get_by_label("print this list, too").check()
        found.page.evaluate("dispatchEvent(new Event('beforeprint'))")
        assert len(found.column(1)) == 620
        found.page.evaluate("dispatchEvent(new Event('afterprint'))")
        assert found.page.get_by_role("status").inner_text() == "rows 101–200 of 620"


def test_without_javascript_a_large_class_is_read_part_by_part(browser, large):
    """Every student is in one of the parts, under a link that leads to the student's page."""
    for found in opening(browser, large, java_script_enabled=False):
        assert (found.page.locator(".filtered tbody tr").count(), found.page.locator("button").count()) == (SHOWN, 0)
        found.page.locator(".leaves a").last.click()
        assert found.page.locator("h1").inner_text() == "hw2: students 501–620 of 620, s0499 – s0618"
        assert found.page.locator("tbody tr").count() == 120
        assert found.page.locator("[aria-current=page]").inner_text() == "501–620"
        found.page.get_by_role("link", name="Back to the class").click()
        assert found.page.url == large.as_uri()
