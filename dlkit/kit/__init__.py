"""Kits: what students are given, as a folder or a zip, and how a newer one is taken in without losing anybody's work.

`kit.json` lists every file of a kit with its digest. That is how a file that a student has changed is told from one that
is as it was handed out.
"""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from autograder.text.errors import DlkitError
from dlkit.writing import write_file, zipped

MANIFEST = "kit.json"
FORMAT = 1
ASSIGNMENTS = "assignments"
LARGEST = 2**26  # bytes of one file in a kit
LARGEST_KIT = 2**28


class KitError(DlkitError):
    """A kit cannot be made, read or taken in; the message is a sentence for whoever typed the command."""


@dataclass(frozen=True)
class Kit:
    """What a kit holds.

    Attributes:
        files: the content of each file by its path, parts between slashes; without the manifest.
        work: for each assignment, the paths of the files that students write in.
        upload: where to hand in, in the instructor's words; `{assignment}` stands for the name. "" where it is not said.
        version: of dlkit.
    """

    files: Mapping[str, bytes]
    work: Mapping[str, tuple[str, ...]]
    upload: str = ""
    version: str = ""

    @property
    def manifest(self) -> Manifest:
        """What is said of it in kit.json."""
        digests = {path: digest(data) for path, data in self.files.items()}
        return Manifest(digests, dict(self.work), self.upload, self.version)

    def contents(self) -> dict[str, bytes]:
        """All files, in order, the manifest among them."""
        return dict(sorted({**self.files, MANIFEST: self.manifest.to_bytes()}.items()))

    def to_zip(self, folder: str) -> bytes:
        """The kit as a zip, in one outer folder; the same bytes each time."""
        return zipped({f"{folder}/{path}": data for path, data in self.contents().items()})


@dataclass(frozen=True)
class Manifest:
    """What kit.json says: the digest of each file as it was handed out, and which of them students write in."""

    digests: Mapping[str, str] = field(default_factory=dict)
    work: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    upload: str = ""
    version: str = ""

    def to_bytes(self) -> bytes:
        """As it stands in the file."""
        told = {
            "dlkit kit": FORMAT,
            "version": self.version,
            "upload": self.upload,
            "work": {name: list(paths) for name, paths in sorted(self.work.items())},
            "files": dict(sorted(self.digests.items())),
        }
        return (json.dumps(told, indent=2, ensure_ascii=False) + "\n").encode()

    @classmethod
    def from_bytes(cls, data: bytes, where: object) -> Manifest:
        """Read a manifest.

        Raises:
            KitError: it is none.
        """
        try:
            told = json.loads(data)
            if told["dlkit kit"] != FORMAT:
                raise KitError(f"{where} needs a newer dlkit: install the wheel in its wheels/ folder first")
            work = {str(name): tuple(map(str, paths)) for name, paths in told["work"].items()}
            digests = {_plain(path, where): str(value) for path, value in told["files"].items()}
            return cls(digests, work, str(told["upload"]), str(told["version"]))
        except (ValueError, KeyError, TypeError, AttributeError):
            raise KitError(f"{where} is not the file list of a kit, or is damaged. Copy it from the kit again") from None

    def assignment_of(self, path: str) -> str:
        """The assignment that a file belongs to, "" for what belongs to none."""
        parts = PurePosixPath(path).parts
        return parts[1] if len(parts) > 2 and parts[0] == ASSIGNMENTS else ""


@dataclass(frozen=True)
class Changes:
    """What taking a kit in did to the files of a folder.

    Attributes:
        written: what is new or newer.
        kept: students' work that stays, though the kit has a stub for it.
        beside: where the newer stub was put, if there is one, by the file that stays.
        saved: what was changed here and is not a student's work, by the path under which the changed version stays.
        removed: what an older kit had, and this one has no more.
    """

    written: tuple[str, ...]
    kept: tuple[str, ...]
    beside: Mapping[str, str]
    saved: Mapping[str, str]
    removed: tuple[str, ...]


def manifest_in(folder: Path) -> Manifest | None:
    """The manifest of the kit in a folder, None where there is none.

    Raises:
        KitError: it cannot be read.
    """
    path = folder / MANIFEST
    if not path.is_file():
        return None
    return Manifest.from_bytes(path.read_bytes(), path)


def older_in(target: Path) -> Manifest:
    """What the older kit says that a new one is to replace, in a folder or a zip; an empty manifest if there is none.

    Raises:
        KitError: there is something else in its place.
    """
    if target.suffix.lower() == ".zip":
        if target.is_dir():
            raise KitError(f"{target} must be a zip. Received: a folder")
        return read(target).manifest if target.exists() else Manifest()  # refuses what is no kit
    if target.exists() and not target.is_dir():
        raise KitError(f"{target} must be a folder, or a name that ends in .zip. Received: a file")
    if not target.is_dir() or not any(target.iterdir()):
        return Manifest()
    found = manifest_in(target)
    if found is None:
        raise KitError(f"{target} must be a new or an empty folder, or an older kit. Received: a folder without {MANIFEST}")
    return found


def kit_above(start: Path) -> Path | None:
    """The folder of the kit that a folder lies in, None where it lies in none."""
    here = start.resolve()
    return next((folder for folder in (here, *here.parents) if (folder / MANIFEST).is_file()), None)


def read(path: Path) -> Kit:
    """Read a kit from its zip, or from its folder.

    Raises:
        KitError: it is none, or it is damaged.
    """
    if path.is_dir():
        manifest = manifest_in(path)
        if manifest is None:
            raise KitError(f"{path} is not a kit: it has no {MANIFEST}")
        files = {}
        for name in manifest.digests:
            if not (path / name).is_file():
                raise KitError(f"the kit {path} is incomplete: {name} is missing")
            files[name] = (path / name).read_bytes()
    else:
        manifest, files = _unzipped(path)
    for name, data in files.items():
        if digest(data) != manifest.digests[name]:
            raise KitError(f"the kit {path} is damaged: {name} has changed. Download it again")
    return Kit(files, manifest.work, manifest.upload, manifest.version)


def take_in(kit: Kit, folder: Path) -> Changes:
    """Write a kit into a folder, which may hold an older kit that a student works in.

    A student's file stays if it is not the stub that it was handed out as. What else was changed here is replaced, and
    stays under another name. What the folder has of assignments that are not in the kit is left alone.

    Raises:
        KitError: the folder's own manifest cannot be read.
        OSError: a file cannot be written.
    """
    before = manifest_in(folder) or Manifest()
    now = kit.manifest
    work = {path for paths in (*kit.work.values(), *before.work.values()) for path in paths}
    written, kept, beside, saved = [], [], {}, {}
    for path, data in sorted(kit.files.items()):
        target = folder / path
        old = before.digests.get(path)
        here = digest(target.read_bytes()) if target.is_file() else None
        if here == now.digests[path]:
            continue
        if here is not None and here != old:
            if path in work:
                kept.append(path)
                if old != now.digests[path]:
                    beside[path] = f"{path}.new"
                    write_file(folder / beside[path], data, parents=True)
                continue
            saved[path] = _free(folder, path)
            target.replace(folder / saved[path])
        write_file(target, data, parents=True)
        written.append(path)
    removed = []
    for path, old in before.digests.items():
        gone = path not in now.digests and (before.assignment_of(path) in {"", *kit.work})
        if gone and path not in work and (folder / path).is_file() and digest((folder / path).read_bytes()) == old:
            (folder / path).unlink()
            removed.append(path)
    others = {path: old for path, old in before.digests.items() if before.assignment_of(path) not in {"", *kit.work}}
    merged = Manifest(
        {**others, **now.digests}, {**before.work, **now.work}, kit.upload or before.upload, kit.version or before.version
    )
    write_file(folder / MANIFEST, merged.to_bytes(), parents=True)
    return Changes(tuple(written), tuple(kept), beside, saved, tuple(removed))


def digest(data: bytes) -> str:
    r"""The digest of a file's content; of a text, whatever ends its lines, as an editor may have changed \n to \r\n."""
    if b"\0" not in data:
        data = data.replace(b"\r\n", b"\n")
    return hashlib.sha256(data).hexdigest()


def _unzipped(path: Path) -> tuple[Manifest, dict[str, bytes]]:
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
            found = min((name for name in names if PurePosixPath(name).name == MANIFEST), key=len, default=None)
            if found is None:
                raise KitError(f"{path} is not a kit: it has no {MANIFEST}")
            outer = found.removesuffix(MANIFEST)
            manifest = Manifest.from_bytes(_member(archive, found, path), f"{path}/{found}")
            missing = [name for name in manifest.digests if outer + name not in names]
            if missing:
                raise KitError(f"the kit {path} is incomplete: {missing[0]} is missing. Download it again")
            files, total = {}, 0
            for name in manifest.digests:
                files[name] = _member(archive, outer + name, path)
                total += len(files[name])
                if total > LARGEST_KIT:
                    raise KitError(f"the kit {path} is larger than {LARGEST_KIT // 2**20} MB, which is too large for a kit")
            return manifest, files
    except KitError:
        raise
    except Exception as error:  # what zipfile, zlib, bz2 and lzma raise of damaged bytes differs by method and version
        if isinstance(error, OSError) and error.strerror:
            raise KitError(f"{path} cannot be read: {error.strerror}") from None
        raise KitError(f"{path} is not a kit's zip, or is damaged ({error}). Download it again") from None


def _member(archive: zipfile.ZipFile, name: str, path: Path) -> bytes:
    with archive.open(name) as file:
        data = file.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise KitError(f"{name} in {path} is larger than {LARGEST // 2**20} MB, which is too large for a kit")
    return data


def _plain(path: object, where: object) -> str:
    """A path as it may stand in a manifest: below the kit's folder on every system."""
    text = str(path)
    parts = text.split("/")
    if any(part in ("", ".", "..") for part in parts) or any(letter in text for letter in "\\:\0") or not text.isprintable():
        raise KitError(f"{where} lists a file outside the kit. Received: {text[:80]!r}")
    return text


def _free(folder: Path, path: str) -> str:
    """A name that is not taken, for what was changed here."""
    names = (f"{path}.yours{number or ''}" for number in range(1000))
    return next(name for name in names if not (folder / name).exists())
