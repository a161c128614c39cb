"""A course to begin with: the packaged assignments, laid out in a folder for an instructor."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from autograder.assignment import SPEC, Assignment, load
from autograder.grading.met import MET
from autograder.grading.references import MISCONCEPTIONS
from dlkit.kit import ASSIGNMENTS, LARGEST, KitError
from dlkit.kit.making import text
from dlkit.writing import write_file

SOLUTIONS = "solutions"
POLICIES = "course.toml"
PACKAGED = "packaged"  # in the package of an installed dlkit


@dataclass(frozen=True)
class Origin:
    """Where the packaged assignments lie: in an installed dlkit, or in a checkout of it, with the solutions."""

    assignments: Path
    policies: Path
    solutions: Path | None


def origin() -> Origin:
    """Where the assignments are that came with this dlkit.

    Raises:
        KitError: it came with none.
    """
    package = Path(__file__).parent.parent
    packaged, checkout = package / PACKAGED, package.parent
    if (packaged / ASSIGNMENTS).is_dir():
        return Origin(packaged / ASSIGNMENTS, packaged / POLICIES, None)
    if (checkout / ASSIGNMENTS).is_dir() and (checkout / SOLUTIONS).is_dir():
        return Origin(checkout / ASSIGNMENTS, checkout / "examples" / POLICIES, checkout / SOLUTIONS)
    raise KitError("this dlkit has no assignments, like the one in a student's kit: install it from its own wheel or source")


def lay_out(target: Path, names: tuple[str, ...], solutions: Path | None) -> tuple[list[str], list[str]]:
    """Write the files of a new course; the assignments in it, and those that have no solutions.

    Args:
        target: a new or an empty folder.
        names: the assignments; all for none.
        solutions: a folder or a zip of solutions, None for those that are at hand.

    Raises:
        KitError: there is something in the folder, no such assignment, or the solutions are none.
        SpecError: an assignment is broken.
        OSError: a file cannot be read or written.
    """
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        received = "a file" if target.is_file() else "a folder that is not empty"
        raise KitError(f"{target} must be a new or an empty folder. Received: {received}")
    here = origin()
    known = sorted(path.parent.name for path in here.assignments.glob(f"*/{SPEC}"))
    for name in names:
        if name not in known:
            raise KitError(f"there is no assignment {name!r}; there are: {', '.join(known)}")
    wanted = list(names) or known
    files = {POLICIES: _quiet(here.policies.read_text(encoding="utf-8")).encode()}
    specs: dict[str, Assignment] = {}
    for name in wanted:
        for path in sorted((here.assignments / name).rglob("*")):
            inside = path.relative_to(here.assignments)
            if path.is_file() and "__pycache__" not in inside.parts and not path.name.startswith("."):
                files[f"{ASSIGNMENTS}/{inside.as_posix()}"] = path.read_bytes()
        specs[name] = load(here.assignments / name)
    given = _solutions(solutions or here.solutions, specs)
    files |= {f"{SOLUTIONS}/{path}": data for path, data in given.items()}
    without = [name for name in wanted if not any(path.startswith(f"{name}/") for path in given)]
    if solutions is not None and len(without) == len(wanted):
        raise KitError(f"{solutions} contains no solutions; expected files such as {wanted[0]}/{specs[wanted[0]].files[0]}")
    rows = [f"| {name} | {spec.title} | {'no: public seed only' if name in without else 'yes'} |" for name, spec in specs.items()]
    files["README.md"] = text("instructors.md", table="\n".join(rows), first=wanted[0])
    for name, data in files.items():
        write_file(target / name, data, parents=True)
    return wanted, without


def _quiet(policies: str) -> str:
    """The example of policies with only its [course] in force: no mark may depend on a line that nobody has chosen."""
    course, late, more = policies.partition("[late]\n")
    lines = "".join(f"# {line}" if line.strip() else line for line in (late + more).splitlines(keepends=True))
    return f"{course}# Examples of more settings. To use one, remove the `# ` before it, and change it.\n\n{lines}"


def _solutions(where: Path | None, specs: Mapping[str, Assignment]) -> dict[str, bytes]:
    """The references and misconceptions of some assignments, by their path below `solutions/`."""
    if where is None:
        return {}
    found = _in_zip(where) if where.is_file() else _in_folder(where)
    chosen: dict[str, bytes] = {}
    for name, spec in specs.items():
        parts = {f"{name}/{file}": found.get((name, file)) for file in (*spec.files, MISCONCEPTIONS, MET)}
        if all(parts[f"{name}/{file}"] is not None for file in spec.files):
            chosen |= {path: data for path, data in parts.items() if data is not None}
    return chosen


def _in_folder(where: Path) -> dict[tuple[str, str], bytes]:
    if not where.is_dir():
        raise KitError(f"{where} does not exist; expected the folder or zip with the solutions")
    base = where / SOLUTIONS if (where / SOLUTIONS).is_dir() else where
    return {
        (path.parent.name, path.name): path.read_bytes() for path in sorted(base.glob("*/*")) if path.name.endswith((".py", MET))
    }


def _in_zip(where: Path) -> dict[tuple[str, str], bytes]:
    """Each `…/hwN/file.py` of a zip; nothing is unpacked to disk."""
    found: dict[tuple[str, str], bytes] = {}
    try:
        with zipfile.ZipFile(where) as archive:
            for entry in archive.infolist():
                parts = PurePosixPath(entry.filename).parts
                inside = parts[parts.index(SOLUTIONS) + 1 :] if SOLUTIONS in parts else parts[-2:]
                if len(inside) == 2 and inside[1].endswith((".py", MET)) and entry.file_size <= LARGEST:
                    found[inside[0], inside[1]] = archive.read(entry)
    except Exception as error:  # what zipfile, zlib, bz2 and lzma raise of damaged bytes differs by method and version
        raise KitError(f"{where} is neither a folder nor a zip of solutions ({error})") from None
    return found
