"""Run `dlkit diagnose` on programs with a known fault and on healthy ones, and count what it names.

    python benchmarks/diagnose.py [--held-back] [NAME...]

The programs are in tests/diagnose: `ill` (one fault each, named in the first line), `healthy`, and `references`, which train with
the functions of solutions/. Those in `held_back` were written before anything was tuned. A fault counts as named if it is among
the findings that are told; every finding about a healthy program is a false alarm.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from autograder.diagnosing import HANDLER, Diagnosis, ProgramError, diagnose
from autograder.sandbox.workers import Source, source

ROOT = Path(__file__).resolve().parent.parent
PROGRAMS = ROOT / "tests" / "diagnose"
FAULT, REFERENCE = "# fault: ", "# reference: "
SECONDS = 120.0


def program_of(path: Path) -> tuple[str, set[str]]:
    """A program's text, and the names of its fault; none for a healthy one."""
    text = path.read_text(encoding="utf-8")
    first, _, rest = text.partition("\n")
    if first.startswith(REFERENCE):
        return (ROOT / first.removeprefix(REFERENCE)).read_text(encoding="utf-8") + rest, set()
    return text, set(first.removeprefix(FAULT).split()) if first.startswith(FAULT) else set()


def diagnosed(path: Path, workers: Source) -> Diagnosis:
    """What is said of a program."""
    text, _ = program_of(path)
    return diagnose(text, path.name, path.parent, workers, SECONDS)


def main() -> None:
    """Print a line for each program, and the counts."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", help="programs to run (default: all)")
    parser.add_argument("--held-back", action="store_true", help="run those that were held back")
    parser.add_argument("--sentences", action="store_true", help="print each finding")
    asked = parser.parse_args()
    folder = PROGRAMS / "held_back" if asked.held_back else PROGRAMS
    named = alarms = silent = ill = healthy = 0
    with source(HANDLER) as workers:
        for kind in ("ill", "healthy", "references"):
            for path in sorted((folder / kind).glob("*.py")):
                if asked.names and path.stem not in asked.names:
                    continue
                _, faults = program_of(path)
                started = time.perf_counter()
                try:
                    found = diagnosed(path, workers)
                except ProgramError as error:
                    print(f"{kind:10} {path.stem:28} NOT RUN: {error}", flush=True)
                    continue
                told = [finding.name for finding in found.told]
                hit = bool(faults & set(told))
                named, ill = named + (hit and bool(faults)), ill + bool(faults)
                alarms, healthy = alarms + (bool(told) and not faults), healthy + (not faults)
                silent += not faults and not found.watched
                verdict = ("named" if hit else "MISSED") if faults else ("ALARM" if told else "silent")
                seconds = f"{time.perf_counter() - started:5.1f} s"
                print(f"{kind:10} {path.stem:28} {verdict:7} {seconds} {found.ending:8} {', '.join(told)}", flush=True)
                if not found.watched:
                    print("           (nothing was watched)", flush=True)
                for finding in found.findings if asked.sentences else ():
                    print(f"           {finding.name}: {finding.sentence} [{finding.place}: {finding.code}]", flush=True)
                for line in found.unread if asked.sentences else ():
                    print(f"           not judged: {line}", flush=True)
                if asked.sentences and found.error:
                    print(f"           it raised: {found.error}", flush=True)
    print(f"{named} of {ill} faults named; {alarms} of {healthy} healthy programs with a false alarm ({silent} unwatched)")
    sys.exit(0 if 5 * named >= 4 * ill and not alarms else 1)


if __name__ == "__main__":
    main()
