"""A wheel of the dlkit that is running: what a kit gives to students, so that they grade with what was recorded.

It is made of the files of the two packages and of what is known of the installed distribution: no build tool, no
network and no source tree are needed, and it is the same from a checkout and from an installed wheel. What `dlkit init`
lays out (`dlkit/packaged`) is left out: a kit holds its own assignments.
"""

from __future__ import annotations

import base64
import hashlib
import tomllib
from dataclasses import dataclass
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path

from dlkit import __version__
from dlkit.kit import KitError, zipped

PACKAGES = ("autograder", "dlkit")
PACKAGED = "packaged"
LEFT_OUT = {"__pycache__", PACKAGED}
WHEEL = "Wheel-Version: 1.0\nGenerator: dlkit\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
SCRIPT = "[console_scripts]\ndlkit = dlkit.cli:main\n"


@dataclass(frozen=True)
class About:
    """What pip has to know of dlkit."""

    summary: str
    python: str
    needs: tuple[str, ...]
    licence: str


def wheel() -> tuple[str, bytes]:
    """The name and the bytes of the wheel.

    Its version ends in a digest of its content (`0.1.0+kit.3f2a9c41`), so that pip replaces an older kit's.

    Raises:
        KitError: nobody knows what dlkit depends on, because it is neither installed nor in a checkout.
    """
    known = about()
    files = {path: data for package in PACKAGES for path, data in _files(package)}
    head = ["Metadata-Version: 2.4", "Name: dlkit"]
    rest = [f"Summary: {known.summary}", "License-Expression: MIT", "License-File: LICENSE", f"Requires-Python: {known.python}"]
    rest += [f"Requires-Dist: {need}" for need in known.needs]
    whole = hashlib.sha256("\n".join([*rest, known.licence]).encode())
    for path, data in sorted(files.items()):
        whole.update(f"\n{path}:{len(data)}:".encode() + data)
    version = f"{__version__}+kit.{whole.hexdigest()[:8]}"
    folder = f"dlkit-{version}.dist-info"
    files |= {
        f"{folder}/METADATA": "\n".join([*head, f"Version: {version}", *rest, ""]).encode(),
        f"{folder}/WHEEL": WHEEL.encode(),
        f"{folder}/entry_points.txt": SCRIPT.encode(),
        f"{folder}/licenses/LICENSE": known.licence.encode(),
    }
    files = dict(sorted(files.items()))
    records = [f"{path},sha256={_digest(data)},{len(data)}\n" for path, data in files.items()]
    files[f"{folder}/RECORD"] = "".join([*records, f"{folder}/RECORD,,\n"]).encode()
    return f"dlkit-{version}-py3-none-any.whl", zipped(files)


def about() -> About:
    """What the checkout says of dlkit, or the installed distribution: an editable install may be older than its checkout.

    Raises:
        KitError: there is neither.
    """
    root = Path(__file__).parent.parent.parent
    if (root / "pyproject.toml").is_file():
        project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
        licence = (root / "LICENSE").read_text(encoding="utf-8")
        return About(project["description"], project["requires-python"], tuple(project["dependencies"]), licence)
    try:
        told = metadata.distribution("dlkit")
    except metadata.PackageNotFoundError:
        raise KitError("dlkit is neither installed here nor in a checkout, so that nobody knows what it depends on") from None
    needs = tuple(need for need in told.requires or () if "extra ==" not in need)
    return About(told.metadata["Summary"], told.metadata["Requires-Python"], needs, told.read_text("licenses/LICENSE") or "")


def _files(package: str) -> list[tuple[str, bytes]]:
    spec = find_spec(package)
    assert spec is not None and spec.origin is not None  # noqa: S101 - this module is in one of them
    folder = Path(spec.origin).parent
    found = []
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder)
        if path.is_file() and not LEFT_OUT & set(inside.parts) and not any(part.startswith(".") for part in inside.parts):
            found.append((f"{package}/{inside.as_posix()}", path.read_bytes()))
    return found


def _digest(data: bytes) -> str:
    """As a wheel's RECORD has it."""
    return base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
