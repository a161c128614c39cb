"""What commands import and what they do first, done once: imported by the process that forks them (see `commandline.py`)."""

from __future__ import annotations

import gc
import pkgutil
import tempfile
from importlib import import_module
from pathlib import Path

PACKAGES = [
    "dlkit.commands",
    "autograder.checks",
    "autograder.export",
    "autograder.grading",
    "autograder.inbox",
    "autograder.report",
]
MODULES = [
    "dlkit.cli",
    "dlkit.notebook.making",
    "autograder.authoring.sample",
    "jinja2",
    "matplotlib.backends.backend_svg",  # the curves of a report
    "numpy.random",
    "rich._emoji_codes",
    "rich.status",
    "sqlalchemy.dialects.sqlite",
]


def preload() -> None:
    """Import modules, and open a gradebook: SQLAlchemy then has its tables and statements ready."""
    for package in PACKAGES:
        for found in pkgutil.walk_packages(import_module(package).__path__, f"{package}."):
            import_module(found.name)
    for module in MODULES:
        import_module(module)
    from autograder.classroom.gradebook import Gradebook

    with tempfile.TemporaryDirectory() as folder, Gradebook(Path(folder) / "g.db") as book:
        list(book.rows(""))
    gc.collect()
    gc.freeze()


preload()
