"""Chromium, for the tests of pages."""

from __future__ import annotations

import os
import shutil
from collections import defaultdict

import pytest

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
PATIENCE = 180  # seconds, for what takes a moment


@pytest.fixture(scope="module")
def browser():
    """Chromium without a window."""
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed: pip install 'dlkit[dev]'")
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    with playwright.sync_playwright() as driver:
        found = driver.chromium.launch(executable_path=CHROMIUM, args=["--disable-gpu", *(["--no-sandbox"] if root else [])])
        yield Patient(found)
        found.close()


class Patient:
    """Chromium, in which nothing runs out of time because the machine is busy."""

    def __init__(self, browser):
        self._browser = browser

    def new_context(self, **options):
        """A context with these options."""
        context = self._browser.new_context(**options)
        context.set_default_timeout(1000 * PATIENCE)
        return context


@pytest.fixture(scope="module")
def idle(browser):
    """Windows that no test uses at the moment, by the options of their context."""
    found = defaultdict(list)
    yield found
    for pages in found.values():
        for page in pages:
            page.context.close()


@pytest.fixture
def windows(browser, idle):
    """Lends windows with some options, and with what listens to their events; to open one takes as long as five pages in it.

    Afterwards another test gets the window, empty: no page that we look at keeps anything in a browser.
    """
    lent = []

    def of(heard=None, **options):
        key, listeners = repr(sorted(options.items())), heard or {}
        page = idle[key].pop() if idle[key] else browser.new_context(**options).new_page()
        for event, listener in listeners.items():
            page.on(event, listener)
        lent.append((key, page, listeners))
        return page

    yield of
    for key, page, listeners in lent:
        page.goto("about:blank")
        for event, listener in listeners.items():
            page.remove_listener(event, listener)
        idle[key].append(page)
