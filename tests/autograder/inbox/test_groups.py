"""Whose an entry is where several hand in together, and when, as worksheets write it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from autograder.inbox import Entry, each_once, match, read_roster, settled, together
from autograder.inbox.entry import Member
from autograder.inbox.people import Person
from autograder.inbox.written import read
from autograder.policy import Attempt, CheckScore, Rules, score
from autograder.submission import Submission


def entry(key, name="", **more):
    """An entry that nobody reads."""
    return Entry(student=key, origin=f"{name}_{key}", name=name, take=lambda: Submission("", {}), **more)


def whose(entries, people, layout="folders", by_roster=True):
    """The ids of everybody whose each entry is, and what is said."""
    works, sentences = together(entries, match(entries, people).students, people, layout, by_roster)
    return [[one.id for one in (work.student, *work.members) if one] for work in works], sentences


def handed(origin, ids, day=None, text=""):
    """What some handed in together on a day of October, as Gradescope tells it."""
    members = tuple(Member(one, one.upper()) for one in ids) if len(ids) > 1 else ()
    return Entry(
        student=ids[0],
        origin=origin,
        take=lambda: Submission("", {"hw2.py": text or origin}),
        submitted=datetime(2026, 10, day, tzinfo=UTC) if day else None,
        group=tuple(ids[1:]),
        members=members,
    )


def once(*entries):
    """Whose the works are, with origin and number, and what is said."""
    works, told = each_once(together(settled(entries).entries, {}, [], "gradescope")[0])
    people = [[one.id if one else work.entry.student for one in (work.student, *work.members)] for work in works]
    return [(work.entry.origin, work.entry.attempt, ids) for work, ids in zip(works, people, strict=True)], told


def test_who_is_in_two_groups_has_attempts_where_times_tell():
    """In the order of their times, whatever order the works come in; and nobody else loses anything."""
    found, told = once(handed("B", ["s5", "s2"], 28), handed("A", ["s1", "s2"], 27), handed("C", ["s6"], 26))
    assert found == [("A", 1, ["s1", "s2"]), ("C", 1, ["s6"]), ("B", 2, ["s5", "s2"])]
    assert told == ["B (s5, s2) and A (s1, s2) belong to s2; they count as attempts in order of time."]


def test_three_works_are_three_attempts():
    """In groups, first of a group, and alone."""
    found, _ = once(handed("C", ["s2"], 29), handed("B", ["s2", "s5"], 28), handed("A", ["s1", "s2"], 27))
    assert found == [("A", 1, ["s1", "s2"]), ("B", 2, ["s2", "s5"]), ("C", 3, ["s2"])]


def test_a_chain_of_groups_is_in_order_for_everybody():
    """Each in two of three groups."""
    found, _ = once(handed("A", ["s1", "s2"], 27), handed("B", ["s2", "s3"], 28), handed("C", ["s3", "s1"], 29))
    assert [number for _, number, _ in found] == [1, 2, 3]


@pytest.mark.parametrize("days", [(27, 27), (None, None), (27, None)])
def test_who_is_in_two_groups_is_a_question_where_no_times_tell(days):
    """Only this student's: also as the first of a group, and of three works, and beside one alone."""
    first, second = days
    works = handed("A", ["s2", "s1"], first), handed("B", ["s5", "s2"], second), handed("C", ["s2"], second)
    assert once(*works[:2]) == ([("A", 1, ["s1"]), ("B", 1, ["s5"]), ("A", 1, ["s2"])], [])
    assert once(*works) == ([("A", 1, ["s1"]), ("B", 1, ["s5"]), ("A", 1, ["s2"])], [])


def test_works_in_two_groups_that_say_the_same_are_no_question():
    """Whichever counts, it is this."""
    works, _ = each_once(together([handed("A", ["s1", "s2"], None, "x"), handed("B", ["s5", "s2"], None, "x")], {}, [], "")[0])
    assert works[-1].student.id == "s2"
    assert works[-1].entry.read().files["hw2.py"] == "x"


def test_who_is_in_two_groups_of_a_worksheet_is_a_question():
    """As the column of a list of participants writes several groups."""
    people = [Person("s1", group="Team A"), Person("s2", group="Team A, Team B"), Person("s5", group="Team B")]
    works, _ = together([entry("7", "Team A"), entry("8", "Team B")], {}, people, "moodle")
    assert [work.student.id for work in each_once(works)[0]] == ["s1", "s5", "s2"]


def test_who_is_in_two_groups_of_a_roster_keeps_their_own():
    """Work of others does not come on top."""
    people = [Person("s1", group="Team A"), Person("s2", group="Team A, Team B"), Person("s5", group="Team B")]
    assert whose([entry("s1"), entry("s2")], people)[0] == [["s1"], ["s2"]]


def test_a_folder_of_a_group_and_one_of_a_member_are_a_question_of_the_member():
    """The others of the group have its work."""
    entries = [entry("Team A"), entry("s2")]
    works, _ = together(entries, match(entries, CLASS).students, CLASS, "folders")
    assert [[one.id for one in (work.student, *work.members)] for work in each_once(works)[0]] == [["s1"], ["s2"]]


PAIR = [Person("s1", "Ada Lovelace", group="Team A"), Person("s2", "Bob Builder", group="Team A")]
OTHERS = [Person("s3", "Cleo Ptah", moodle_id="17"), Person("s4", "Dan Brown", group="Team B")]
CLASS = PAIR + OTHERS


@pytest.mark.parametrize("layout", ["canvas", "folders", "files", "nbgrader"])
def test_one_of_the_rosters_group_hands_in_for_all(layout):
    """Where a layout knows nothing of groups."""
    assert whose([entry("s2")], CLASS, layout)[0] == [["s2", "s1"]]


@pytest.mark.parametrize("layout", ["gradescope", "moodle"])
def test_a_layout_that_knows_groups_is_believed(layout):
    """A lab group of the roster is not those who handed in together."""
    assert whose([entry("s2")], CLASS, layout)[0] == [["s2"]]


def test_where_most_hand_in_alone_nobody_shares():
    """Groups that are of something else."""
    people = [Person(f"s{i}", group=f"Lab {i // 2}") for i in range(6)]
    found, said = whose([entry(f"s{i}") for i in range(5)], people)
    assert found == [[f"s{i}"] for i in range(5)]
    assert said == [
        "in 2 of the 3 groups of the roster, several students handed in work: everybody keeps their own, and no work is shared."
    ]


@pytest.mark.parametrize("name", ["Team A", "team a", "TEAM  A"])
def test_a_folder_that_is_called_as_a_group_is_the_groups(name):
    """In Moodle with a number that may be a participant's, and in a folder without."""
    assert whose([entry("17", name)], CLASS, "moodle")[0] == [["s1", "s2"]]
    assert whose([entry(name)], CLASS)[0] == [["s1", "s2"]]


def test_a_student_who_is_called_as_a_group_is_a_student():
    """The name beside the number is theirs."""
    people = [Person("s1", "Ada", moodle_id="5", group="X"), Person("s2", "Bob", group="Ada")]
    assert whose([entry("5", "Ada")], people, "moodle")[0] == [["s1"]]


@pytest.mark.parametrize("group", ["", "Default group"])
def test_those_in_no_group_are_one(group):
    """Moodle's worksheet writes it, and a list of participants leaves it empty."""
    people = [*PAIR, Person("s3", "Cleo", group=group), Person("s4", "Dan", group=group)]
    assert whose([entry("Default group", "Default group")], people, "moodle")[0] == [["s3", "s4"]]


def test_no_group_without_groups_is_nobodys():
    """It is not the whole class."""
    found, said = whose([entry("Default group", "Default group")], [Person("s1", "Ada"), Person("s2", "Bob")], "moodle")
    assert found == [[]]
    assert "the roster does not say who is in no group" in said[0]


def test_canvas_says_who_is_in_a_group(tmp_path):
    """The export of a group set is a roster."""
    path = tmp_path / "groups.csv"
    path.write_text(
        "name,canvas_user_id,user_id,login_id,sections,group_name,canvas_group_id,group_id\nAda,11,s1,ada,A,Team 1,901,\n"
    )
    (ada,) = read_roster(path)
    assert (ada.id, ada.name, ada.canvas_id, ada.section, ada.group) == ("s1", "Ada", "11", "A", "Team 1")


def test_a_section_is_no_group(tmp_path):
    """A column each."""
    path = tmp_path / "roster.csv"
    path.write_text("id,section,group\ns1,A,Team 1\n")
    (ada,) = read_roster(path)
    assert (ada.section, ada.group) == ("A", "Team 1")


TIMES = [
    "Monday, 12 October 2026, 11:58 PM",
    "Montag, 12. Oktober 2026, 23:58",
    "lundi 12 octobre 2026, 23:58",
    "lunes, 12 de octubre de 2026, 23:58",
    "lunedì, 12 ottobre 2026, 23:58",
    "segunda-feira, 12 de outubro de 2026 às 23:58",
    "maandag, 12 oktober 2026, 23:58",
    "October 12, 2026, 11:58 p.m.",
    "2026-10-12 23:58:00",
]


def test_a_finnish_november_is_no_march():
    """marraskuu begins as marzo and mars do."""
    assert read("12. marraskuuta 2026, 23:58", UTC) == datetime(2026, 11, 12, 23, 58, tzinfo=UTC)
    assert read("12. maaliskuuta 2026, 23:58", UTC) == datetime(2026, 3, 12, 23, 58, tzinfo=UTC)


@pytest.mark.parametrize("text", TIMES)
def test_a_time_of_a_worksheet_is_read(text):
    """In the languages that are known."""
    assert read(text, UTC) == datetime(2026, 10, 12, 23, 58, tzinfo=UTC)


@pytest.mark.parametrize("text", ["", "-", "Monday", "12 Foo 2026, 10:00", "31 February 2026, 10:00", "12 October 2026, 27:00"])
def test_what_is_no_time_is_none(text):
    """It is not guessed."""
    assert read(text, UTC) is None


@pytest.mark.parametrize("hour, text", [(0, "12:05 AM"), (12, "12:05 PM"), (1, "1:05 am"), (13, "1:05 pm"), (9, "9:05")])
def test_twelve_is_the_first_hour(hour, text):
    """After midnight and after noon."""
    assert read(f"12 October 2026, {text}", UTC).hour == hour


MONTHS = {
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "en": "January February March April May June July August September October November December",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "nl": "januari februari maart april mei juni juli augustus september oktober november december",
    "pt": "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
}


@pytest.mark.parametrize("names", MONTHS.values(), ids=MONTHS)
def test_every_month_is_itself(names):
    """In each language."""
    assert [read(f"3 {name} 2026, 10:00", UTC).month for name in names.split()] == list(range(1, 13))


DUE = datetime(2026, 10, 12, 23, 59, tzinfo=UTC)
LATENESS = {
    "nothing is known": ({}, None, "submission time unknown, so it may be late: counts as on time"),
    "seen in time": ({"seen": DUE}, 0, ""),
    "seen later": ({"seen": datetime(2026, 10, 20, tzinfo=UTC)}, None, "submission time unknown"),
    "marked": ({"marked_late": True}, 1, "marked late, submission time unknown: counts as 1 day"),
    "not marked where others are": ({"marked_late": False}, 0, "not marked late, submission time unknown: counts as on time"),
    "known": ({"submitted": DUE, "seen": datetime(2026, 10, 20, tzinfo=UTC)}, 0, ""),
}


@pytest.mark.parametrize("about, days, sentence", LATENESS.values(), ids=LATENESS)
def test_what_is_not_known_is_said(about, days, sentence):
    """And nothing is said where it is."""
    final = score([Attempt((CheckScore("f", 5.0, 10.0),), **about)], Rules(due=DUE))
    assert final.days_late == days
    assert "; ".join(final.sentences).startswith(sentence) and bool(final.sentences) == bool(sentence)
