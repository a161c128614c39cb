"""Responses: what a student answered to questions that nobody grades, in small TOML files that lie beside the work.

`dlkit predict` writes predictions.toml, and another command may write another file: `FILES` lists them. What such a file says is
a claim. It may be shown to people; no grade depends on it, and one that cannot be read costs neither points nor the submission.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from autograder.submission.entries import Item
from autograder.submission.source import SubmissionError
from autograder.text import plain, shown

PREDICTION, EXPLANATION, MILESTONE, HINT = "prediction", "explanation", "milestone", "hint"
FILES = {
    "predictions.toml": PREDICTION,
    "explanations.toml": EXPLANATION,
    "milestone.toml": MILESTONE,
    "hints.toml": HINT,
}
"""The kind of the responses in each file; for a new kind, add a line here and a section in `report/responses.py`."""
NOT_RUN = "not run"  # begins the answer to a step of a milestone that did not come to its end

MOST_BYTES, MOST_RESPONSES = 2**16, 100
MOST_OF_NAME, MOST_CHARACTERS = 80, 500
NAMED = 3  # of the keys that are not known, so many are named
TEXTS = {"question": MOST_OF_NAME, "prompt": MOST_CHARACTERS, "answer": MOST_CHARACTERS, "second": MOST_CHARACTERS}
TOP = ("assignment", "response")


@dataclass(frozen=True)
class Response:
    """An answer to one question.

    Attributes:
        kind: such as "prediction": see `FILES`.
        question: the question's name.
        answer: the first answer. Several numbers stand between commas.
        expected: what was right, as the student's computer found it; None where it was not known.
        right: whether the answer was right; None where that is not known or not asked.
        prompt: the question's words, "" where the file does not have them.
        second: the answer after a change of mind, "" without one.
    """

    kind: str
    question: str
    answer: str
    expected: str | None = None
    right: bool | None = None
    prompt: str = ""
    second: str = ""


def responses_in(entries: Iterable[Item]) -> tuple[tuple[Response, ...], tuple[str, ...]]:
    """The responses in a submission's files, the nearest to the top, and a sentence for each file that is not as it should be."""
    found: list[Response] = []
    told: list[str] = []
    nearest: dict[str, Item] = {}
    for entry in entries:
        nearest.setdefault(entry.path.rpartition("/")[2], entry)
    for name in FILES.keys() & nearest.keys():
        responses, sentence = _read(name, nearest[name])
        found += responses
        told += [sentence] if sentence else []
    return tuple(sorted(found, key=lambda one: list(FILES.values()).index(one.kind))), tuple(sorted(told))


def parse(text: str, kind: str) -> tuple[tuple[Response, ...], tuple[str, ...]]:
    """The responses in the text of a file, each question once, and what is wrong with the others.

    Raises:
        ValueError: it is not TOML, or has no list of responses; the message says what was expected.
    """
    try:
        told = tomllib.loads(text)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    except ValueError as error:
        raise ValueError(f"it is not TOML: {shown(error)}") from None
    listed = told.get("response", [])
    if not isinstance(listed, list) or not all(isinstance(one, dict) for one in listed):
        raise ValueError("`response` must be a list of tables, each below [[response]]")
    wrong = [f"the unknown keys {names}"] if (names := _unknown(told, listed)) else []
    found: dict[str, Response] = {}
    for number, one in enumerate(listed[:MOST_RESPONSES], 1):
        if (response := _response(one, kind)) is None:
            wrong.append(f"response {number}, which needs a text for `question` and `answer`")
        elif response.question in found:
            wrong.append(f"the second response to `{shown(response.question)}`")
        else:
            found[response.question] = response
    if len(listed) > MOST_RESPONSES:
        wrong.append(f"all but the first {MOST_RESPONSES} responses")
    return tuple(found.values()), tuple(wrong)


def written(responses: Sequence[Response], assignment: str, about: str = "") -> str:
    """The text of a file with responses; `about` is a comment at its top."""
    lines = [f"# {line}" for line in about.splitlines()] + [f"assignment = {_quoted(assignment)}"]
    for one in responses:
        texts = {"question": one.question, "prompt": one.prompt, "answer": one.answer, "second": one.second}
        lines += ["", "[[response]]", *(f"{key} = {_quoted(text)}" for key, text in texts.items() if text or key == "answer")]
        lines += [] if one.expected is None else [f"expected = {_quoted(one.expected)}"]
        lines += [] if one.right is None else [f"right = {str(one.right).lower()}"]
    return "\n".join(lines) + "\n"


def _read(name: str, entry: Item) -> tuple[tuple[Response, ...], str]:
    """The responses in one file, and what is to be said of it."""
    try:
        data = entry.read(MOST_BYTES)
        if len(data) > MOST_BYTES:
            raise ValueError(f"it is larger than {MOST_BYTES // 2**10} kB")
        found, wrong = parse(data.decode("utf-8-sig").replace("\r\n", "\n"), FILES[name])
    except UnicodeDecodeError:
        return (), _unused(name, "it is not UTF-8 text")
    except (SubmissionError, OSError, ValueError) as error:
        return (), _unused(name, str(error))
    if not wrong:
        return found, ""
    more = f" and {len(wrong) - NAMED} more" if len(wrong) > NAMED else ""
    return found, f"{name}: dlkit ignored {', '.join(wrong[:NAMED])}{more}; this costs no points"


def _unused(name: str, why: str) -> str:
    return f"{name} was not used: {why.rstrip('.')}; this costs no points"


def _unknown(told: Mapping[str, Any], listed: Sequence[Mapping[str, Any]]) -> str:
    """The keys that nobody knows, in words."""
    known = {*TEXTS, "expected", "right"}
    keys = list(
        dict.fromkeys([*(key for key in told if key not in TOP), *(key for one in listed for key in one if key not in known)])
    )
    more = f" and {len(keys) - NAMED} more" if len(keys) > NAMED else ""
    return ", ".join(f"`{shown(key[:MOST_OF_NAME])}`" for key in keys[:NAMED]) + more


def _response(one: Mapping[str, Any], kind: str) -> Response | None:
    """The response of a table; None without a question and an answer."""
    texts = {key: plain(value, most).strip() for key, most in TEXTS.items() if isinstance(value := one.get(key, ""), str)}
    if not texts.get("question") or not texts.get("answer"):
        return None
    expected, right = one.get("expected"), one.get("right")
    return Response(
        kind,
        texts["question"],
        texts["answer"],
        plain(expected, MOST_CHARACTERS).strip() if isinstance(expected, str) else None,
        right if isinstance(right, bool) else None,
        texts.get("prompt", ""),
        texts.get("second", ""),
    )


def _quoted(text: str) -> str:
    """A text as TOML writes it: in JSON's quotes, with the one sign that JSON leaves and TOML does not."""
    return json.dumps(plain(text, MOST_CHARACTERS), ensure_ascii=False).replace("\x7f", "\\u007f")
