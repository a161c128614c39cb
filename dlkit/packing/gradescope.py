"""The zip that Gradescope runs: two scripts, dlkit as a wheel, the assignment with its solutions, and what was chosen."""

from __future__ import annotations

import sys
from pathlib import Path

from autograder.assignment import Assignment
from autograder.grading.references import SOLUTIONS
from dlkit.packing.needed import extra, uses_tensorflow
from dlkit.packing.on_gradescope import SETTINGS, Settings
from dlkit.packing.wheel import NAME, pins, wheel
from dlkit.writing import below, zipped

WHAT_TO_CHOOSE = """\
1. Configure Autograder: upload this zip. Base image: Ubuntu 22.04 (the default) or newer, variant Base; setup.sh fetches
   the Python that it needs.
2. Container specification: {container}
3. Autograder points: {points:g}. Timeout: {minutes} minutes, as set with --limit for this zip.
"""
HEAVY = """\
1 CPU and 1.5 GB of memory, or more. The default of 0.5 CPU and 768 MB is too small: with
   TensorFlow, grading takes 750 to 870 MB before a submission uses any itself. It may use what the container has left
   beyond 900 MB; if it needs more, its feedback says so."""
LIGHT = """\
the default of 0.5 CPU and 768 MB, or more. This assignment needs no TensorFlow, and none
   is installed. Grading takes 140 to 170 MB before a submission uses any itself. It may use what the container has left
   beyond 250 MB; if it needs more, its feedback says so."""
README = """\
{title} ({name}): an autograder for Gradescope, made by `dlkit gradescope`.

What to choose on Gradescope:

{choose}
{shown}

The first build takes some minutes{because}. At the end it grades the reference. If the reference does
not earn all points, the build fails, and its log says why. The log also has the line "isolation: ...". If that line does not
name landlock, nothing would keep a student's code from reading the solutions. The autograder then refuses submissions, unless you
pack the zip with --unsafe-no-isolation.

If the grader itself fails, it writes no results. Gradescope then says that the autograder failed, and that it is no fault of the
student's. Fix the cause and rerun the autograder. What run_autograder prints is for staff: who handed in, which protection was
in force, why the grader failed, and what is wrong with the settings.

Students see the output of each visible check, without the inputs and without the expected numbers. A test that only staff see
has both.

settings.json contains the seed of the inputs{unsafe}. Keep this zip to yourself: it contains the solutions.
"""
SETUP = """\
#!/usr/bin/env bash
# Gradescope runs this once, as root, when it builds the image: Python {python}, dlkit, and a rehearsal with the reference.
set -euo pipefail
root="${{DLKIT_AUTOGRADER:-/autograder}}"
export DEBIAN_FRONTEND=noninteractive UV_NO_CACHE=1 UV_PYTHON_INSTALL_DIR="$root/pythons"

apt-get update
apt-get install --yes --no-install-recommends ca-certificates python3 python3-venv

# The base images have another Python than the one that this was packed with; uv has each, without compiling.
python3 -m venv "$root/uv"
"$root/uv/bin/python" -m pip install --quiet --disable-pip-version-check 'uv>=0.5,<1'
"$root/uv/bin/uv" venv --python {python} "$root/python"
"$root/uv/bin/uv" pip install --python "$root/python/bin/python" \\
    --constraint "$root/source/constraints.txt" "$root/source/{wheel}{extra}"

"$root/python/bin/python" -P -m dlkit.packing.on_gradescope "$root" --try
"""
RUN = """\
#!/usr/bin/env bash
# Gradescope runs this for each submission. What it prints is for staff; students read results/results.json.
root="${DLKIT_AUTOGRADER:-/autograder}"
python="${DLKIT_PYTHON:-$root/python/bin/python}"
results="$root/results/results.json"
mkdir -p "$root/results"
rm -f "$results"
"$python" -P -m dlkit.packing.on_gradescope "$root" && [ -s "$results" ] && exit
# Without results.json, Gradescope says that the autograder failed, which is no fault of the student's.
echo "The grader did not end normally: see above, and the log of the build."
rm -f "$results"
exit 1
"""


def gradescope(assignment: Assignment, folder: Path, solutions: Path, settings: Settings) -> bytes:
    """The zip: the same bytes for the same course, dlkit, libraries and settings.

    Args:
        assignment: the loaded spec.
        folder: where it lies.
        solutions: where its reference lies.
        settings: what was chosen.
    """
    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    texts = {
        "setup.sh": SETUP.format(python=python, wheel=NAME, extra=extra(assignment)),
        "run_autograder": RUN,
        "README.txt": readme(assignment, settings),
        "constraints.txt": "\n".join(pins()) + "\n",
        SETTINGS: settings.to_json(),
    }
    members = {name: text.encode() for name, text in texts.items()}
    members |= below(folder, f"course/assignments/{assignment.name}")
    members |= below(solutions, f"course/{SOLUTIONS}/{assignment.name}")
    members[NAME] = wheel()
    return zipped(members, runs=("setup.sh", "run_autograder"))


def what_to_choose(assignment: Assignment, settings: Settings) -> str:
    """What an instructor has to set on Gradescope."""
    container = HEAVY if uses_tensorflow(assignment) else LIGHT
    return WHAT_TO_CHOOSE.format(container=container, points=assignment.points, minutes=-int(-settings.limit // 60))


def readme(assignment: Assignment, settings: Settings) -> str:
    """The README.txt of the zip."""
    shown = "Students see every check at once."
    if settings.hidden and settings.visibility != "visible":
        when = settings.visibility.replace("_", " ")
        shown = f"Hidden at first ({when}): {', '.join(settings.hidden)}. Until then, students do not see their total."
    unsafe = " and the choice to grade without protection" if settings.unsafe else ""
    choose = what_to_choose(assignment, settings)
    because = ", because it installs TensorFlow" if uses_tensorflow(assignment) else ""
    return README.format(title=assignment.title, name=assignment.name, choose=choose, shown=shown, unsafe=unsafe, because=because)
