"""`dlkit diagnose`: run a training program in the sandbox, and say what about its training looks ill.

The worker's half is `probing`; it sends arrays. Here they are judged, by `symptoms`.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from autograder.diagnosing.advice import ADVICE, HIDDEN_BY, RANK, Advice
from autograder.diagnosing.asking import ProgramError, asked, downloaded
from autograder.diagnosing.evidence import Sign, Signs, Tables
from autograder.diagnosing.fits import Fit
from autograder.diagnosing.loops import (
    curves_of,
    judge_activation,
    judge_model,
    judge_numpy,
    judge_random,
    judge_steps,
    judge_tape,
)
from autograder.diagnosing.rows import Rows, learners
from autograder.sandbox.budget import MB, Budget
from autograder.sandbox.frames import NotInstalledError, RefusalError
from autograder.sandbox.workers import Source
from autograder.text import plain
from autograder.text.cells import called, where
from autograder.text.errors import FaultError

HANDLER = "autograder.diagnosing.beside:serve"
MEMORY = 4096 * MB
BESIDE_MOST, BESIDE_LETTERS = 100, 1_000_000  # modules beside a program, and letters of each, that are looked at
SHOWN = 3  # findings that are told; the others may be their consequences
UNPROTECTED = (
    "nothing on this system protects your files from this program. If it is your own, add --unsafe-no-isolation. "
    "`dlkit doctor` shows what is missing"
)
HINTS = {  # about what a program raises because it runs in the sandbox
    r"URL fetch failure|urlopen error|getaddrinfo|name resolution|ConnectionError|HTTPError": "there is no network here: "
    "run the program once without dlkit, which downloads its data, or put them beside it",
    r"^(FileNotFoundError|PermissionError)": "here it can read only the files of its own folder, and write only new ones",
}
LIBRARIES = {  # what a program that has such a word finds imported
    "tensorflow": ("tensorflow", "keras"),
    "keras": ("tensorflow", "keras"),
    "sklearn": ("sklearn", "sklearn.datasets", "sklearn.linear_model", "sklearn.model_selection", "sklearn.preprocessing"),
}


@dataclass(frozen=True)
class Finding:
    """A symptom as it is told.

    Attributes:
        name: which fault it is a sign of.
        sentence: what is seen, with its numbers.
        evidence: these numbers.
        place: the line, as its author finds it; "" where there is none.
        code: what stands there.
        advice: what usually causes it, and what to try.
    """

    name: str
    sentence: str
    evidence: Mapping[str, float]
    place: str
    code: str
    advice: Advice


@dataclass(frozen=True)
class Diagnosis:
    """What there is to say of a program.

    Attributes:
        findings: the worst first.
        watched: what was seen of training, in words; empty where there was none.
        ending: "ran", "raised" or "stopped".
        error: what it raised, with its line.
        printed: what it printed last.
        layers: what was in force around it.
        unread: evidence that could not be judged, for those who write probes.
    """

    findings: tuple[Finding, ...]
    watched: tuple[str, ...]
    ending: str = "ran"
    error: str = ""
    printed: str = ""
    layers: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    unread: tuple[str, ...] = field(default=(), repr=False)

    @property
    def told(self) -> tuple[Finding, ...]:
        """The findings to begin with."""
        return self.findings[:SHOWN]


def diagnose(
    program: str,
    name: str,
    folder: Path | None,
    source: Source,
    seconds: float,
    tell: Callable[[str], None] = lambda said: None,
    *,
    protected: bool = False,
) -> Diagnosis:
    """Run a program, and judge what was seen.

    Args:
        program: its text; of a notebook, in cells (see `cells`).
        name: its file's name.
        folder: where its other files are, which it may read.
        source: where workers come from; its handler is `HANDLER`.
        seconds: how long it may run.
        tell: is told where it is.
        protected: do not run it where nothing protects this user's files from it.

    Raises:
        ProgramError: it cannot be read, went over a limit, or is not run for want of protection.
        FaultError: a worker could not be set up.
    """
    reads = tuple(str(one) for one in (folder.resolve() if folder else None, *downloaded()) if one)
    budget = Budget(memory=MEMORY, answer=256 * MB, disk=1024 * MB, total=None, reads=reads)
    source.warm_if_possible(_libraries(program, folder))
    try:
        with source.start(budget) as worker:
            if protected and not worker.layers.protects_files:
                raise ProgramError(UNPROTECTED)
            said = asked(worker, program, name, str(folder.resolve()) if folder else "", seconds, tell)
            layers = worker.layers
    except (NotInstalledError, RefusalError) as error:
        raise FaultError(f"the program was not run: {error}") from None
    made = judged(said, program, name)
    return _with_layers(made, layers.in_force, () if layers.protects_files else layers.missing)


def _libraries(program: str, folder: Path | None) -> list[str]:
    """What to import before a program is run, by the words in it and in the modules beside it that it names."""
    texts = [program]
    for path in sorted(folder.glob("*.py"))[:BESIDE_MOST] if folder else []:
        if re.search(rf"\b{re.escape(path.stem)}\b", program):
            with contextlib.suppress(OSError):
                texts.append(path.read_text(encoding="utf-8", errors="replace")[:BESIDE_LETTERS])
    found = [name for word, names in LIBRARIES.items() if any(word in text for text in texts) for name in names]
    return list(dict.fromkeys(found))


def _with_layers(made: Diagnosis, in_force: tuple[str, ...], missing: tuple[str, ...]) -> Diagnosis:
    return replace(made, layers=in_force, missing=missing)


def judged(said: Mapping[str, Any], program: str, name: str) -> Diagnosis:
    """Evidence, judged. Pure: no process, no file, no clock.

    Args:
        said: what a worker saw (see `probing`).
        program: the program's text.
        name: its file's name.
    """
    signs = Signs()
    watched: list[str] = []
    with signs.careful("all of it"):
        watched = _looked_at(said, signs)
    main = called(name, program)
    error = plain(str(said.get("error", "")), 300)
    error += next((f" ({hint})" for pattern, hint in HINTS.items() if re.search(pattern, error)), "")
    line = said.get("error line", 0)
    at = f"{where(program, line)}: " if isinstance(line, int) and line > 0 else ""
    return Diagnosis(
        tuple(_finding(sign, program, name) for sign in chosen(signs.found)),
        tuple(watched),
        str(said.get("ending", "ran")),
        f"{main}, {at}{error}" if error else "",
        plain(str(said.get("printed", "")), 4000, lines=True).strip("\n"),
        unread=(*signs.unread, *(str(one) for one in said.get("failures", []))),
    )


def _looked_at(said: Mapping[str, Any], signs: Signs) -> list[str]:
    """Judge everything; what was watched, in words."""
    entries: Mapping[str, Any] = said.get("entries", {})
    tables = Tables(said.get("tables", []))
    watched = []
    for entry in entries.get("fit", []):
        with signs.careful("a fit"):
            Fit(entry, tables, signs).judge()
            rows = (tables.shape(entry.get("X")) or (0,))[0]
            watched.append(f"a fit of {len(entry['logs'].get('loss', []))} epochs on {rows:,} rows")
    watched += _loops(entries, signs)
    watched += [f"scikit-learn's {one}" for one in learners(entries, tables, signs)]
    Rows(entries, tables, signs, bool(said.get("picks"))).judge()
    return watched


def _loops(entries: Mapping[str, Any], signs: Signs) -> list[str]:
    """Judge what a program does in loops of its own; what was watched, in words."""
    watched = []
    curves = [curve for entry in entries.get("loop", []) for _, curve in curves_of(entry)]
    for entry in entries.get("tape", []):
        with signs.careful("a tape"):
            judge_tape(entry, signs, max(curves, key=len) if curves else None)
            watched.append(f"{len(entry['losses'])} steps under a tape")
    for kind, judge in (("model", judge_model), ("random", judge_random), ("activation", judge_activation)):
        for entry in entries.get(kind, []):
            with signs.careful(kind):
                judge(entry, signs)
    for entry in entries.get("steps", []):
        with signs.careful("steps"):
            judge_steps(entry, signs)
            watched.append(f"{len(entry['losses'])} calls of train_on_batch")
    for entry in entries.get("loop", []):
        with signs.careful("a loop"):
            if not entries.get("tape") and judge_numpy(entry, signs):
                watched.append(f"a loop of {entry['turns']:,} turns")
    return watched


def chosen(found: list[Sign]) -> list[Sign]:
    """One sign of each name, without mere consequences, the worst first."""
    first: dict[str, Sign] = {}
    for sign in found:
        first.setdefault(sign.symptom.name, sign)
    kept = [sign for name, sign in first.items() if not HIDDEN_BY.get(name, set()) & first.keys()]
    return sorted(kept or list(first.values()), key=lambda sign: RANK.get(sign.symptom.name, len(RANK)))


def _finding(sign: Sign, program: str, name: str) -> Finding:
    symptom = sign.symptom
    place, code = "", ""
    if sign.line > 0 and sign.file == name:
        lines = program.split("\n")
        place = f"{called(name, program)}, {where(program, sign.line)}"
        code = plain(lines[sign.line - 1].strip(), 120) if sign.line <= len(lines) else ""
    elif sign.line > 0:
        place = f"{plain(sign.file, 80)}, line {sign.line}"
    numbers = {key: float(value) for key, value in symptom.evidence.items()}
    return Finding(symptom.name, plain(symptom.sentence, 400), numbers, place, code, ADVICE[symptom.name])
