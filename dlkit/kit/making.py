"""Making a kit: everything that a student needs of some assignments, and nothing of their solutions."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from hashlib import sha256
from importlib.resources import files as files_of
from pathlib import Path
from string import Template

from autograder.assignment import MILESTONE, PREDICTIONS, SPEC, Assignment, solutions_folder
from autograder.authoring.derive import stub
from autograder.authoring.giveaway import bodies_of, search, solved
from autograder.grading.digests import PACKAGES
from autograder.grading.recorded import RECORD, recorded_given
from autograder.grading.references import misconceptions_in, reference_files
from autograder.grading.untouched import given_in
from autograder.report.stories import FOLDER as STORIES
from autograder.report.stories import broken
from dlkit import __version__
from dlkit.kit import ASSIGNMENTS, Kit, KitError
from dlkit.packing.needed import BUILD, unused_by, uses_tensorflow
from dlkit.packing.wheel import libraries_of, requirements, wheel

HANDOUT, FIGURES, RESULTS = "README.md", "figures", "results"


def make(
    assignments: Sequence[tuple[Assignment, Path]],
    record_of: Callable[[Assignment], bytes],
    upload: str = "",
) -> Kit:
    """A kit of some assignments.

    Args:
        assignments: each with its folder.
        record_of: gives the record of an assignment's solutions.
        upload: where to hand in, in the instructor's words.

    Raises:
        KitError: an assignment lacks something that students need, or holds something of its solution.
        OSError: a file cannot be read.
    """
    specs = [assignment for assignment, _ in assignments]
    heavy, unused = any(map(uses_tensorflow, specs)), unused_by(specs)
    version = f"{__version__}+kit.{sha256(wheel(without=unused)).hexdigest()[:8]}"  # so that pip replaces an older kit's
    name = f"dlkit-{version}-py3-none-any.whl"
    files: dict[str, bytes] = {f"wheels/{name}": wheel(version, unused), "requirements.txt": _requirements(name, heavy, unused)}
    work = {}
    for assignment, folder in assignments:
        base = f"{ASSIGNMENTS}/{assignment.name}"
        given = public_files(folder) | {file: _stub(assignment, folder, file) for file in assignment.files}
        refuse_giveaways(assignment, folder, {path: data for path, data in given.items() if path != SPEC})
        files |= {f"{base}/{path}": content for path, content in given.items()}
        files[f"{base}/{RECORD}"] = record_of(assignment)
        work[assignment.name] = tuple(f"{base}/{file}" for file in assignment.files)
    files["README.md"] = _readme(specs, upload, heavy)
    return Kit(files, work, upload, __version__)


def _stub(assignment: Assignment, folder: Path, file: str) -> bytes:
    """A file as students get it: derived of the reference, or as it lies in the folder where there is none."""
    reference = solutions_folder(folder, assignment.name) / file
    if reference.is_file():
        mistakes = misconceptions_in(reference.parent).values()
        return stub(reference.read_text(encoding="utf-8"), file, mistakes).encode()
    return (folder / file).read_bytes()


def refuse_giveaways(assignment: Assignment, folder: Path, given: Mapping[str, bytes]) -> None:
    """Refuse to hand out what holds a part of a solution: a solved function, or a line of the reference where there is one.

    Raises:
        KitError: something does; the message says where.
    """
    texts = {path: data.decode("utf-8", "replace") for path, data in given.items()}
    asked = {check.function for check in assignment.checks} - _to_repair(assignment, folder).keys()
    found = [one for file in assignment.files if file in texts for one in solved(texts[file], file, asked)]
    paths = [solutions_folder(folder, assignment.name) / file for file in assignment.files]
    if all(path.is_file() for path in paths):
        references = {path.name: path.read_text(encoding="utf-8") for path in paths}
        mistakes = misconceptions_in(paths[0].parent).values()
        stubs = {name: stub(text, name, mistakes) for name, text in references.items()}
        found += search(texts, bodies_of(references, [assignment.source], stubs))
    if found:
        more = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
        raise KitError(
            f"{assignment.name}/{found[0]}{more}. `dlkit lint {folder} --only giveaways` lists them: remove them, or mark "
            "the line of the reference with `# stub: keep` if students may see it"
        )


def _to_repair(assignment: Assignment, folder: Path) -> Mapping[str, str]:
    """The programs that students get to repair, by function: of the solutions, or of what was recorded of them."""
    solutions = solutions_folder(folder, assignment.name)
    if solutions.is_dir():
        return given_in(reference_files(assignment, solutions)[assignment.files[0]], misconceptions_in(solutions).values())
    return recorded_given(folder / RECORD)


def public_files(folder: Path) -> dict[str, bytes]:
    """What an assignment's folder holds for everybody: handout, figures, spec, questions, milestone and the author's stories.

    Raises:
        KitError: the handout shows a figure that is not there, or a story cannot be read.
        OSError: the handout or the spec cannot be read.
    """
    handout = (folder / HANDOUT).read_text(encoding="utf-8")
    files = {HANDOUT: handout.encode(), SPEC: (folder / SPEC).read_bytes()}
    others = [*(folder / FIGURES).glob("*.*"), *(folder / RESULTS).glob("*.svg"), *(folder / STORIES).glob("*.md")]
    for path in sorted([*others, *folder.glob(PREDICTIONS), *folder.glob(MILESTONE)]):
        files[path.relative_to(folder).as_posix()] = path.read_bytes()
    for link in re.findall(r"\]\((?!\w+:|#)([^)\s]+)\)", handout):
        if link not in files:
            raise KitError(f"{folder / HANDOUT} links to {link}, which is not in the kit: only the handout and {FIGURES}/ are")
    if sentences := broken(folder):
        raise KitError(sentences[0])
    return files


def text(name: str, **values: str) -> bytes:
    """A text of this package, filled in."""
    return Template(files_of(__package__).joinpath(name).read_text(encoding="utf-8")).substitute(values).encode()


def _readme(assignments: Sequence[Assignment], upload: str, heavy: bool) -> bytes:
    first = assignments[0]
    rows = [
        f"| [{one.name}]({ASSIGNMENTS}/{one.name}/{HANDOUT}) | {one.title} | `{'`, `'.join(one.files)}` |" for one in assignments
    ]
    check = first.checks[0].function
    where = (
        f"Upload it here: {upload.replace('{assignment}', first.name)}" if upload else "Upload it where your course asks for it."
    )
    takes = "a few minutes, because TensorFlow is large" if heavy else "about a minute"
    return text(
        "students.md", table="\n".join(rows), first=first.name, file=first.files[0], check=check, where=where, takes=takes
    )


def _requirements(name: str, heavy: bool, unused: Collection[str] = ()) -> bytes:
    ranges = [*requirements(), *(libraries_of(BUILD) if heavy else [])]
    named = {*PACKAGES, BUILD} - {*unused}  # what answers depend on
    ranges = [line for line in ranges if re.match(r"[\w.-]+", line)[0].lower() in named]  # type: ignore[index]
    return text("requirements.txt", wheel=f"./wheels/{name}", ranges="\n".join(sorted(ranges)))
