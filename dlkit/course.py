"""Where the course lies on disk, and how its references and students' files are loaded: by path, as data."""

from __future__ import annotations

import importlib.util
import os
import sys
from pathlib import Path
from types import ModuleType

from autograder.sandbox.installed import called, missing, remedy
from autograder.text.errors import DlkitError


class CourseError(DlkitError):
    """The course, or a file of it, cannot be used; the message is one sentence for whoever typed the command."""


def root(start: Path | None = None) -> Path:
    """The folder that holds `assignments/` and `solutions/`: `start` (default: the current folder) or one above it.

    Raises:
        CourseError: there is none.
    """
    here = (start or Path.cwd()).resolve()
    found = next((folder for folder in (here, *here.parents) if _has(folder, "assignments", "solutions")), None)
    if found is None:
        raise CourseError(f"No folder with assignments/ and solutions/ was found in {here} or above it.")
    return found


def anywhere() -> Path:
    """The course, for a notebook, which may run in any folder: Colab's has nothing but what was downloaded into it.

    It is the course, or a kit of it, around the current folder; or the one that DLKIT_COURSE names; or the only one in a
    folder of the current folder, as after `git clone`; or the one that this package was installed from or with.

    Raises:
        CourseError: there is none, or there are several.
    """
    here, package = Path.cwd().resolve(), Path(__file__).resolve().parent
    named = os.environ.get("DLKIT_COURSE")
    around = [Path(named).resolve()] if named else [here, *here.parents]
    if found := next(filter(_gradable, around), None):
        return found
    below = sorted(filter(_gradable, here.iterdir())) if not named else []
    if len(below) > 1:
        raise CourseError(f"There are several courses here: {', '.join(path.name for path in below)}. Name one in DLKIT_COURSE.")
    if found := next(filter(_gradable, [*below, package.parent, package / "packaged"] if not named else []), None):
        return found
    raise CourseError(
        f"DLKIT_COURSE names {named}, which is not a course: it has no assignments/."
        if named
        else f"No course was found in {here}, above it or directly below it. "
        "Download the course there, or name its folder in the environment variable DLKIT_COURSE."
    )


def _gradable(folder: Path) -> bool:
    """Whether the assignments in a folder can be graded: with solutions, or with what was recorded of them."""
    return _has(folder, "assignments", "solutions") or any(folder.glob("assignments/*/recorded.observations"))


def _has(folder: Path, *names: str) -> bool:
    return all((folder / name).is_dir() for name in names)


def reference(name: str, source: str | Path | None = None) -> ModuleType:
    """The functions of assignment `name` ("hw2"): its reference's, or those of a student's file `source`.

    Args:
        name: the assignment's folder name.
        source: a Python file to load in place of `solutions/<name>/<topic>.py`.

    Raises:
        CourseError: the file is missing, or does not load.
    """
    return load(Path(source) if source is not None else _solution(name), f"_{name}")


def handed_out(name: str) -> ModuleType:
    """The file of assignment `name` as students get it, where it holds programs that they are to repair.

    Raises:
        CourseError: the file is missing, or does not load.
    """
    return load(root() / "assignments" / name / _solution(name).name, f"_{name}_handed_out")


def load(path: Path, prefix: str = "_course") -> ModuleType:
    """The module in the file `path`, which need not lie on the import path.

    Raises:
        CourseError: the file is missing, or does not load.
    """
    if not path.is_file():
        raise CourseError(f"{path} is not a file.")
    spec = importlib.util.spec_from_file_location(f"{prefix}_{path.stem}", path)
    if spec is None or spec.loader is None:
        raise CourseError(f"{path} is not a Python file.")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses and pickling look a class's module up here
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        del sys.modules[spec.name]
        if isinstance(error, ModuleNotFoundError) and (package := missing([error.name or ""])):
            raise CourseError(f"{path} needs {called(package)}, which is not installed here. {remedy(package)}.") from None
        raise CourseError(f"{path} cannot be loaded: {type(error).__name__}: {error}") from error
    return module


def _solution(name: str) -> Path:
    folder = root() / "solutions" / name
    if not folder.is_dir():
        known = ", ".join(sorted(path.name for path in folder.parent.iterdir() if path.is_dir() and path.name[0] not in "._"))
        raise CourseError(f"There is no {folder.parent.name}/{name}; there are: {known or 'none'}.")
    files = sorted(path for path in folder.glob("*.py") if path.name != "misconceptions.py" and path.name[0] != "_")
    if len(files) != 1:
        raise CourseError(f"{folder} must have one reference next to misconceptions.py. Received: {len(files)}.")
    return files[0]
