"""Canvas: an instructor's own export, with marks in one column; read again by Canvas's rules, all else byte for byte."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from marking import mark

from autograder.classroom.gradebook import Person
from autograder.export.canvas import mark_gradebook
from autograder.export.sheet import UNJUDGED, SheetError, number_in, read
from autograder.inbox.roster import read_roster

EXPORT = (
    "Student,ID,SIS User ID,SIS Login ID,Section,Notes,HW1 (1233),HW2 (1234),Final Score,Unposted Final Score\r\n"
    ",,,,,,,Manual Posting,,\r\n"
    "    Points Possible,,,,,,10.00,100.00,(read only),(read only)\r\n"
    '"Lovelace, Ada",4711,s0001,ada,"A, and B",=SUM(A1),9.50,,95.00,95.00\r\n'
    '"O""Neil, Bob",4712,s0002,bob,A,,,EX,,\r\n'
    '"الهادي, نور",4713,s0003,noor,A,🎓,"1","55.5",,\r\n'
    '"Nobody, Known",4714,s0099,nobody,A,,,12.00,,\r\n'
    '"Student, Test",4799,,,A,,,N/A,,\r\n'
)
ADA, BOB, NOOR = Person("s0001", "Ada Lovelace"), Person("s0002", "Bob O'Neil"), Person("s0003", "نور الهادي")
CLASS = [mark(ADA, 50.0, 33.333), mark(BOB, 50.0, 0.0), mark(NOOR, 0.0, 0.0)]


def imported(text):
    """What Canvas reads (lib/gradebook_importer.rb): by student's ID, the grades of each assignment; refuses what it refuses."""
    text = text.removeprefix("\ufeff")
    first = text.splitlines()[:3]
    counts = {sign: {len(next(csv.reader([line], delimiter=sign))) for line in first} for sign in ";,"}
    sizes = {sign: count.pop() if len(count) == 1 else 0 for sign, count in counts.items()}
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=";" if sizes[";"] > sizes[","] else ","))
    header = rows[0]
    assert len(header) > 3
    assert "Student" in header[0] or header[:2] == ["LastName", "FirstName"]
    id_at = header.index("ID")
    section = header.index("Section")
    ignored = re.compile("(Current|Final) (Score|Points|Grade)|Override (Score|Grade|Status)")
    titles = [title for title in header[section + 1 :] if not ignored.search(title)]
    found = {}
    for row in rows[1:]:
        if "Points Possible" in row[0] or all(re.fullmatch(r"\s*(Muted|Manual Posting.*)?\s*", cell, re.I) for cell in row):
            continue
        grades = {}
        for title in titles:
            cell = row[header.index(title)].strip()
            if re.fullmatch(r"-?[0-9.,]+%?", cell):  # decimal_comma_to_period
                *whole, last = re.split("[,.]", cell)
                cell = f"{''.join(whole)}.{last}" if whole else last
            grades[title] = cell
        found[row[id_at]] = grades
    return found


def test_only_the_cells_of_the_assignment_change():
    """Quotes, line ends, spaces, formulas of the instructor's own: all stand where they stood."""
    marked = mark_gradebook(EXPORT, CLASS, "hw2")
    expected = EXPORT.replace("9.50,,95.00", "9.50,83.33,95.00").replace('"1","55.5"', '"1","0.00"')
    assert marked.text == expected
    assert (marked.column, marked.written) == ("HW2 (1234)", 2)


def test_canvas_reads_the_marks():
    """What is imported are the marks of those who have one; everybody else's cell is what it was."""
    before, after = imported(EXPORT), imported(mark_gradebook(EXPORT, CLASS, "hw2").text)
    assert [after[key].pop("HW2 (1234)") for key in after] == ["83.33", "EX", "0.00", "12.00", "N/A"]
    assert [before[key].pop("HW2 (1234)") for key in before] == ["", "EX", "55.5", "12.00", "N/A"]
    assert after == before


def test_who_is_not_found_is_named():
    """On either side: rows of nobody in the gradebook, and marks without a row."""
    marked = mark_gradebook(EXPORT, [*CLASS, mark("s0777", 50.0, 0.0), mark("s0778")], "hw2")
    assert marked.unknown == ("Nobody, Known", "Student, Test")
    assert marked.missing == ("s0777",)
    assert marked.kept == ("s0002: EX in Canvas",)


def test_an_excused_student_gets_a_mark_if_asked():
    """`overwrite` is for EX; what is not assigned stays."""
    marked = mark_gradebook(EXPORT, [*CLASS, mark(Person("x", canvas_id="4799"), 1.0, 1.0)], "hw2", overwrite=True)
    assert imported(marked.text)["4712"]["HW2 (1234)"] == "50.00"
    assert imported(marked.text)["4799"]["HW2 (1234)"] == "N/A"


def test_whom_we_excuse_gets_ex():
    """Canvas leaves an EX out, as our total does; `overwrite` writes the mark."""
    excused = replace(mark(ADA, 50.0, 33.333), excused="excused in course.toml")
    marked = mark_gradebook(EXPORT, [excused], "hw2")
    assert (imported(marked.text)["4711"]["HW2 (1234)"], marked.excused) == ("EX", ("s0001: excused in course.toml",))
    assert imported(mark_gradebook(EXPORT, [excused], "hw2", overwrite=True).text)["4711"]["HW2 (1234)"] == "83.33"


@pytest.mark.parametrize("scale", [False, True])
def test_marks_do_not_become_0_in_a_column_without_points(scale):
    """They cannot be rescaled to nothing."""
    with pytest.raises(SheetError, match="worth 0 points in Canvas") as refused:
        mark_gradebook(EXPORT.replace("100.00", "0.00"), CLASS, "hw2", scale=scale)
    assert ("add --scale" in str(refused.value)) is not scale


def test_what_is_not_seen_around_an_id_is_no_part_of_it():
    """Here as in a roster; the cell stays as it is."""
    text = EXPORT.replace("s0001,ada", "s0001\u200b,x").replace('"Lovelace, Ada",4711', "A,1")
    assert "s0001\u200b,x" in (marked := mark_gradebook(text, CLASS[:1], "hw2")).text
    assert imported(marked.text)["1"]["HW2 (1234)"] == "83.33"


def test_two_rows_of_one_student_are_not_strangers():
    """Neither gets the mark, and they are told apart from rows of nobody."""
    marked = mark_gradebook(EXPORT + '"Lovelace, Ada",4711,s0001,ada,B,,,,,\r\n', CLASS, "hw2")
    assert (marked.unclear, marked.missing) == (("Lovelace, Ada",) * 2, ("s0001",))
    assert "Lovelace, Ada" not in marked.unknown


def test_a_student_without_a_grade_keeps_the_cell():
    """No grade is not 0, and neither is one that we could not judge."""
    marked = mark_gradebook(EXPORT, [mark(ADA, why="the archive is damaged"), mark(NOOR, 50.0, None), mark(BOB, 1.0, 1.0)], "hw2")
    assert marked.text == EXPORT
    assert "s0001: the archive is damaged" in marked.kept
    assert "s0003: has a grader error; grade again, or set the points with `dlkit adjust`" in marked.kept


@pytest.mark.parametrize(
    "person",
    [
        Person("a", canvas_id="4711"),
        Person("s0001"),
        Person("ADA"),
        Person("4711"),
        Person("a", "Lovelace, Ada"),
        Person("a", "ada  lovelace"),
    ],
    ids=["Canvas ID", "SIS User ID", "SIS Login ID", "a key that is the ID", "sortable name", "name"],
)
def test_a_student_is_found_as_canvas_finds_them(person):
    """By each of the keys alone."""
    marked = mark_gradebook(EXPORT, [mark(person, 50.0, 50.0)], "hw2")
    assert imported(marked.text)["4711"]["HW2 (1234)"] == "100.00"


def test_an_earlier_key_goes_before_a_later_one():
    """An ID in Canvas decides, even where the name is another's."""
    marked = mark_gradebook(
        EXPORT, [mark(Person("x", "Noor", canvas_id="4711"), 50.0, 50.0), mark(Person("y", "Ada Lovelace"), 1.0, 1.0)], "hw2"
    )
    assert imported(marked.text)["4711"]["HW2 (1234)"] == "100.00"
    assert marked.missing == ("y",)


def test_who_could_be_two_is_nobodys():
    """Two of a name, here or there, get nothing rather than each other's mark."""
    twice = [mark(Person("x", "Ada Lovelace"), 50.0, 50.0), mark(Person("y", "Ada Lovelace"), 1.0, 1.0), CLASS[2]]
    marked = mark_gradebook(EXPORT, twice, "hw2")
    assert imported(marked.text)["4711"]["HW2 (1234)"] == ""
    assert marked.missing == ("x", "y")
    doubled = EXPORT + '"Lovelace, Ada",4800,s0800,x,A,,,,,\r\n'
    assert mark_gradebook(doubled, [mark(Person("x-1", "Ada Lovelace"), 1.0, 1.0), CLASS[2]], "hw2").written == 1


def test_semicolons_and_decimal_commas_stay():
    """The file of a German Canvas: `;`, a byte order mark, and 9,50."""
    german = "\ufeff" + "\n".join(
        [
            "Student;ID;SIS Login ID;Section;HW1 (1233);HW2 (1234)",
            "    Points Possible;;;;10,00;100,00",
            "Ada Lovelace;4711;s0001;A;9,50;",
            '"Neil; Bob";4712;s0002;A;;7,00',
        ]
    )
    marked = mark_gradebook(german, CLASS, "hw2")
    assert marked.text == german.replace("9,50;", "9,50;83,33").replace(";7,00", ";50,00")
    assert imported(marked.text)["4711"] == {"HW1 (1233)": "9.50", "HW2 (1234)": "83.33"}


def test_a_decimal_comma_between_commas_is_quoted():
    """A number is one cell."""
    text = (
        EXPORT.replace("10.00,100.00", '"10,00","100,00"')
        .replace(",9.50,,95.00,95.00", ',"9,50",,,')
        .replace('"55.5"', "")
        .replace("12.00", "")
    )
    marked = mark_gradebook(text, CLASS, "hw2")
    assert '"9,50","83,33",' in marked.text
    assert imported(marked.text)["4711"]["HW2 (1234)"] == "83.33"


def test_first_and_last_names_may_have_a_column_each():
    """As some accounts export them."""
    text = "LastName,FirstName,ID,SIS Login ID,Section,HW2 (1234)\nLovelace,Ada,4711,x,A,\n"
    assert mark_gradebook(text, [mark(Person("a", "Ada Lovelace"), 50.0, 50.0)], "hw2").text.endswith("A,100.00\n")


@pytest.mark.parametrize("column", ["HW2 (1234)", "hw2", "1234", None])
def test_a_column_is_found_by_header_title_or_id(column):
    """Or by the assignment's own name."""
    assert mark_gradebook(EXPORT, CLASS, "hw2", column=column).column == "HW2 (1234)"


def test_a_column_is_found_by_the_assignments_title():
    """Where it is called so in Canvas."""
    assert mark_gradebook(EXPORT.replace("HW2 (", "The XOR Network ("), CLASS, "hw2").column == "The XOR Network (1234)"


REFUSED = {
    "another assignment": (EXPORT, {"assignment": "hw9"}, r"no column for hw9; expected one\. Received: `Notes`, `HW1 \(1233\)`, `HW2"),
    "a column that is not there": (EXPORT, {"column": "HW3"}, r"no column for `HW3`"),
    "two of a name": (EXPORT.replace("HW1 (1233)", "hw-2 (1233)"), {}, r"2 columns for hw2; expected one\. Received: `hw-2 \(1233\)`, `HW2 \(1234\)`"),
    "the same header twice": (EXPORT.replace("HW1 (1233)", "HW2 (1234)"), {}, r"2 columns `HW2 \(1234\)`"),
    "a computed column": (EXPORT, {"column": "Final Score"}, "a column that Canvas computes"),
    "a student column": (EXPORT, {"column": "Section"}, "identifies students"),
    "a read-only one": (EXPORT.replace("100.00", "(read only)"), {}, "which is read-only"),
    "other points": (EXPORT.replace("100.00", "20.00"), {}, r"worth 20 points in Canvas; marks of hw2 are out of 100 \(3 of 3 students\)"),
    "tabs": (EXPORT.replace(",", "\t"), {}, r"not a Canvas gradebook.*separated by tabs"),
    "another delimiter": (EXPORT.replace(",", "|"), {}, "has one column; expected CSV, separated by"),
    "another file": ("name,email\nAda,a@x.org\n", {}, "not a Canvas gradebook; expected the columns Student, ID, Section"),
    "no section": (EXPORT.replace("Section", "Group"), {}, "has no column Section"),
    "nothing": ("\ufeff \n", {}, "is empty"),
    "an open quote": (EXPORT + '"Ada', {}, r"line 9, has a quote that is not closed"),
}  # fmt: skip


@pytest.mark.parametrize("text, wishes, sentence", REFUSED.values(), ids=REFUSED)
def test_what_is_no_place_for_marks_is_refused_in_a_sentence(text, wishes, sentence):
    """Nothing is written where Canvas would ignore it, or take it for something else."""
    with pytest.raises(SheetError, match=sentence):
        mark_gradebook(text, CLASS, **{"assignment": "hw2", **wishes})


def test_marks_can_be_scaled():
    """To what the column is worth; one of which we could not judge all is left as it is, and told."""
    marked = mark_gradebook(EXPORT.replace("100.00", "20.00"), [*CLASS[:2], mark(NOOR, 25.0, None)], "hw2", scale=True)
    grades = imported(marked.text)
    assert (grades["4711"]["HW2 (1234)"], grades["4713"]["HW2 (1234)"]) == ("16.67", "55.5")
    assert f"s0003: {UNJUDGED}" in marked.kept


def test_marks_under_two_specs_are_refused():
    """Where a check was removed since, half the class would be out of other points."""
    with pytest.raises(SheetError, match=r"out of 50 \(1 of 2 students\)"):
        mark_gradebook(EXPORT, [CLASS[0], mark(NOOR, 50.0)], "hw2")


def test_a_gradebook_without_points_possible_is_taken():
    """The row may be left out."""
    text = "\r\n".join(line for line in EXPORT.split("\r\n") if "Possible" not in line)
    assert mark_gradebook(text, CLASS, "hw2").written == 2


def test_a_thousand_points_have_no_separator():
    """Canvas would take 1,234 for one and a bit."""
    large = EXPORT.replace("100.00", '"2,000.00"')
    marked = mark_gradebook(large, [mark(ADA, 50.0, 11.725)], "hw2", scale=True)
    assert imported(marked.text)["4711"]["HW2 (1234)"] == "1234.50"


def test_the_roster_reads_what_was_written(tmp_path):
    """The file is still a gradebook of Canvas to us."""
    (tmp_path / "marked.csv").write_bytes(mark_gradebook(EXPORT, CLASS, "hw2").text.encode())
    students = read_roster(tmp_path / "marked.csv")
    assert [(one.id, one.canvas_id) for one in students][:3] == [("s0001", "4711"), ("s0002", "4712"), ("s0003", "4713")]


@pytest.mark.parametrize("text", [EXPORT, '\ufeffa;b\n1;"2\n3"\r4', "a,b", "a,c\n\n\nb\n", ',,\n"",\n', 'a,"b""c"\r\n'])
def test_a_file_is_put_together_as_it_was(text):
    """Taking apart and putting together changes no byte."""
    sheet = read(text, "x")
    assert sheet.text == text
    below = text.removeprefix(sheet.mark)  # a byte order mark and lines without a value are no rows
    reader = csv.reader(io.StringIO(below, newline=""), delimiter=sheet.delimiter)
    assert [row for row in sheet.rows if row != [""]] == [row for row in reader if row]


CELLS = st.text(st.sampled_from('ab,;" =\n🎓ه'), max_size=6)  # no \r, which csv.writer itself leaves without quotes


@given(
    st.lists(st.lists(CELLS, min_size=3, max_size=3), min_size=1, max_size=5),
    st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]),
    st.sampled_from(["\r\n", "\n"]),
    st.text(st.sampled_from('ab,;" =\r\n🎓ه'), max_size=6),
)
def test_a_cell_changes_alone(rows, quoting, end, cell):
    """Whatever a file holds, and whatever is written into one cell of it, a reader of CSV sees that cell changed."""
    out = io.StringIO()
    csv.writer(out, quoting=quoting, lineterminator=end).writerows([["x", "y", "z"], *rows])
    sheet = read(out.getvalue(), "x")
    sheet.put(1, 1, cell)
    rows[0][1] = cell
    assert list(csv.reader(io.StringIO(sheet.text, newline=""))) == [["x", "y", "z"], *rows]


def test_a_number_is_read_as_canvas_reads_it():
    """The last separator is the decimal one."""
    cells = ["7", "7.5", "7,5", "1.234,50", "", "EX", "(read only)", "-3"]
    assert [number_in(cell) for cell in cells] == [7, 7.5, 7.5, 1234.5, None, None, None, -3]
