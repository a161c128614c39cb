"""What a class's report costs to write and to open, for 60 and 1,000 students, beside an empty page in the same browser.

    python benchmarks/report.py [rounds]

`write` is `dlkit report`, shell prompt to shell prompt; `loaded` and `painted` are what Chromium says of the page from
file://, from its navigation to DOMContentLoaded and to the first contentful paint. Rounds are interleaved; medians.
Needs Playwright and the system's Chromium.
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests" / "support"))

from invented import everybody, gradebook_of  # noqa: E402 - tests/support is no package

SIZES = (60, 1000)
TIMES = """() => new Promise((done) => {
  const told = () => [performance.getEntriesByType("navigation")[0].domContentLoadedEventEnd,
                      performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? 0];
  new PerformanceObserver(() => done(told())).observe({ type: "paint", buffered: true });
})"""


def main(rounds: int) -> None:
    """Print the table."""
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as name, sync_playwright() as driver:
        folder = Path(name)
        root = hasattr(os, "geteuid") and os.geteuid() == 0
        options: dict[str, Any] = {"executable_path": shutil.which("chromium"), "args": ["--no-sandbox"] if root else []}
        browser = driver.chromium.launch(**options)
        (folder / "empty").mkdir()
        (folder / "empty" / "index.html").write_text("<!doctype html><title>empty</title><p>empty")
        taken: dict[str, list[tuple[float, float, float]]] = {"empty": []}
        for size in SIZES:
            gradebook_of(folder / f"{size}.db", everybody(size))
            taken[str(size)] = []
        for _ in range(rounds):
            for key, times in taken.items():
                started = time.perf_counter()
                if key != "empty":
                    book, out = str(folder / f"{key}.db"), str(folder / key)
                    command = [sys.executable, "-m", "dlkit", "report", "hw2", "--gradebook", book, "--out", out]
                    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
                written = time.perf_counter() - started
                page = browser.new_page(viewport={"width": 1280, "height": 800})
                page.goto((folder / key / "index.html").as_uri())
                loaded, painted = page.evaluate(TIMES)
                page.close()
                times.append((written, loaded / 1000, painted / 1000))
        browser.close()
        print(f"{'median of ' + str(rounds):14} {'write s':>8} {'loaded s':>9} {'painted s':>10} {'loaded ratio':>13} {'MB':>6}")
        base = statistics.median(times[1] for times in taken["empty"])
        for key, rows in taken.items():
            write, loaded, painted = (statistics.median(column) for column in zip(*rows, strict=True))
            size_mb = (folder / key / "index.html").stat().st_size / 1e6
            label = key if key == "empty" else f"{key} students"
            print(f"{label:14} {write:8.2f} {loaded:9.3f} {painted:10.3f} {loaded / base:13.1f} {size_mb:6.2f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
