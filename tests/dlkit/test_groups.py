"""Groups, from a download of each platform to the marks of every member."""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
import zipfile

import commandline
import pytest
from support import SMALL

ARITH = SMALL / "assignments" / "arith"
RIGHT = (SMALL / "solutions" / "arith" / "arith.py").read_text()
WRONG = RIGHT.replace("np.sum(x)", "np.max(x)")
WORKSHEET = """\
Identifier,Full name,Email address,Status,Group,Grade,Maximum grade,Grade can be changed,Last modified (submission),Last modified (grade),Feedback comments
Participant 17,Gus Other,gus@uni.org,No submission,Team B,,20.00,Yes,-,-,
Participant 21,Ada Lovelace,ada@uni.org,Submitted,Team A,,20.00,Yes,"Monday, 12 October 2026, 11:58 PM",-,
Participant 22,Bob Builder,bob@uni.org,Submitted,Team A,,20.00,Yes,"Monday, 12 October 2026, 11:58 PM",-,
Participant 23,Cleo Ptah,cleo@uni.org,Submitted,Default group,,20.00,Yes,"Wednesday, 14 October 2026, 9:00 AM",-,
Participant 24,Dan Brown,dan@uni.org,Submitted,Default group,,20.00,Yes,"Wednesday, 14 October 2026, 9:00 AM",-,
"""
TEAMS = {"Team A_17_assignsubmission_file/arith.py": RIGHT, "Default group_assignsubmission_file/arith.py": WRONG}
GROUPS = """\
name,canvas_user_id,user_id,login_id,sections,group_name,canvas_group_id,group_id
Ada Lovelace,11,s1,ada,A,Team 1,901,
Bob Builder,12,s2,bob,A,Team 1,901,
Cleo Ptah,13,s3,cleo,A,Team 2,902,
Dan Brown,14,s4,dan,A,Team 2,902,
"""
METADATA = """\
---
submission_1:
  :submitters:
  - :name: Ada Lovelace
    :sid: s1
    :email: ada@uni.org
  - :name: Bob Builder
    :sid: s2
    :email: bob@uni.org
  :created_at: 2026-10-12 10:00:00.000000000 Z
submission_2:
  :submitters:
  - :name: Cleo Ptah
    :sid: s3
    :email: cleo@uni.org
  :created_at: 2026-10-14 10:00:00.000000000 Z
"""


@pytest.fixture(scope="module")
def one(tmp_path_factory):
    """A folder in which the work of one student is graded, with its gradebook: graded once, copied by each test."""
    folder = tmp_path_factory.mktemp("one")
    (folder / "inbox/ada").mkdir(parents=True)
    (folder / "inbox/ada/arith.py").write_text(RIGHT)
    environment = {**os.environ, "DLKIT_CACHE": str(folder / "cache")}
    commandline.run(["grade", str(ARITH), "--submissions", "inbox"], folder, environment).check_returncode()
    return folder


@pytest.fixture
def run(dlkit, tmp_path, one):
    """Lay out a class and run commands on it, in a folder of its own."""

    class Runner:
        folder = tmp_path

        def lay(self, tree):
            for name, text in tree.items():
                path = tmp_path / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text)

        def __call__(self, *arguments, status=0):
            done = dlkit(*arguments, cwd=tmp_path)
            assert done.returncode == status, done.stdout + done.stderr
            return done

        def grade(self, tree, *options, status=0):
            self.lay({f"inbox/{name}": text for name, text in tree.items()})
            return self("grade", ARITH, "--submissions", "inbox", *options, status=status)

        def one_graded(self):
            """As `grade` of the right work of one student leaves the folder."""
            shutil.copytree(one, tmp_path, dirs_exist_ok=True)

        def marks(self, *options):
            rows = csv.DictReader(io.StringIO(self("marks", "arith", "--csv", "-", *options).stdout))
            return {row["student"]: row for row in rows}

    return Runner()


def test_everybody_of_a_gradescope_submission_has_the_mark(run):
    """With their own names and addresses, in every way out."""
    told = run.grade(
        {"submission_metadata.yml": METADATA, "submission_1/arith.py": RIGHT, "submission_2/arith.py": WRONG}, "--json", "-"
    )
    lines = {one["student"]: one for one in map(json.loads, told.stdout.splitlines())}
    assert {key: one["score"] for key, one in lines.items()} == {"s1": 20.0, "s2": 20.0, "s3": 10.0}
    assert [lines[key]["members"] for key in ("s1", "s2", "s3")] == [["s1", "s2"], ["s1", "s2"], []]
    assert "2 submissions (gradescope)" in told.stderr
    assert "1 group: s1 + s2" in told.stderr
    assert {key: (row["name"], row["mark"]) for key, row in run.marks().items()} == {
        "s1": ("Ada Lovelace", "20.0"),
        "s2": ("Bob Builder", "20.0"),
        "s3": ("Cleo Ptah", "10.0"),
    }
    assert "3 students, 2 submissions." in run("marks", "arith").stdout
    assert "with s1" in " ".join(run("history", "s2").stdout.split())


NOTHING = "total = scale = sell = light = None\n"


def of_two_groups(created):
    """Gradescope's list of two groups that have one in common."""
    one = "submission_{0}:\n  :submitters:\n  - :sid: {1}\n  - :sid: s2\n  :created_at: {2}\n"
    return one.format(1, "s1", "2026-10-27 10:00:00 Z") + one.format(3, "s5", created)


def test_who_is_in_two_groups_has_both_as_attempts(run):
    """Nothing has changed since it was graded, and nobody is without a mark; graded again, all of it stands."""
    tree = {"submission_1/arith.py": NOTHING, "submission_3/arith.py": RIGHT}
    metadata = of_two_groups("2026-10-28 10:00:00 Z")
    told = " ".join(run.grade({**tree, "submission_metadata.yml": metadata}).stdout.split())
    assert "belong to s2; they count as attempts in order of time" in told
    assert "changed since" not in told
    assert {key: (row["mark"], row["attempt"]) for key, row in run.marks().items()} == {
        "s1": ("0.0", "1"),
        "s2": ("20.0", "2"),
        "s5": ("20.0", "2"),
    }
    again = run.grade(tree).stdout
    assert "0 graded; 2 graded before" in again
    assert "changed since" not in again


def test_who_is_in_two_groups_at_one_time_is_asked_about(run):
    """Only this student has no mark until somebody says which counts; then it is there, and the others' stay."""
    tree = {"submission_1/arith.py": NOTHING, "submission_3/arith.py": RIGHT}
    metadata = of_two_groups("2026-10-27 10:00:00 Z")
    told = " ".join(run.grade({**tree, "submission_metadata.yml": metadata}, status=1).stdout.split())
    assert "! s2 there are two submissions of s2 and others, and neither counts" in told
    assert {key: row["mark"] for key, row in run.marks().items()} == {"s1": "0.0", "s2": "", "s5": "20.0"}
    settled = metadata.replace("  - :sid: s2\n", "", 1)
    run.grade({**tree, "submission_metadata.yml": settled})
    assert {key: row["mark"] for key, row in run.marks().items()} == {"s1": "0.0", "s2": "20.0", "s5": "20.0"}
    assert len(run("export", "jsonl", "arith", "--out", "-").stdout.splitlines()) == 3


def test_moodle_teams_are_known_by_the_worksheet(run):
    """A group's number is no participant's, those in no group are one, and the worksheet's times count."""
    run.lay(
        {
            "worksheet.csv": WORKSHEET,
            "course.toml": '[course]\ntimezone = "UTC"\n[late]\nper_day = 10\n[assignments.arith]\ndue = 2026-10-12T23:59:00\n',
        }
    )
    run.grade(TEAMS, "--roster", "worksheet.csv")
    assert {key.partition("@")[0]: (row["mark"], row["days_late"]) for key, row in run.marks().items()} == {
        "ada": ("20.0", "0"),
        "bob": ("20.0", "0"),
        "cleo": ("6.0", "2"),
        "dan": ("6.0", "2"),
        "gus": ("", ""),
    }
    filled = csv.DictReader(io.StringIO(run("export", "moodle", "arith", "--into", "worksheet.csv", "--out", "-").stdout))
    assert [row["Grade"] for row in filled] == ["", "20.00", "20.00", "6.00", "6.00"]


def test_moodle_feedback_goes_to_every_member(run, tmp_path):
    """Under their own numbers, as Moodle would give a group's to the participant who has it."""
    run.lay({"worksheet.csv": WORKSHEET})
    run.grade(TEAMS, "--roster", "worksheet.csv")
    run("feedback", "arith", "--to", "moodle", "--out", "f.zip")
    with zipfile.ZipFile(tmp_path / "f.zip") as archive:
        assert sorted(name.partition("/")[0] for name in archive.namelist()) == [
            "Ada Lovelace_21_assignsubmission_file",
            "Bob Builder_22_assignsubmission_file",
            "Cleo Ptah_23_assignsubmission_file",
            "Dan Brown_24_assignsubmission_file",
        ]
        assert b"together with bob@uni.org" in archive.read("Ada Lovelace_21_assignsubmission_file/arith-feedback.html")


def test_moodle_teams_without_a_roster_go_to_no_stranger(run):
    """Participant 17 is not group 17; the worksheet fills the rows of the group."""
    run.lay({"worksheet.csv": WORKSHEET})
    run.grade(TEAMS)
    filled = csv.DictReader(io.StringIO(run("export", "moodle", "arith", "--into", "worksheet.csv", "--out", "-").stdout))
    assert [row["Grade"] for row in filled] == ["", "20.00", "20.00", "10.00", "10.00"]


def test_a_team_that_nobody_knows_is_said(run):
    """The number of a group is a participant's, whose name it has not: neither gets the mark, and the teacher reads why."""
    run.lay({"roster.csv": "id,name,moodle_id\ns1,Gus Other,17\n"})
    told = " ".join(run.grade({"Team A_17_assignsubmission_file/arith.py": RIGHT}, "--roster", "roster.csv").stdout.split())
    assert "the number may be a group's. Use a roster with a `group` column" in told
    assert run.marks()["s1"]["mark"] == ""


def test_canvas_groups_are_known_by_the_roster(run):
    """One file under one member's name is everybody's; who hands in separately keeps their own."""
    run.lay({"groups.csv": GROUPS})
    inbox = {"lovelaceada_11_9911_arith.py": RIGHT, "ptahcleo_LATE_13_9913_arith.py": WRONG, "browndan_14_9914_arith.py": RIGHT}
    told = " ".join(run.grade(inbox, "--roster", "groups.csv").stdout.split())
    assert "1 group: Team 1: s1 + s2" in told
    assert "Team 2: s3, s4 handed in separately; each keeps their own." in told
    assert "no submission" not in told
    found = run.marks()
    assert {key: row["mark"] for key, row in found.items()} == {"s1": "20.0", "s2": "20.0", "s3": "10.0", "s4": "20.0"}
    assert found["s3"]["notes"] == "marked late, submission time unknown: counts as 1 day"
    lines = run("export", "jsonl", "arith", "--out", "-").stdout.splitlines()
    assert [json.loads(line)["group"] for line in lines] == ["Team 1", "Team 1", None, None]


def test_groups_of_the_roster_can_be_left_out(run):
    """An assignment that everybody does alone."""
    run.lay({"groups.csv": GROUPS})
    run.grade({"lovelaceada_11_9911_arith.py": RIGHT}, "--roster", "groups.csv", "--no-groups")
    assert run.marks()["s2"]["mark"] == ""


def test_members_of_a_group_are_no_copies(run):
    """Neither by their work nor by the roster; others are."""
    run.lay({"groups.csv": GROUPS})
    inbox = {
        "lovelaceada_11_9911_arith.py": RIGHT,
        "ptahcleo_13_9913_arith.py": WRONG,
        "browndan_14_9914_arith.py": WRONG + "# mine\n",
    }
    run.grade(inbox, "--roster", "groups.csv")
    told = run("similar", ARITH)
    assert "1 pair is from one group, so it is not listed." in told.stderr
    assert "Cleo" not in told.stdout


def test_who_is_in_another_group_now_is_told_what_does_not_count_any_more(run):
    """The roster moves somebody to another group: the work of the first one is theirs no longer, in words."""
    roster = "id,group\nada,1\nbob,1\ncleo,2\n"
    run.lay({"roster.csv": roster})
    run.grade({"ada/arith.py": RIGHT}, "--roster", "roster.csv")
    assert run.marks()["bob"]["mark"] == "20.0"
    run.lay({"roster.csv": roster.replace("bob,1", "bob,2")})
    said = " ".join(run("grade", ARITH, "--submissions", "inbox", "--roster", "roster.csv").stdout.split())
    assert "not in the group of this work any more, so it counts for them no longer: bob (ada, attempt 1)" in said
    assert run.marks()["bob"]["mark"] == ""


def test_who_has_another_id_on_the_roster_is_one_person(run):
    """With the same address and name: points by hand and attempts come along. Another name is another person."""
    run.lay({"roster.csv": "id,name,email\ns1,Ada Lovelace,ada@u.org\ns2,Bob,b@u.org\ns3,Cleo,c@u.org\ns4,Dan,d@u.org\n"})
    run.grade({"s1/arith.py": RIGHT, "s2/arith.py": RIGHT}, "--roster", "roster.csv")
    run("adjust", "arith", "s1", "--points", "7")
    run.lay({"roster.csv": "id,name,email\n0001,Lovelace Ada,ADA@u.org\n0002,Eve,b@u.org\ns3,Cleo,c@u.org\ns4,Dan,d@u.org\n"})
    (run.folder / "inbox" / "s1").rename(run.folder / "inbox" / "0001")
    said = run("grade", ARITH, "--submissions", "inbox", "--roster", "roster.csv").stdout
    assert "another id on this roster for the same person: s1 is 0001" in said
    assert "left the class, so not counted: s2" in said
    assert {key: row["mark"] for key, row in run.marks().items()} == {"0001": "7.0", "0002": "", "s2": "20.0", "s3": "", "s4": ""}


def test_who_left_the_roster_is_one_person_and_in_no_count(run):
    """The same folder graded again makes nobody new."""
    roster = "id,name,email\ns1,Ada,ada@uni.org\ns2,Bob,bob@uni.org\ns3,Cleo,cleo@uni.org\n"
    run.lay({"roster.csv": roster, "later.csv": roster.replace("s2,Bob,bob@uni.org\n", "")})
    inbox = {"ada@uni.org/arith.py": RIGHT, "bob@uni.org/arith.py": WRONG}
    run.grade(inbox, "--roster", "roster.csv")
    told = run.grade(inbox, "--roster", "later.csv").stdout
    assert "left the class, so not counted: s2" in told
    assert "0 graded; 2 graded before" in told
    found = run.marks()
    assert set(found) == {"s1", "s2", "s3"}
    assert found["s2"]["notes"] == "left the class: not counted"
    assert "2 students, 1 submission; 1 left the class." in run("marks", "arith").stdout
    run("report", "arith", "--out", "out")
    assert "1 of 2 students graded" in run("report", "arith", "--out", "out").stdout


def test_folders_become_the_students_of_a_roster(run):
    """Who was graded under a folder's name is the student whom a roster names, and not a second one."""
    inbox = {"ada@uni.org/arith.py": RIGHT, "bob@uni.org/arith.py": WRONG}
    run.grade(inbox)
    run.lay({"roster.csv": "id,name,email\ns1,Ada,ada@uni.org\ns2,Bob,bob@uni.org\n"})
    told = run.grade(inbox, "--roster", "roster.csv").stdout
    assert "merged into one student, because of the roster: ada@uni.org is s1, bob@uni.org is s2" in " ".join(told.split())
    assert "0 graded; 2 graded before" in told
    assert set(run.marks()) == {"s1", "s2"}


def test_a_changed_file_is_another_attempt(run):
    """It is said; the best counts."""
    run.one_graded()
    told = run.grade({"ada/arith.py": WRONG}).stdout
    assert "changed since it was graded, so it is a new attempt: ada (attempt 2)" in told
    assert run.marks()["ada"]["mark"] == "20.0"


def test_a_time_that_nobody_knows_is_not_in_time(run):
    """It counts as on time, and every way out says that it is not known."""
    run.one_graded()
    run.lay({"course.toml": '[course]\ntimezone = "UTC"\n[assignments.arith]\ndue = 2026-01-01T00:00:00\n'})
    sentence = "submission time unknown, so it may be late"
    row = run.marks()["ada"]
    assert (row["days_late"], sentence in row["notes"]) == ("", True)
    assert sentence in run("export", "csv", "arith", "--out", "-").stdout
    run("feedback", "arith", "--format", "markdown", "--out", "told")
    run("report", "arith", "--out", "out")


def test_what_was_there_before_the_due_date_is_in_time(run):
    """The gradebook saw it by then."""
    run.one_graded()
    run.lay({"course.toml": '[course]\ntimezone = "UTC"\n[assignments.arith]\ndue = 2099-01-01T00:00:00\n'})
    assert (run.marks()["ada"]["days_late"], run.marks()["ada"]["notes"]) == ("0", "")


UNKNOWN = {
    "an assignment": (
        "[assignments.Arith]\nweight = 2\n",
        "`assignments.Arith` is not a known assignment. Did you mean 'arith'?",
    ),
    "a dropped check": (
        '[assignments.arith]\ndrop = ["totl"]\n',
        "names `totl`, but arith has no such check. Did you mean 'total'?",
    ),
    "an extra check": (
        "[assignments.arith]\nextra = { nope = 3 }\n",
        "has no such check. There are: `light`, `scale`, `sell`, `total`.",
    ),
    "a student": ("[students.ADA]\n", "`students.ADA` is not a student in the gradebook. Did you mean 'ada'?"),
}


@pytest.mark.parametrize("command", ["marks", "report", "feedback", "export csv", "history"])
def test_unknown_names_in_the_policies_are_refused(run, command):
    """Wherever the file is used, with the line."""
    run.one_graded()
    for text, sentence in UNKNOWN.values() if command == "marks" else [UNKNOWN["a student"]]:
        run.lay({"course.toml": f'[course]\ntimezone = "UTC"\n{text}'})
        arguments = [*command.split(), "ada" if command == "history" else "arith"]
        told = " ".join(run(*arguments, status=2).stderr.split())
        assert "course.toml, line" in told
        assert sentence in told


def test_points_by_hand_for_an_assignment_that_is_none_are_refused(run):
    """A slip in its name would be marks that nobody sees."""
    run.one_graded()
    assert "Did you mean 'arith'?" in run("adjust", "arth", "ada", "--points", "3", status=2).stderr
