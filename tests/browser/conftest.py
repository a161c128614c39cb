"""Chromium, for the tests of pages."""

from __future__ import annotations

import os
import shutil

import pytest

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


@pytest.fixture(scope="session")
def browser():
    """Chromium without a window; each test opens pages of its own."""
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed: pip install 'dlkit[dev]'")
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    with playwright.sync_playwright() as driver:
        found = driver.chromium.launch(executable_path=CHROMIUM, args=["--disable-gpu", *(["--no-sandbox"] if root else [])])
        yield found
        found.close()


@pytest.fixture(scope="module")
def windows(browser):
    """Contexts of Chromium by their options; to make one takes longer than to open five pages in it.

    Tests of a module share them, as no page that they look at keeps anything in a browser.
    """
    made = {}

    def of(**options):
        key = repr(sorted(options.items()))
        if key not in made:
            made[key] = browser.new_context(**options)
        return made[key]

    yield of
    for context in made.values():
        context.close()
