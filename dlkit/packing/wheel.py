"""dlkit itself as a wheel, made of the files that are running: no network, no build tool."""

from __future__ import annotations

import base64
import hashlib
import re
import tomllib
from collections.abc import Collection
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

import autograder
import dlkit
from dlkit.writing import below, zipped

NAME = f"dlkit-{dlkit.__version__}-py3-none-any.whl"
WHEEL = "Wheel-Version: 1.0\nGenerator: dlkit\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
ENTRY_POINTS = "[console_scripts]\ndlkit = dlkit.cli:main\n"
TENSORFLOW = ("tensorflow", "tensorflow-cpu")  # the extras of those who hand it on, in the build for their machine
GRADEBOOK = "class"  # the extra that brings one
EXTRA = re.compile(r"""(?: and|;) extra == ["']([\w-]+)["']$""")  # at the end of a requirement in a wheel
PACKAGED = "dlkit/packaged/"  # the assignments that `dlkit init` lays out: who gets this wheel gets theirs beside it


def wheel(version: str = dlkit.__version__, without: Collection[str] = ()) -> bytes:
    """A wheel of the two packages, the same bytes whenever their files are the same.

    Args:
        version: what pip takes it for.
        without: packages that it does not bring, though dlkit names them, since nothing that it is handed out with uses them.
    """
    members: dict[str, bytes] = {}
    for package in (autograder, dlkit):
        found = below(Path(str(package.__file__)).parent, package.__name__)
        members |= {path: data for path, data in found.items() if not path.startswith(PACKAGED)}
    facts = f"dlkit-{version}.dist-info"
    about = ["Metadata-Version: 2.4", "Name: dlkit", f"Version: {version}", "Requires-Python: >=3.11"]
    about += ["License-Expression: MIT", "License-File: LICENSE"]
    about += [f"Requires-Dist: {text}" for text in requirements() if Requirement(text).name not in without]
    for extra in TENSORFLOW:
        about += [f"Provides-Extra: {extra}", *(f"Requires-Dist: {_of_extra(text, extra)}" for text in libraries_of(extra))]
    members[f"{facts}/METADATA"] = ("\n".join(about) + "\n").encode()
    members[f"{facts}/WHEEL"] = WHEEL.encode()
    members[f"{facts}/entry_points.txt"] = ENTRY_POINTS.encode()
    members[f"{facts}/licenses/LICENSE"] = _licence().encode()
    record = f"{facts}/RECORD"
    lines = [f"{name},sha256={_digest(data)},{len(data)}" for name, data in sorted(members.items())]
    members[record] = ("\n".join([*lines, f"{record},,"]) + "\n").encode()
    return zipped(members)


def requirements() -> list[str]:
    """What dlkit needs to run: as its checkout says, which may be newer than the installation, else as was installed."""
    project = Path(str(dlkit.__file__)).parent.parent / "pyproject.toml"
    if project.is_file():
        return list(tomllib.loads(project.read_text(encoding="utf-8"))["project"]["dependencies"])
    return [text for text in metadata.requires("dlkit") or [] if not EXTRA.search(text)]


def requirements_of(extra: str) -> list[str]:
    """What an extra of dlkit adds: as its checkout says, else as was installed."""
    project = Path(str(dlkit.__file__)).parent.parent / "pyproject.toml"
    if project.is_file():
        return list(tomllib.loads(project.read_text(encoding="utf-8"))["project"]["optional-dependencies"][extra])
    found = [text for text in metadata.requires("dlkit") or [] if (named := EXTRA.search(text)) and named[1] == extra]
    return [EXTRA.sub("", text) for text in found]


def libraries_of(extra: str) -> list[str]:
    """The libraries that an extra of dlkit adds, without a gradebook, which nobody needs where one submission is graded."""
    gradebook = {Requirement(text).name for text in requirements_of(GRADEBOOK)}
    return [text for text in requirements_of(extra) if Requirement(text).name not in gradebook]


def pins() -> list[str]:
    """The versions that are installed here of all that dlkit needs, as constraints: what graded here grades there."""
    found: dict[str, str] = {}
    ahead = [Requirement(text) for text in (*requirements(), *requirements_of(TENSORFLOW[1]), *requirements_of(TENSORFLOW[0]))]
    for requirement in ahead:  # grows on the way
        name = canonicalize_name(requirement.name)
        if name in found or (requirement.marker and not requirement.marker.evaluate({"extra": ""})):
            continue
        try:
            distribution = metadata.distribution(name)
        except metadata.PackageNotFoundError:
            continue
        found[name] = Version(distribution.version).public
        ahead += [Requirement(text) for text in distribution.requires or []]
    builds = [found[name] for name in TENSORFLOW if name in found]
    found |= dict.fromkeys(TENSORFLOW, builds[0]) if builds else {}  # another machine may need the other build
    return [f"{name}=={version}" for name, version in sorted(found.items())]


def _licence() -> str:
    """The licence's text, which every copy carries."""
    checkout = Path(str(dlkit.__file__)).parent.parent / "LICENSE"
    if checkout.is_file():
        return checkout.read_text(encoding="utf-8")
    return metadata.distribution("dlkit").read_text("licenses/LICENSE") or ""


def _of_extra(text: str, extra: str) -> str:
    """A requirement as a wheel writes it that an extra adds."""
    what, _, marker = text.partition(";")
    return f"{what.strip()}; " + (f"({marker.strip()}) and " if marker else "") + f"extra == '{extra}'"


def _digest(data: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
