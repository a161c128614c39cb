"""A class of three as each platform hands it over: what an instructor has downloaded before a page of docs/ begins with dlkit."""

from __future__ import annotations

import io
import shutil
import zipfile
from pathlib import Path

from support import SMALL

from autograder.authoring.derive import stub

RIGHT = (SMALL / "solutions" / "arith" / "arith.py").read_text()
WRONG = RIGHT.replace("float(np.sum(x))", "float(np.mean(x)) if len(x) else 0.0")
WORKS = {"Ada Farouk": RIGHT, "Ben Li": WRONG, "Cleo Moreau": RIGHT.replace("x * float", "x + float")}
FILE = "arith.py"


def course(folder: Path) -> Path:
    """A course with the small assignment, which is called hw2 there, as the pages call theirs."""
    shutil.copytree(SMALL / "assignments" / "arith", folder / "assignments" / "hw2")
    shutil.copytree(SMALL / "solutions" / "arith", folder / "solutions" / "hw2")
    (folder / "assignments" / "hw2" / FILE).write_text(stub(RIGHT, FILE))
    (folder / "assignments" / "hw2" / "README.md").write_text("# Small sums\n")
    (folder / "course.toml").write_text('[course]\ntimezone = "Europe/Berlin"\n')
    return folder


def packed(path: Path, files: dict[str, str]) -> None:
    """A zip of texts."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    path.write_bytes(data.getvalue())


def gradescope(here: Path) -> None:
    """`export.zip`, in which two have worked together."""
    listed = [[("Ada Farouk", "s0001"), ("Dan Abara", "s0004")], [("Ben Li", "s0002")], [("Cleo Moreau", "s0003")]]
    lines, files = [], {}
    for number, people in enumerate(listed, 101):
        lines += [f"submission_{number}:", "  :submitters:"]
        for name, sid in people:
            lines += [f"  - :name: {name}", f"    :sid: {sid}", f"    :email: {sid}@example.org"]
        lines += ["  :created_at: 2026-10-05 10:00:00.000000000 Z"]
        files[f"assignment_9_export/submission_{number}/{FILE}"] = WORKS[people[0][0]]
    packed(here / "export.zip", {"assignment_9_export/submission_metadata.yml": "\n".join(lines) + "\n", **files})


def canvas(here: Path) -> None:
    """`submissions.zip` and `grades.csv`."""
    files, rows = {}, ["Student,ID,SIS User ID,SIS Login ID,Section,HW2 (1234)", "    Points Possible,,,,,20.00"]
    for number, (name, text) in enumerate(WORKS.items(), 1):
        first, last = name.split()
        late = "_LATE" if number == 2 else ""
        files[f"{(last + first).lower()}{late}_{4710 + number}_{990 + number}_{FILE}"] = text
        rows.append(f'"{last}, {first}",{4710 + number},s000{number},{first.lower()},A,')
    packed(here / "submissions.zip", files)
    (here / "grades.csv").write_text("\n".join(rows) + "\n")


def moodle(here: Path) -> None:
    """`submissions.zip` and `worksheet.csv`."""
    header = "Identifier,Full name,Email address,Status,Grade,Maximum grade,Grade can be changed,Last modified (submission),Last modified (grade)"
    files, rows = {}, [header]
    for number, (name, text) in enumerate(WORKS.items(), 1):
        files[f"{name}_{6570 + number}_assignsubmission_file/{FILE}"] = text
        cells = [f"Participant {6570 + number}", name, f"s000{number}@example.org", "Submitted for grading", "", "20.00", "Yes"]
        rows.append(",".join([*cells, '"Monday, 5 October 2026, 10:00 AM"', "-"]))
    packed(here / "submissions.zip", files)
    (here / "worksheet.csv").write_text("\n".join(rows) + "\n")


def nbgrader(here: Path) -> None:
    """The folder `course`, with what nbgrader has collected."""
    for number, text in enumerate(WORKS.values(), 1):
        place = here / "course" / "submitted" / f"s000{number}" / "hw2"
        place.mkdir(parents=True)
        (place / FILE).write_text(text)
        (place / "timestamp.txt").write_text("2026-10-05 10:00:00.000000 UTC")


def brightspace(here: Path) -> None:
    """`submissions.zip` and `grades.csv`."""
    title = "HW2 Points Grade <Numeric MaxPoints:20 Weight:10>"
    files, rows = {"index.html": "<html></html>"}, [f"OrgDefinedId,Username,Last Name,First Name,{title},End-of-Line Indicator"]
    for number, (name, text) in enumerate(WORKS.items(), 1):
        first, last = name.split()
        files[f"{39785 + number}-640693 - {name} - Oct 5, 2026 1000 AM/{FILE}"] = text
        rows.append(f"#s000{number},#{first.lower()},{last},{first},,#")
    packed(here / "submissions.zip", files)
    (here / "grades.csv").write_text("\n".join(rows) + "\n")


def blackboard(here: Path) -> None:
    """`submissions.zip` and `gradebook.xls`, which is text with tabs in UTF-16."""
    titles = [
        "Last Name",
        "First Name",
        "Username",
        "Student ID",
        "Last Access",
        "Availability",
        "HW2 [Total Pts: 20 Score] |4711",
    ]
    files, rows = {}, [titles]
    for number, (name, text) in enumerate(WORKS.items(), 1):
        first, last = name.split()
        before = f"HW2_{first.lower()}_attempt_2026-10-05-10-00-0{number}"
        files |= {f"{before}.txt": f"Name: {name} ({first.lower()})\nAssignment: HW2\n", f"{before}_{FILE}": text}
        rows.append([last, first, first.lower(), f"s000{number}", "", "Yes", "Needs Grading"])
    packed(here / "submissions.zip", files)
    (here / "gradebook.xls").write_bytes(
        "\ufeff".encode("utf-16-le") + "".join("\t".join(row) + "\n" for row in rows).encode("utf-16-le")
    )


def folders(here: Path) -> None:
    """The folder `inbox`, one folder for each student, named in three ways."""
    for folder, text in zip(("s0001", "ben@example.org", "Cleo Moreau"), WORKS.values(), strict=True):
        (here / "inbox" / folder).mkdir(parents=True)
        (here / "inbox" / folder / FILE).write_text(text)


def similarity(here: Path) -> None:
    """The same, with a roster."""
    folders(here)
    people = [f"s000{number},{name},{name.split()[0].lower()}@example.org" for number, name in enumerate(WORKS, 1)]
    (here / "roster.csv").write_text("\n".join(["id,name,email", *people]) + "\n")


PAGES = {made.__name__: made for made in (gradescope, canvas, moodle, nbgrader, brightspace, blackboard, folders, similarity)}
