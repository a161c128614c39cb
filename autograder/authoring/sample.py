"""Sample classes: believable submissions made of the reference and its misconceptions, with the truth beside them.

A class is for trying things out, for tests and for benchmarks: whatever a grading says about it can be held against
what was put into it. The same seed makes the same class, byte for byte.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import cycle, islice, product
from pathlib import Path
from typing import Any

import numpy as np

from autograder.assignment import Assignment, SpecError
from autograder.assignment.misconception import Misconception
from autograder.authoring.derive import stub
from autograder.authoring.disguise import Hand, Part, after_docstring, parts_of, uncalled, written
from autograder.grading.digests import versions
from autograder.grading.references import misconceptions_in, reference_files
from autograder.text.errors import DlkitError

SUBMISSIONS, ROSTER, TRUTH = "submissions", "roster.csv", "truth.json"
LAYOUTS = {"folders": "", "files": "", "canvas": "canvas_id", "moodle": "moodle_id"}  # and the roster's column of their ids

# What a class has besides ordinary students: the share of each kind, and the size from which there is one at least.
KINDS = {
    "perfect": (0.10, 10),
    "unfinished": (0.12, 4),
    "crash": (0.02, 5),
    "hang": (0.015, 8),
    "syntax": (0.02, 12),
    "prints": (0.01, 16),
    "copy": (0.03, 20),
}
LATE = (0.08, 8)
TWICE = (0.08, 6)
MISTAKES = {1: 0.45, 2: 0.35, 3: 0.2}  # how many an ordinary student makes
FEWER = {0: 0.35, 1: 0.4, 2: 0.25}  # one with another problem
VARIANTS = 0.3  # of the other right ways that there are, taken by each student

HANGS = ("n = 0", "while n < 10:", "    steps = n  # TODO: count up")
PRINTS = (
    "for step in range(500):",
    "    print({name!r}, step, [0.0] * 1000)",
)  # a megabyte is the limit by default; long lines reach it at once
CRASHES = ("from my_plots import show_history", 'notes = open("C:/Users/me/Desktop/hw/notes.txt").read()')
UNCLOSED = 'print("all tests passed"'

NAMED = [  # names that have broken somebody's program
    "Maeve O'Quillan",
    "Okonkwo-Reyes, Tamsin",
    "Zoë Ångström-Weiß",
    "نور الهادي",
    "Nguyễn Thị Mây",
    "李 晓雨",
    "Suharti",
    "Łucja Żółkiewska de la Peña",
    "İpek Işıldar",
    "Jón Null",
]
GIVEN = "Ada Bilal Chiara Dmitri Esi Farah Goran Hana Imani Jonas Kavya Liam Mireia Noor Oskar Priya Quentin Rosa Søren Thandi"
FAMILY = "Abara Brandt Castellan Dvořák Eriksen Farouk Gupta Hollis Ibarra Jansen Kimura Lindqvist Moreau Nkosi Oyelaran Petrov"


class SampleError(DlkitError):
    """A class cannot be made where, or as, it was asked for."""


@dataclass(frozen=True)
class Attempt:
    """One version of a student's work: what was put into it, by function, and the files that came out."""

    mistakes: Mapping[str, str]
    variants: Mapping[str, str]
    unfinished: tuple[str, ...]
    files: Mapping[str, str]


@dataclass(frozen=True)
class Invented:
    """An invented student.

    Attributes:
        id, name, email, section: as in the roster.
        number: the id in a learning management system.
        kind: "ordinary", or one of KINDS.
        late: whether the last attempt was.
        attempts: the versions that were handed in, the last one last.
        function: where it hangs, or prints without end; "" for others.
        copy_of: whose work it is in truth, "" for one's own.
    """

    id: str
    name: str
    email: str
    section: str
    number: int
    kind: str
    late: bool
    attempts: tuple[Attempt, ...]
    function: str = ""
    copy_of: str = ""

    @property
    def place(self) -> int:
        """Their place in the class, which their hand and their mistakes are drawn for."""
        return int(self.id[1:])


def invent(
    assignment: Assignment, solutions: Path, students: int, seed: int = 0, kinds: Mapping[str, tuple[float, int]] = KINDS
) -> list[Invented]:
    """Invent a class for an assignment.

    Args:
        assignment: the loaded spec.
        solutions: `solutions/hwN`.
        students: how many.
        seed: another seed makes another class.
        kinds: what the class has besides ordinary students, as KINDS has it.

    Raises:
        SpecError: there is no reference, no known wrong answer, or one that does not fit the reference.
    """
    try:
        return _invented(assignment, solutions, students, seed, kinds)
    except SyntaxError as error:
        where = f"{error.msg} (line {error.lineno}: {(error.text or '').strip()})"
        raise SpecError(
            f"the reference of {assignment.name}, with each of its misconceptions, must be Python. Received: {where}"
        ) from None


def write(invented: Sequence[Invented], assignment: Assignment, seed: int, out: Path, layout: str = "folders") -> None:
    """Write a class: `out/submissions`, `out/roster.csv` and `out/truth.json`.

    The layout "canvas" tells who was late and has earlier attempts; the others have the last one only, and lateness stands
    in the truth alone.

    Raises:
        SampleError: the folder is not empty, or the layout has no place for several files.
        OSError: it cannot be written.
    """
    if layout == "files" and len(assignment.files) > 1:
        raise SampleError(
            "the layout 'files' is for assignments of one file. "
            f"Received: {assignment.name} with {len(assignment.files)} files. Choose another layout"
        )
    if out.exists() and (first := next(iter(sorted(out.iterdir())), None)) is not None:
        raise SampleError(
            f"{out} must be a new or empty folder. Received: a folder that holds {first.name}. Choose another folder, or empty it"
        )
    people = []
    for person in invented:
        paths = [_paths(person, place, layout, assignment.files) for place in range(len(person.attempts))]
        for attempt, places in zip(person.attempts, paths, strict=True):
            for name, path in places.items():
                (out / path).parent.mkdir(parents=True, exist_ok=True)
                (out / path).write_bytes(attempt.files[name].encode())
        people.append(_truth(person, paths, layout))
    truth = {
        "assignment": assignment.name,
        "seed": seed,
        "layout": layout,
        "versions": versions(),
        "students": people,
    }
    (out / TRUTH).write_text(json.dumps(truth, indent=1, ensure_ascii=False) + "\n", encoding="utf-8", newline="\n")
    (out / ROSTER).write_text(_roster(invented, layout), encoding="utf-8", newline="\n")


def _invented(
    assignment: Assignment, solutions: Path, students: int, seed: int, besides: Mapping[str, tuple[float, int]]
) -> list[Invented]:
    course = _Material(assignment, solutions, seed)
    rng = np.random.default_rng(seed)
    kinds = _kinds(students, rng, besides)
    pool = [*NAMED, *rng.permutation([" ".join(names) for names in product(GIVEN.split(), FAMILY.split())]).tolist()]
    names = rng.permutation(list(islice(cycle(pool), students))).tolist()  # two people may share a name
    numbers = (100_000 + rng.permutation(10 * students)[:students]).tolist()
    late = _chosen(range(students), LATE, students, rng)
    fit = [place for place, kind in enumerate(kinds) if kind in ("ordinary", "unfinished", "perfect")]
    twice = _chosen(fit, TWICE, students, rng)
    invented: list[Invented] = []
    for place, kind in enumerate(kinds):
        id = f"s{place + 1:04}"
        person = Invented(
            id,
            name=names[place],
            email=f"{id}@example.org",
            section="AB"[place % 2],
            number=numbers[place],
            kind=kind,
            late=place in late,
            attempts=(),
        )
        invented.append(person if kind == "copy" else course.hand_in(person, twice=place in twice))
    originals = [person for person in invented if person.kind == "ordinary"]
    for place, person in enumerate(invented):
        if person.kind == "copy":
            invented[place] = course.copy(person, originals[int(rng.integers(len(originals)))])
    return invented


class _Material:
    """What the submissions of one class are made of."""

    def __init__(self, assignment: Assignment, solutions: Path, seed: int) -> None:
        self.seed = seed
        self.files = reference_files(assignment, solutions)
        self.main = assignment.files[0]
        self.parts = parts_of(self.files[self.main])
        known = misconceptions_in(solutions).values()
        self.stubs = {part.name: part.text for part in parts_of(stub(self.files[self.main], self.main, known))}
        self.given = {mistake.function for mistake in known if mistake.given}
        asked = {check.function for check in assignment.checks}
        self.functions = [part.name for part in self.parts if part.name in asked]
        self.harmless = [mistake for mistake in known if mistake.harmless]
        wrong = [mistake for mistake in known if not (mistake.harmless or mistake.given)]
        self.mistakes = [mistake for mistake in wrong if mistake.function in self.functions]
        if not self.mistakes:
            raise SpecError(f"a sample class needs at least one misconception; add some to {solutions}/misconceptions.py")
        # As in a real class, some mistakes are common and most are rare (Zipf).
        ranks = 1 + np.random.default_rng([seed, 1]).permutation(len(self.mistakes))
        self.popularity = (1 / ranks) / np.sum(1 / ranks)
        # Where a fault shows: a function that no other needs, that needs no other, and that is not given minutes.
        hidden = {check.function for check in assignment.checks if check.depends or (check.timeout or 0) > assignment.timeout}
        self.faulty = [name for name in uncalled(self.parts) if name in asked - hidden] or self.functions

    def hand_in(self, person: Invented, *, twice: bool) -> Invented:
        """Give an invented student work of their own."""
        rng = np.random.default_rng([self.seed, 2, person.place])
        hand = _hand(person, rng)
        function = self.faulty[int(rng.integers(len(self.faulty)))] if person.kind in ("hang", "prints") else ""
        unfinished: tuple[str, ...] = ()
        if person.kind == "unfinished":
            unfinished = self._left_out(self.functions, rng)
        free = [name for name in self.functions if name != function and name not in unfinished]
        often = MISTAKES if person.kind == "ordinary" else {0: 1.0} if person.kind == "perfect" else FEWER
        mistakes = self._mistakes(free, int(rng.choice(list(often), p=list(often.values()))), rng)
        variants = {
            other.function: other
            for other in self.harmless
            if other.function not in mistakes and other.function in free and rng.random() < VARIANTS
        }
        last = self._attempt(person, hand, mistakes, variants, unfinished, function)
        attempts = [last]
        if twice:  # the day before, more was missing, and one thing more was wrong
            rest = [name for name in free if name not in mistakes]
            missing = self._left_out(rest, rng)
            rest = [name for name in rest if name not in missing]
            more = {**mistakes, **self._mistakes(rest, 1, rng)}
            others = {name: other for name, other in variants.items() if name not in missing and name not in more}
            attempts.insert(0, self._attempt(person, hand, more, others, (*unfinished, *missing), function))
        return replace(person, attempts=tuple(attempts), function=function)

    def copy(self, person: Invented, original: Invented) -> Invented:
        """Give a student the work of another, with other names, other comments and no other thought."""
        rng = np.random.default_rng([self.seed, 2, person.place])
        hand = Hand(habit=_one(("{}_new", "{}2", "a_{}"), rng), renames=0.9, comments=0.0, remarks=0.4, spacing=0.1)
        hand = replace(hand, header=f"# {person.name}")
        theirs = original.attempts[-1]
        untouched = self.given & set(theirs.unfinished)
        files = {name: written(text, hand, [self.seed, person.place], untouched) for name, text in theirs.files.items()}
        return replace(person, attempts=(replace(theirs, files=files),), copy_of=original.id)

    def _attempt(
        self,
        person: Invented,
        hand: Hand,
        mistakes: Mapping[str, Misconception],
        variants: Mapping[str, Misconception],
        unfinished: Sequence[str],
        function: str,
    ) -> Attempt:
        source = self.files[self.main]
        for change in (*mistakes.values(), *variants.values()):  # of different functions: none is in another's way
            source = change.put_into(source)
        parts = parts_of(source)
        faults = {"hang": HANGS, "prints": PRINTS}.get(person.kind, ())
        for number, part in enumerate(parts):
            if part.name in unfinished:
                parts[number] = replace(part, text=self.stubs[part.name])  # as it was handed out
            elif part.name and part.name == function:
                lines = [line.format(name=function) for line in faults]
                parts[number] = replace(part, text=after_docstring(part.text, *lines))
        if person.kind == "crash":
            top = next(number for number, part in enumerate(parts) if part.name)
            parts.insert(top, Part("", f"{CRASHES[person.place % len(CRASHES)]}\n"))
        files = {**self.files, self.main: "".join(part.text for part in parts)}
        untouched = self.given & set(unfinished)
        files = {name: written(text, hand, [self.seed, person.place], untouched) for name, text in files.items()}
        if person.kind == "syntax":
            files[self.main] += UNCLOSED + hand.newline
        order = {name: number for number, name in enumerate(self.functions)}
        return Attempt(
            mistakes={name: mistakes[name].id for name in sorted(mistakes, key=order.__getitem__)},
            variants={name: variants[name].id for name in sorted(variants, key=order.__getitem__)},
            unfinished=tuple(sorted(unfinished, key=order.__getitem__)),
            files=files,
        )

    def _mistakes(self, functions: Sequence[str], most: int, rng: np.random.Generator) -> dict[str, Misconception]:
        """So many mistakes, one for each function at most."""
        found: dict[str, Misconception] = {}
        for number in rng.choice(len(self.mistakes), len(self.mistakes), replace=False, p=self.popularity):
            mistake = self.mistakes[number]
            if len(found) < most and mistake.function in functions and mistake.function not in found:
                found[mistake.function] = mistake
        return found

    def _left_out(self, functions: Sequence[str], rng: np.random.Generator) -> tuple[str, ...]:
        """Functions that nobody got round to: up to a third, the later ones rather than the first."""
        count = min(len(functions), 1 + int(rng.integers(max(1, len(functions) // 3))))
        weights = np.arange(1, len(functions) + 1)
        chosen = rng.choice(len(functions), count, replace=False, p=weights / weights.sum()) if count else ()
        return tuple(functions[number] for number in chosen)


def _kinds(students: int, rng: np.random.Generator, besides: Mapping[str, tuple[float, int]]) -> list[str]:
    """The kinds of a class in random order; the rest are ordinary, and so is somebody in every class."""
    kinds = [kind for kind, often in besides.items() for _ in range(_count(often, students))][: students - 1]
    return [str(kind) for kind in rng.permutation([*kinds, *["ordinary"] * (students - len(kinds))])]


def _count(often: tuple[float, int], students: int) -> int:
    share, enough = often
    return max(round(share * students), int(students >= enough))


def _chosen(places: Sequence[int], often: tuple[float, int], students: int, rng: np.random.Generator) -> set[int]:
    return {int(place) for place in rng.permutation(places)[: _count(often, students)]}


def _one(choices: Sequence[Any], rng: np.random.Generator) -> Any:
    return choices[int(rng.integers(len(choices)))]


def _hand(person: Invented, rng: np.random.Generator) -> Hand:
    """How a student writes."""
    headers = ("", f"# {person.name}", f"# {person.id} {person.name}", f"# Author: {person.name}, section {person.section}")
    checks = ('print("done")', "import doctest\n    doctest.testmod()", 'print([name for name in dir() if name[0] != "_"])')
    return Hand(
        habit=_one(("{}_", "my_{}", "{}_val", "{}1", "the_{}", "cur_{}", "{}_tmp"), rng),
        renames=_one((0.0, 0.3, 0.8), rng),
        comments=_one((0.0, 0.0, 0.2, 0.6), rng),
        docstrings=bool(rng.random() < 0.7),
        results=_one((0.0, 0.3, 0.9), rng),
        remarks=_one((0.0, 0.1, 0.3), rng),
        spacing=_one((0.0, 0.1, 0.4), rng),
        reach=_one((0.0, 0.0, 2.0, 4.0), rng),
        traces=_one((0, 0, 1, 2), rng),
        header=_one(headers, rng),
        ending=f'if __name__ == "__main__":\n    {_one(checks, rng)}' if rng.random() < 0.4 else "",
        newline="\r\n" if rng.random() < 0.15 else "\n",
    )


def _paths(person: Invented, place: int, layout: str, files: Sequence[str]) -> dict[str, Path]:
    """Where each file of an attempt lies, by the rules of the system whose download it looks like; {} for nowhere."""
    last = place == len(person.attempts) - 1
    top = Path(SUBMISSIONS)
    match layout:
        case "canvas":
            late = "_LATE" if person.late and last else ""  # who hands in twice was in time at first
            again = f"-{place}" if place else ""
            attached = 10 * person.number + len(files) * place
            return {
                name: top
                / f"{sortable(person.name)}{late}_{person.number}_{attached + number}_{Path(name).stem}{again}{Path(name).suffix}"
                for number, name in enumerate(files)
            }
        case "moodle":
            # As Moodle cleans a file's name, but for control characters, of which no name here has any.
            clean = re.sub(r"""[&<>"`|':\\/]""", "", person.name.replace("_", " "))
            folder = top / f"{clean}_{person.number}_assignsubmission_file"
        case "files":
            return {name: top / f"{person.id}.py" for name in files if last}
        case _:
            folder = top / person.id
    return {name: folder / name for name in files if last}


def sortable(name: str) -> str:
    """A name as Canvas puts it at the beginning of a file's: "Ada O'Brandt" as "obrandtada"."""
    given, _, family = name.rpartition(" ")
    return re.sub(r"\W|_", "", name if "," in name else f"{family}{given}").lower()


def _truth(person: Invented, paths: Sequence[Mapping[str, Path]], layout: str) -> dict[str, Any]:
    """What is known of a student, for JSON."""
    told = [
        {
            "paths": [path.as_posix() for path in places.values()],
            "mistakes": attempt.mistakes,
            "variants": attempt.variants,
            "unfinished": attempt.unfinished,
        }
        for attempt, places in zip(person.attempts, paths, strict=True)
    ]
    return {
        "student": person.id,
        "key": str(person.number) if LAYOUTS[layout] else person.id,
        "name": person.name,
        "kind": person.kind,
        "copy_of": person.copy_of or None,
        "function": person.function or None,
        "late": person.late,
        "attempts": len(told),
        **told[-1],
        "earlier": told[:-1],
    }


def _roster(invented: Sequence[Invented], layout: str) -> str:
    column = LAYOUTS[layout]
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(["student", "name", "email", "section", *([column] if column else [])])
    for person in invented:
        rows.writerow([person.id, person.name, person.email, person.section, *([person.number] if column else [])])
    return text.getvalue()
