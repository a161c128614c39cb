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


def is_installed(name: str) -> bool:
    """Whether a library can be found, without importing it; Keras counts with TensorFlow only."""
    if name in CALLED:
        return all(importlib.util.find_spec(one) is not None for one in CALLED)
    return importlib.util.find_spec(name) is not None


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
