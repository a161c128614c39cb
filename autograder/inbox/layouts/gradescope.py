"""What Gradescope's "Download Submissions" makes of a class."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from autograder.inbox.entry import Entry, Known, Member, Wanted
from autograder.inbox.layout import Layout
from autograder.inbox.moments import moment
from autograder.inbox.places import PassedOver, Place, visible
from autograder.submission.entries import Item
from autograder.submission.source import FOLDER, PLAIN, SubmissionError, not_plain, refusal, too_large
from autograder.text import printable, shown

METADATA = "submission_metadata.yml"
MAX_METADATA = 32 * 2**20  # it repeats the results of every test of every attempt
MAX_DEPTH = 50  # libyaml builds by recursion, and a deeper text would end the process


@dataclass(frozen=True)
class Submitter:
    """One of those who handed a submission in."""

    key: str
    name: str
    email: str


def entries(place: Place, wanted: Wanted, ignored: list[PassedOver]) -> list[Entry]:
    """A bulk download: submission_metadata.yml, and a folder for each submission.

    A group is one entry: its key and address are those of the first who is listed, its name is everybody's, and its
    `group` has the keys of the others.
    """
    here = {item.path: item for item in visible(place)}
    if METADATA not in here:
        return []
    listed = metadata(here.pop(METADATA), place.where)
    found = []
    for folder, (submitters, created) in listed.items():
        handed = moment(created, wanted.zone)
        key, *others = [printable(one.key) for one in submitters] or [folder]
        known = Known(
            name=", ".join(printable(one.name) for one in submitters if one.name),
            email=printable(submitters[0].email) if submitters else "",
            submitted=handed.time,
            notices=(f"{METADATA}: {handed.doubt}",) if created and handed.doubt else (),
            group=tuple(others),
            members=tuple(Member(printable(one.key), printable(one.name), printable(one.email)) for one in submitters)
            if others
            else (),
        )
        if item := here.pop(folder, None):
            found.append(wanted.folder(place, item, key, **known))
        else:
            found.append(wanted.absent(key, folder, "its folder is not there", **known))
    for item in here.values():
        if item.kind == FOLDER:
            found.append(wanted.folder(place, item, item.path))
        else:
            ignored.append(PassedOver(item.path, "beside the folders of the submissions"))
    return found


def metadata(file: Item, where: object) -> dict[str, tuple[list[Submitter], str]]:
    """Who handed in each submission, by the name of its folder, and when.

    Raises:
        SubmissionError: it is too large, or not what Gradescope writes.
    """
    import yaml

    if file.kind != PLAIN:
        raise not_plain(f"{where}/{METADATA}", file.kind)
    data = file.read(MAX_METADATA)
    if len(data) > MAX_METADATA:
        raise too_large(f"{where}/{METADATA}", MAX_METADATA, "Gradescope's list of submissions")
    # The base loader makes texts, lists and dicts only: no object of a Ruby or Python class, no number of an id "0042".
    loader: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    try:
        depth = 0
        for event in yaml.parse(data, loader):
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth > MAX_DEPTH:
                raise yaml.YAMLError(f"more than {MAX_DEPTH} levels")
        listed = yaml.load(data, loader)  # noqa: S506 - safer than safe_load, see above
    except (yaml.YAMLError, UnicodeError) as error:
        raise _foreign(where, shown(" ".join(str(error).split()))) from None
    if not isinstance(listed, dict) or not all(isinstance(record, dict) for record in listed.values()):
        raise _foreign(where, f"a {type(listed).__name__}")
    return {str(name): (_submitters(record), _time(record.get(":created_at"))) for name, record in listed.items()}


def _submitters(record: Mapping[str, Any]) -> list[Submitter]:
    listed = record.get(":submitters")
    people = [person for person in listed if isinstance(person, dict)] if isinstance(listed, list) else []
    found = []
    for person in people:
        name, sid, email = (_text(person.get(key)) for key in (":name", ":sid", ":email"))
        if sid or email or name:
            found.append(Submitter(sid or email or name, name, email))
    return found


def _time(value: object) -> str:
    """A time, which Rails writes as itself or as an object that holds it in UTC."""
    return _text(value.get("utc") if isinstance(value, dict) else value)


def _text(value: object) -> str:
    return value if isinstance(value, str) and value not in ("~", "null") else ""


def _foreign(where: object, received: str) -> SubmissionError:
    return refusal(
        f"{shown(where)}/{METADATA} cannot be read as Gradescope's list of submissions",
        expected="YAML with a record for each submission_<id>",
        received=received,
        remedy="Download the submissions again",
    )


LAYOUTS = (Layout("gradescope", entries, turn=10, tells_groups=True),)
