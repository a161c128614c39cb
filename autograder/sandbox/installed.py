"""Installed: which libraries there are here, and the command that brings one that is missing."""

from __future__ import annotations

import importlib.util
import os
import platform
import shutil
import sys
from collections.abc import Iterable

TENSORFLOW = "tensorflow"
WITHOUT_TENSORFLOW = (3, 15)  # the first Python that TensorFlow has no release for; the same as in pyproject.toml
PACKAGES = {  # libraries that an assignment may need, and the names under which they are installed
    **{name: name for name in ("numpy", "scipy", "matplotlib", "tensorflow", "keras", "pandas", "torch", "jax")},
    "sklearn": "scikit-learn",
    "PIL": "pillow",
}
CALLED = {"tensorflow": "TensorFlow", "keras": "TensorFlow"}  # Keras is of no use here without it

BUILDS = {"tensorflow": "tensorflow-cpu", "keras": "keras-nightly"}  # what also brings the same modules
_found: set[str] = set()


def is_installed(name: str) -> bool:
    """Whether a library can be found, without importing it; Keras counts with TensorFlow only."""
    return all(map(_is_found, CALLED if name in CALLED else (name,)))


def _is_found(name: str) -> bool:
    """Whether a module can be found; one that was is not looked for again, for a grading asks a hundred times."""
    if name not in _found and importlib.util.find_spec(name) is not None:
        _found.add(name)
    return name in _found


def missing(modules: Iterable[str]) -> str:
    """The first library of those that modules belong to which is known and not installed, as PACKAGES has it; "" if none is."""
    libraries = dict.fromkeys(module.partition(".")[0] for module in modules)
    return next((PACKAGES[name] for name in libraries if name in PACKAGES and not is_installed(name)), "")


def called(package: str) -> str:
    """What people call a package."""
    return CALLED.get(package, package)


def remedy(package: str) -> str:
    """How to get a package that is missing, in one sentence without its full stop."""
    if package not in CALLED:
        return f"Install it: {installer()} {package}"
    if sys.version_info >= WITHOUT_TENSORFLOW:
        newest = f"3.{WITHOUT_TENSORFLOW[1] - 1}"
        return f"There is none for Python {platform.python_version()}: use Python 3.11 to {newest}"
    return f"Install it: {installer()} {build()}"


def build() -> str:
    """The package of TensorFlow for this machine: the smaller one for the processor alone, where it exists."""
    small = sys.platform == "linux" and platform.machine() == "x86_64"
    return "tensorflow-cpu" if small else "tensorflow"


def installer() -> str:
    """The command that installs into the environment that dlkit runs in, but for the package's name."""
    pip = shutil.which("pip")
    if pip and os.path.dirname(os.path.realpath(os.path.dirname(pip))) == os.path.realpath(sys.prefix):
        return "pip install"
    if importlib.util.find_spec("pip") is not None:
        return f"{_python()} -m pip install"
    return f"uv pip install --python {_python()}"


def _python() -> str:
    """This interpreter as it can be typed: from the current folder, if it lies below it."""
    below = os.path.relpath(sys.executable) if sys.executable.startswith(os.getcwd() + os.sep) else sys.executable
    return f'"{below}"' if " " in below else below


def mixed() -> tuple[str, str] | None:
    """What is wrong where one package has overwritten another's files, and what to do; None if all is well.

    pip takes `tensorflow` and `tensorflow-cpu` for two packages, and `keras` and `keras-nightly`, too. But each pair writes the
    same files. Two of one version do no harm.
    """
    spec = importlib.util.find_spec(TENSORFLOW)
    if spec is None or not spec.origin:
        return None
    there = listed_in(os.path.dirname(os.path.dirname(spec.origin)))
    for name, other in BUILDS.items():
        pair = {one: there[one] for one in (name, other) if one in there}
        if len(set(pair.values())) > 1:
            told = " and ".join(f"{one} {version}" for one, version in pair.items())
            again = next((one for one in (TENSORFLOW, BUILDS[TENSORFLOW]) if one in there and one not in pair), build())
            wrong = f"{told} are installed over each other: their files are mixed, so grades may be wrong"
            return wrong, f"remove both: {_uninstaller()} {' '.join(pair)}. Then install one: {installer()} {again}"
    return None


def listed_in(site: str) -> dict[str, str]:
    """The version of each package that is listed in a folder of packages, without reading any of them."""
    listed = [entry.removesuffix(".dist-info").rpartition("-") for entry in os.listdir(site) if entry.endswith(".dist-info")]
    return {name.replace("_", "-").lower(): version for name, _, version in listed}


def _uninstaller() -> str:
    """The command that removes from the environment that dlkit runs in."""
    command = " uninstall".join(installer().rsplit(" install", 1))
    return command if command.startswith("uv ") else f"{command} --yes"


def version_of(package: str) -> str:
    """The version of a package that is installed, in whichever build.

    Raises:
        PackageNotFoundError: it is not installed.
    """
    from importlib import metadata  # which costs as much as a small grading

    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        if package not in BUILDS:
            raise
        return metadata.version(BUILDS[package])
