"""An assignment for Classroom 50: the folder of its autograder, the runtime block, and the content of the template repository.

The folder is on a public page, and students run it. So it holds what a student's kit holds, recorded answers in place of
solutions, and no secret seed.
"""

from __future__ import annotations

import gzip
import io
import json
import shutil
import sys
import tarfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from autograder.assignment import Assignment
from autograder.inbox.claims import SLUG, slug_of
from autograder.text.errors import DlkitError
from dlkit.kit import ASSIGNMENTS, Kit, older_in, take_in
from dlkit.kit.making import FIGURES, RESULTS, make
from dlkit.kit.recording import recorded
from dlkit.packing.needed import extra
from dlkit.packing.wheel import pins
from dlkit.writing import write_file

MOST = 10 * 2**20  # bytes that Classroom 50's runner takes, packed
AUTOGRADER, CONSTRAINTS = "autograder.py", "constraints.txt"
MADE = '"""Grades one submission of {name} on Classroom 50. Made by `dlkit classroom50`'
TEXT = (
    MADE
    + """; do not edit it.

The runner starts it with the student's checkout as the working folder. It installs dlkit from the files beside it, and then
grades. A Python that already has dlkit, such as one in a container, may be named in the environment variable DLKIT_PYTHON.
\"\"\"

import os
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
OLDEST, NEWEST = (3, 11), (3, 14)


def installed():
    \"\"\"A Python with dlkit and the libraries that this was packed with. Nothing is imported from the student's folder.\"\"\"
    if given := os.environ.get("DLKIT_PYTHON"):
        return given
    if not OLDEST <= sys.version_info[:2] <= NEWEST:
        sys.exit("dlkit needs Python 3.11 to 3.14: give the assignment the runtime block that `dlkit classroom50` wrote.")
    place = Path(tempfile.mkdtemp(prefix="dlkit-"))
    python = place / "bin" / "python"
    pip = [python, "-I", "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    for command in (
        [sys.executable, "-I", "-m", "venv", place],
        [*pip, "--constraint", HERE / "constraints.txt", f"{HERE / '{wheel}'}{extra}"],
    ):
        if subprocess.run(command, cwd=HERE, check=False).returncode:
            sys.exit("dlkit could not be installed here; the lines above say why. Tell your instructor.")
    return str(python)


if __name__ == "__main__":
    command = [installed(), "-P", "-m", "dlkit.packing.on_classroom50", str(HERE), "{name}", "--limit", "{limit}"]
    sys.exit(subprocess.run(command, check=False).returncode)
"""
)
IGNORED = """\
.venv/
.dlkit/
__pycache__/
*-submission.zip
"""
UPLOAD = "your repository on GitHub. Commit and push your file; every push is graded. You do not need the zip."


class PackingError(DlkitError):
    """An assignment cannot be packed for Classroom 50, or not there; the sentence says why."""


@dataclass(frozen=True)
class Packed:
    """What Classroom 50 needs of an assignment.

    Attributes:
        slug: what the assignment must be called there.
        bundle: the files beside the autograder, and itself.
        runtime: the runtime block.
        kit: the content of the template repository, but for `.gitignore`.
        size: bytes of the bundle, packed.
    """

    slug: str
    bundle: Mapping[str, bytes]
    runtime: Mapping[str, str]
    kit: Kit
    size: int


def packed(assignment: Assignment, folder: Path, limit: int) -> Packed:
    """Pack an assignment.

    Args:
        assignment: the loaded spec.
        folder: where it lies.
        limit: seconds for the grading of one submission.

    Raises:
        PackingError: it would be too large, or has no name that Classroom 50 takes.
        KitError: it lacks something that students need, or holds something of its solution.
    """
    slug = slug_of(assignment.name)
    if not SLUG.fullmatch(slug):
        raise PackingError(
            f"Classroom 50 needs a name of 2 to 100 lower-case letters, digits and hyphens. Received: {assignment.name!r}. "
            "Rename the assignment's folder"
        )
    kit = make([(assignment, folder)], recorded, UPLOAD)
    base = f"{ASSIGNMENTS}/{assignment.name}/"
    wheel = next(Path(path).name for path in kit.files if path.endswith(".whl"))
    pictures = tuple(f"{base}{folder}/" for folder in (FIGURES, RESULTS))
    bundle = {path: data for path, data in kit.files.items() if path.startswith(base) and not path.startswith(pictures)}
    bundle[wheel] = kit.files[f"wheels/{wheel}"]
    bundle[CONSTRAINTS] = ("\n".join(pins()) + "\n").encode()
    script = TEXT
    for key, value in {"name": assignment.name, "wheel": wheel, "extra": extra(assignment), "limit": limit}.items():
        script = script.replace(f"{{{key}}}", str(value))
    bundle[AUTOGRADER] = script.encode()
    size = len(tarred(bundle, slug))
    if size > MOST:
        raise PackingError(
            f"Classroom 50 takes at most {MOST // 2**20} MB of an autograder. Received: {size / 2**20:.1f} MB, packed"
        )
    return Packed(slug, bundle, {"python": f"{sys.version_info.major}.{sys.version_info.minor}"}, kit, size)


def tarred(bundle: Mapping[str, bytes], slug: str) -> bytes:
    """A bundle as Classroom 50 publishes it: a tar.gz with one folder."""
    stream = io.BytesIO()
    with gzip.GzipFile(fileobj=stream, mode="wb", mtime=0) as packed, tarfile.open(fileobj=packed, mode="w") as archive:
        for name, data in sorted(bundle.items()):
            info = tarfile.TarInfo(f"{slug}/{name}")
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return stream.getvalue()


def write(made: Packed, out: Path, classroom: str) -> tuple[Path, Path, Path]:
    """Write the folder of the autograder, the runtime block and the template; where each is.

    An earlier folder of ours is replaced as a whole; of an earlier template, only what the kit had handed out.

    Raises:
        PackingError: the folder holds an autograder of somebody else.
        KitError: the template's folder holds something else.
        OSError: a file cannot be written.
    """
    folder = out / classroom / "autograders" / made.slug
    runtime, template = out / f"{made.slug}-runtime.json", out / f"{made.slug}-template"
    older = folder / AUTOGRADER
    if folder.exists() and any(folder.iterdir()) and not (older.is_file() and older.read_bytes().startswith(_begin())):
        raise PackingError(
            f"{folder} must be new, or made by this command. Received: a folder with other files. Choose another --out"
        )
    older_in(template)
    shutil.rmtree(folder, ignore_errors=True)
    for name, data in made.bundle.items():
        write_file(folder / name, data, parents=True)
    write_file(runtime, (json.dumps(made.runtime, indent=2) + "\n").encode(), parents=True)
    take_in(made.kit, template)
    if not (template / ".gitignore").exists():
        write_file(template / ".gitignore", IGNORED.encode())
    return folder, runtime, template


def _begin() -> bytes:
    """What an autograder of ours begins with."""
    return MADE.partition("{name}")[0].encode()
