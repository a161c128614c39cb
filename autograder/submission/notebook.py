"""Notebooks: the code of an .ipynb as one text in cells; nothing of it is run or parsed as Python."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath
from typing import Any

from autograder.submission.source import MAX_BYTES, refusal, too_large
from autograder.text import shown
from autograder.text.cells import joined

MAX_NOTEBOOK = 10 * 2**20  # with its outputs; read as JSON, it takes some 25 times as much memory for a moment
SUFFIX = ".ipynb"
WRITEFILE = re.compile(r"""(?P<blank>\s*)%%(?:writefile|file)[ \t]+(?:-a[ \t]+)?["']?(?P<file>[^\s"']+)["']?[ \t]*(?=\n|\Z)""")
LANGUAGES = ("python", "ipython", "python3")


def is_notebook(path: str) -> bool:
    """Whether a file of this name is a notebook."""
    return path.lower().endswith(SUFFIX)


def notebook_of(name: str) -> str:
    """What a notebook is called that stands for a Python file: "hw2.ipynb" for "hw2.py"."""
    return str(PurePosixPath(name).with_suffix(SUFFIX))


def asked_for(name: str, files: Iterable[str]) -> bool:
    """Whether a file of this name is one of `files`, or the notebook in its place."""
    return any(name in (file, notebook_of(file)) for file in files)


def code_of(data: bytes, where: object) -> str:
    """The code cells of a notebook's bytes, in their order, numbered from 1.

    Raises:
        SubmissionError: it is too large, no notebook, of a version or language that is not read, or has no code.
    """
    if len(data) > MAX_NOTEBOOK:
        raise too_large(where, MAX_NOTEBOOK, "a notebook without large outputs")
    try:
        notebook = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:  # a byte that is no UTF-8, and a number of a million digits, are ValueErrors
        raise refusal(
            f"{shown(where)} is not a notebook",
            expected="JSON as Jupyter writes it",
            received=shown(f"{type(error).__name__}: {error}"),
            remedy="Save or download it again",
        ) from None
    version = notebook.get("nbformat") if isinstance(notebook, dict) else None
    if version not in (3, 4):
        raise refusal(
            f"{shown(where)} is not a notebook that can be read",
            expected="nbformat 4",
            received="no nbformat" if version is None else f"nbformat {shown(version)}",
            remedy="Open it in Jupyter and save it again",
        )
    language = _language(notebook.get("metadata"))
    if language.lower() not in LANGUAGES:
        raise refusal(
            f"{shown(where)} is a notebook in another language",
            expected="Python",
            received=shown(language),
            remedy="Choose a Python kernel and save it again",
        )
    cells = [cell for cell in _cells(notebook) if isinstance(cell, dict) and cell.get("cell_type") == "code"]
    module = PurePosixPath(str(where)).with_suffix(".py").name
    texts = [_written(_text(cell.get("source", cell.get("input"))), module) for cell in cells]
    if not any(text.strip() for text in texts):
        raise refusal(
            f"{shown(where)} has no code",
            expected="a notebook with code cells",
            received=f"{len(cells)} code cells, all of them empty" if cells else "no code cell",
            remedy="Save it, and hand in what was saved",
        )
    code = joined(enumerate(texts, 1))
    if len(code.encode()) > MAX_BYTES:
        raise too_large(f"{where}, without its outputs,", MAX_BYTES, "code that a student wrote")
    return code


def _cells(notebook: dict[str, Any]) -> Iterator[Any]:
    """The cells of nbformat 4, or of all the worksheets of nbformat 3; whatever is not as it should be has none."""
    sheets = notebook.get("worksheets") if notebook["nbformat"] == 3 else [notebook]
    for sheet in sheets if isinstance(sheets, list) else []:
        cells = sheet.get("cells") if isinstance(sheet, dict) else None
        yield from cells if isinstance(cells, list) else []


def _text(source: Any) -> str:
    """A cell's text, which is a string or a list of lines."""
    parts = source if isinstance(source, list) else [source]
    text = "".join(part for part in parts if isinstance(part, str)).replace("\r\n", "\n").replace("\r", "\n")
    return text.encode("utf-8", "replace").decode()  # JSON may hold half of a letter


def _written(text: str, module: str) -> str:
    """The text of a cell that writes the module for which the notebook stands: what it writes is the work."""
    magic = WRITEFILE.match(text)
    return f"{magic['blank']}# {module}{text[magic.end() :]}" if magic and magic["file"] == module else text


def _language(metadata: Any) -> str:
    """The language that a notebook says it is in: Python, where it says nothing."""
    for key, name in (("language_info", "name"), ("kernelspec", "language")):
        told = metadata.get(key) if isinstance(metadata, dict) else None
        if isinstance(told, dict) and isinstance(told.get(name), str) and told[name]:
            return str(told[name])
    return LANGUAGES[0]
