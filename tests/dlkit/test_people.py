"""`dlkit people`: who is in the class, and what another roster would change."""

from __future__ import annotations

import csv
import io
import json

import pytest
import term
from click.testing import CliRunner
from invented import HOSTILE

from autograder.classroom.class_list import roster_changes
from autograder.classroom.gradebook import Gradebook, HandIn
from autograder.inbox.people import Person
from dlkit.cli import main

CLASS = [
    Person("s1", "Ada Farouk", "ada@x.org", "A", group="red", login="octo-ada"),
    Person("s2", "Ben Gupta", "ben@x.org", "A", group="red"),
    Person("s3", "Farouk, Ada", "other@x.org", "B", group="blue"),
    Person("s4", "Cleo Adeyemi", "cleo@x.org", "B"),
]
POINTS = {"hw1": {"s1": 90.0, "s2": 80.0, "s3": 70.0}, "hw2": {"s1": 70.0, "s2": 60.0}}
NEW = 'id,name,email,section,group\ns1,Ada Farouk,ada@x.org,B,red\ns3,"Farouk, Ada",other@x.org,B,green\ns4,Cleo Adeyemi,cleo@x.org,B,\ns5,Dan Brandt,dan@x.org,A,red\n'


def run(*arguments):
    """A command, in this process; a traceback fails the test."""
    done = CliRunner(env={"COLUMNS": "200"}).invoke(main, list(map(str, arguments)))
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done


def lines(done):
    """The lines of a table, by their first word."""
    return {line.split()[0]: " ".join(line.split()) for line in done.stdout.splitlines() if line.strip()}


@pytest.fixture
def here(tmp_path, monkeypatch):
    """A folder with the gradebook of a class, in which s9 has work and is on no roster; and with a new roster."""
    monkeypatch.chdir(tmp_path)
    book = term.gradebook("gradebook.db", CLASS, POINTS)
    book.hand_in("hw1", [HandIn("s9", name="Somebody", files={"x.py": "1"}, digest="nine")])
    book.close()
    (tmp_path / "new.csv").write_text(NEW, encoding="utf-8")
    return tmp_path


def people(folder):
    """Everybody in the gradebook, by id."""
    with Gradebook(folder / "gradebook.db") as book:
        return {person.id: person for person in book.people()}


def test_it_lists_everybody_with_sections_groups_and_attempts(here):
    """Also who has handed in nothing, who is on no roster, and who has the same name."""
    done = run("people")
    found = lines(done)
    assert found["s1"] == "s1 Ada Farouk A red 1 1 same name as s3"
    assert found["s3"] == "s3 Farouk, Ada B blue 1 - same name as s1"
    assert found["s4"] == "s4 Cleo Adeyemi B - - no submission"
    assert found["s9"] == "s9 Somebody 1 - has work, and is on no roster"
    assert "5 students. No submission: 1." in done.stdout
    assert "Sections: A 2, B 2." in done.stdout
    assert "2 groups with 3 students." in done.stdout


@pytest.mark.parametrize(
    ("options", "ids"),
    [
        (["--section", "B"], ["s3", "s4"]),
        (["--group", "red"], ["s1", "s2"]),
        (["--missing", "hw2"], ["s3", "s4"]),
        (["--section", "B", "--missing", "assignments/hw1"], ["s4"]),
    ],
    ids=["section", "group", "missing", "both"],
)
def test_a_filter_leaves_only_whom_it_names(here, options, ids):
    """Sections, groups, and who lacks an assignment; several together."""
    rows = csv.DictReader(io.StringIO(run("people", "--csv", "-", *options).stdout))
    assert [row["student"] for row in rows] == ids


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--section", "C"], "There is no section 'C' in the gradebook. There are: A, B."),
        (["--group", "redd"], "Did you mean 'red'?"),
        (["--missing", "hw3"], "There is no assignment 'hw3'"),
        (["--write"], "--write needs --roster FILE"),
        (["--roster", "new.csv", "--section", "A"], "cannot be used with --roster"),
        (["--csv", "-", "--json", "-"], "Choose one of --csv and --json"),
        (["--roster", "nowhere.csv"], "nowhere.csv cannot be read"),
    ],
    ids=["section", "group", "assignment", "write", "both", "formats", "roster"],
)
def test_a_slip_is_told_in_a_sentence(here, options, sentence):
    """What is wrong, and what there is."""
    done = run("people", *options)
    assert (done.exit_code, sentence in done.stderr) == (2, True), done.stderr


def test_a_new_roster_is_compared_and_nothing_is_written(here):
    """Who joined, who left, who moved; the exit status says that something would change."""
    before = people(here)
    done = run("people", "--roster", "new.csv")
    assert done.exit_code == 1
    said = " ".join(done.stdout.split())
    assert "1 joined: s5 Dan Brandt" in said
    assert "1 left the class; their marks stay, and are not counted any more: s2 Ben Gupta" in said
    assert "1 other section: s1 Ada Farouk A → B" in said
    assert "1 other group: s3 Farouk, Ada blue → green" in said
    assert "Nothing has been written" in said
    assert people(here) == before


def test_with_write_the_roster_is_taken_in(here):
    """Then the same roster changes nothing more; who left keeps the work, and is marked as not counted."""
    assert run("people", "--roster", "new.csv", "--write").exit_code == 0
    again = run("people", "--roster", "new.csv")
    assert (again.exit_code, again.stdout) == (0, "Nothing would change.\n")
    assert people(here)["s1"].section == "B"
    done = run("people")
    assert lines(done)["s2"].startswith("s2 Ben Gupta A red 1 1 left the class on 20")
    assert "5 students; 1 left the class" in done.stdout
    assert "No median, report or total of the class counts them." in done.stdout
    assert "1 left the class" in run("marks", "hw1").stdout
    with Gradebook(here / "gradebook.db") as book:
        back = roster_changes(book.people(), CLASS)
    assert ("back", "s2") in {(one.kind, one.student) for one in back}


def test_too_many_to_have_left_still_count(here):
    """A roster of one section is no reason to take everybody else for gone."""
    (here / "part.csv").write_text("id,name\ns1,Ada Farouk\n", encoding="utf-8")
    done = run("people", "--roster", "part.csv")
    assert (done.exit_code, "3 not on this roster; too many to have left" in done.stdout) == (0, True)


def test_another_id_for_the_same_person_is_no_newcomer(here):
    """The work goes along with them."""
    text = "id,name,email\n" + "".join(f'{one.id.replace("s2", "u77")},"{one.name}",{one.email}\n' for one in CLASS)
    (here / "ids.csv").write_text(text, encoding="utf-8")
    said = run("people", "--roster", "ids.csv").stdout
    assert ("s2 → u77" in said, "joined" in said, "left" in said) == (True, False, False)
    run("people", "--roster", "ids.csv", "--write")
    assert "s2" not in people(here)
    assert lines(run("people"))["u77"].split()[-2:] == ["1", "1"]


def test_json_has_everything_and_csv_no_formula(tmp_path, monkeypatch):
    """Whatever people are called."""
    monkeypatch.chdir(tmp_path)
    with Gradebook("gradebook.db") as book:
        book.enrol([Person(f"s{number}", name) for number, name in enumerate(HOSTILE)])
    found = json.loads(run("people", "--json", "-").stdout)
    assert [one["name"] for one in found["students"]] == HOSTILE
    assert {one["state"] for one in found["students"]} == {"in the class"}
    rows = list(csv.DictReader(io.StringIO(run("people", "--csv", "-").stdout)))
    assert rows[1]["name"] == "'=HYPERLINK(1)"
    assert "\x1b" not in run("people").stdout
