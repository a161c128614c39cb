"""Moodle: an instructor's own grading worksheet, with marks in it; read again by Moodle's rules, all else byte for byte."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace

import pytest
from marking import check, grade, mark

from autograder.classroom.gradebook import Person
from autograder.export.moodle import LANGUAGES, comment, mark_worksheet
from autograder.export.sheet import SheetError
from autograder.inbox.roster import read_roster

ENGLISH = (
    'Identifier,"Full name","ID number","Email address",Status,Grade,"Maximum grade","Grade can be changed",'
    '"Last modified (submission)","Last modified (grade)","Feedback comments"\n'
    '"Participant 657717","Ada Lovelace",s0001,ada@x.org,"Submitted for grading - ",,100.00,Yes,"Monday, 26 October 2026, 9:00 PM",-,\n'
    '"Participant 657718","Bob O\'Neil",s0002,bob@x.org,"Submitted - graded",50.00,100.00,No,-,"Monday, 26 October 2026, 9:00 PM","<p>kept</p>"\n'
    '"Participant 657719","نور ""N"" الهادي",s0003,noor@x.org,No submission,-,100.00,Yes,-,-,"<p>mine</p>"\n'
    '"Participant 657720",Nobody Known,s0099,n@x.org,No submission,7.00,100.00,Yes,-,-,\n'
)
GERMAN = (
    '\ufeffID,"Vollständiger Name",E-Mail-Adresse,Status,Bewertung,Bestwertung,"Bewertung kann geändert werden",'
    '"Zuletzt geändert (Bewertung)","Feedback als Kommentar"\r\n'
    'Teilnehmer/in657717,"Ada Lovelace",ada@x.org,Abgegeben,,"100,00",Ja,-,\r\n'
    'Teilnehmer/in657718,"Bob O\'Neil",bob@x.org,Abgegeben,"7,50","100,00",Nein,-,\r\n'
)
ADA, BOB, NOOR = Person("s0001", "Ada", moodle_id="657717"), Person("s0002", moodle_id="657718"), Person("s0003")
CLASS = [mark(ADA, 50.0, 33.333), mark(BOB, 50.0, 0.0), mark(NOOR, 0.0, 0.0)]


def imported(text, language=0, participant="Participant "):
    """What Moodle reads (importgradeslib.php): grades and comments by participant; refuses a file without its three columns."""
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))
    header = rows[0]
    id_at, grade_at, _ = (header.index(LANGUAGES[what][language]) for what in ("identifier", "grade", "modified"))
    comments = header.index(LANGUAGES["comments"][language])
    found = {}
    for row in rows[1:]:
        text = row[grade_at].strip().replace(",", ".")  # unformat_float
        found[row[id_at][len(participant) :]] = (float(text) if re.fullmatch(r"-?[0-9.]+", text) else None, row[comments])
    return found


def test_only_grades_change():
    """The rest of the worksheet stands as it stood."""
    marked = mark_worksheet(ENGLISH, CLASS, "hw2")
    assert marked.text == ENGLISH.replace('grading - ",,', 'grading - ",83.33,').replace(
        "submission,-,100", "submission,0.00,100"
    )
    assert (marked.column, marked.written) == ("Grade", 2)


def test_whom_we_excuse_keeps_the_cell():
    """Moodle has no sign for it, and would count a mark."""
    marked = mark_worksheet(ENGLISH, [replace(CLASS[0], excused="excused in course.toml"), *CLASS[1:]], "hw2")
    assert imported(marked.text)["657717"][0] is None
    assert "s0001: excused in course.toml" in marked.kept


def test_moodle_reads_the_marks():
    """The marks of those who have one, and whose grade may be changed."""
    grades = {key: points for key, (points, _) in imported(mark_worksheet(ENGLISH, CLASS, "hw2").text).items()}
    assert grades == {"657717": 83.33, "657718": 50.0, "657719": 0.0, "657720": 7.0}


def test_who_is_not_found_is_named():
    """On either side, and whose grade is locked."""
    marked = mark_worksheet(ENGLISH, [*CLASS, mark("s0777", 50.0, 0.0)], "hw2")
    assert marked.unknown == ("Nobody Known",)
    assert marked.missing == ("s0777",)
    assert marked.kept == ("s0002: the grade cannot be changed in Moodle",)


def test_a_german_worksheet_keeps_its_commas():
    """Headers, participants, decimal commas in quotes, and "Nein"."""
    marked = mark_worksheet(GERMAN, CLASS, "hw2")
    assert marked.text == GERMAN.replace('Abgegeben,,"100', 'Abgegeben,"83,33","100')
    assert imported(marked.text, 1, "Teilnehmer/in")["657717"][0] == 83.33


@pytest.mark.parametrize("language", [2, 3])
def test_other_languages_are_known_by_their_headers(language):
    """French and Spanish."""
    names = [LANGUAGES[what][language] for what in ("identifier", "grade", "maximum", "modified", "comments")]
    text = ",".join(names) + '\nParticipant657717,,"100,00",-,\n'
    assert imported(mark_worksheet(text, CLASS, "hw2").text, language, "Participant")["657717"][0] == 83.33


WORKSHEETS = {
    "Italian": 'Identificativo,Nome completo,Valutazione,Valutazione massima,"Ultima modifica (valutazione)"',
    "Brazilian": 'Identificador,Nome completo,Nota,Nota máxima,"Última modificação (nota)"',
    "Portuguese": 'Identificador,Nome completo,Avaliação,Avaliação máxima,"Última atualização (avaliação)"',
    "Dutch": 'Identificatie,Volledige naam,Beoordeling,Maximale beoordeling,"Laatst gewijzigd (beoordeling)"',
    "Polish": 'Identyfikator,Imię i nazwisko,Ocena,Maksymalna ocena,"Ostatnia modyfikacja (ocena)"',
    "Catalan": 'Identificador,Nom complet,Qualificació,Qualificació màxima,"Darrera modificació (qualificació)"',
    "Swedish": 'Identifierare,Fullständigt namn,Betyg,Maximalt betyg,"Senast modifierat (betyg)"',
    "Czech": 'Identifikátor,Celé jméno,Hodnocení,Nejlepší,"Poslední změna (hodnocení)"',
    "Turkish": 'Kayıt,Tam adı,Not,En yüksek not,"Son düzenleme (not)"',
    "Russian": 'Идентификатор,Полное имя,Оценка,Максимальная оценка,"Последнее изменение (оценка)"',
}


@pytest.mark.parametrize("header", WORKSHEETS.values(), ids=WORKSHEETS)
def test_worksheets_of_more_languages(header, tmp_path):
    """The identifier is the first column and the maximum follows the grade, in whatever words; the roster reads them, too."""
    text = f"{header}\nPåticipant657717,Ada Lovelace,,100.00,-\n"
    assert mark_worksheet(text, CLASS, "hw2").text == text.replace("Lovelace,,", "Lovelace,83.33,")
    with pytest.raises(SheetError, match=r"has a maximum of 20 points"):
        mark_worksheet(text.replace("100.00", "20.00"), CLASS, "hw2")
    (tmp_path / "worksheet.csv").write_text(text, encoding="utf-8")
    ada = read_roster(tmp_path / "worksheet.csv")[0]
    assert (ada.name, ada.moodle_id) == ("Ada Lovelace", "657717")


@pytest.mark.parametrize("before", ["\n", "\r\n\r\n", "\ufeff\n", "sep=,\r\n", ",,,\n"])
def test_what_stands_before_the_header_stays(before):
    """Empty lines, and what Excel writes."""
    marked = mark_worksheet(before + ENGLISH, CLASS, "hw2")
    assert marked.text == before + mark_worksheet(ENGLISH, CLASS, "hw2").text
    assert marked.written == 2


def test_first_and_last_names_in_two_columns():
    """Are a name, where there is nothing better to go by."""
    text = "Identifier,Vorname,Nachname,Grade,Maximum grade\nParticipant 1,,Ada,,100\n"
    assert mark_worksheet(text, CLASS, "hw2").written == 1


def test_another_language_needs_the_name_of_the_column():
    """The identifier is the first column everywhere."""
    text = "Tunniste,Arvosana,Muokattu\nOsallistuja 657717,,-\n"
    with pytest.raises(SheetError, match="its language is unknown to dlkit; expected the columns Identifier and Grade"):
        mark_worksheet(text, CLASS, "hw2")
    assert mark_worksheet(text, CLASS, "hw2", column="Arvosana").text == text.replace("657717,,", "657717,83.33,")


@pytest.mark.parametrize(
    "person",
    [
        Person("a", moodle_id="657717"),
        Person("a", moodle_id="Participant 657717"),
        Person("657717"),
        Person("s0001"),
        Person("a", email="ADA@x.org"),
        Person("ada@x.org"),
        Person("a", "Lovelace, Ada"),
    ],
    ids=["number", "identifier", "a key that is the number", "ID number", "address", "a key that is the address", "name"],
)
def test_a_student_is_found(person):
    """By each of the keys alone."""
    assert imported(mark_worksheet(ENGLISH, [mark(person, 50.0, 50.0)], "hw2").text)["657717"][0] == 100


def test_blind_marking_is_no_hindrance():
    """Without names and addresses, the number is enough."""
    text = 'Identifier,Status,Grade,"Last modified (grade)"\n"Participant 657717",-,,-\n'
    assert mark_worksheet(text, CLASS, "hw2").text == text.replace("-,,-", "-,83.33,-")


def test_comments_are_written_if_asked():
    """Short HTML in one line; a comment that is there stays, unless it may be replaced."""
    marked = imported(mark_worksheet(ENGLISH, CLASS, "hw2", comments=True).text)
    assert "<strong>b</strong><br>failed: it is 1; expected 2" in marked["657717"][1]
    assert marked["657719"][1] == "<p>mine</p>"
    assert marked["657718"][1] == "<p>kept</p>"
    again = imported(mark_worksheet(ENGLISH, CLASS, "hw2", comments=True, overwrite=True).text)
    assert "<strong>a</strong>" in again["657719"][1]


def test_a_comment_holds_no_markup_of_a_student():
    """What a message quotes is text, in one line."""
    one = mark(ADA, 50.0)
    wrong = replace(check("b", 0.0), message="<script>alert(1)</script>\n\x00&", hint="=1")
    said = comment(replace(one, row=replace(one.row, grade=grade("s0001", wrong))))
    assert "<script>" not in said
    assert "&lt;script&gt;alert(1)&lt;/script&gt;<br>\\x00&amp;<br>hint: =1" in said
    assert "\n" not in said
    assert comment(mark(ADA, 50.0)) == "<p>All checks passed.</p>"


def test_more_than_the_maximum_is_not_written():
    """Moodle would leave it out without a word."""
    one = mark(ADA, 50.0, 50.0)
    extra = replace(one, final=replace(one.final, attempt=one.final.attempt, items=(one_more(5.0),)))
    marked = mark_worksheet(ENGLISH, [extra, CLASS[2]], "hw2")
    assert marked.kept == ("s0001: 105 exceeds the maximum of 100, so Moodle would ignore it",)
    assert imported(marked.text)["657717"][0] is None


def one_more(points):
    """Extra points."""
    from autograder.policy import Item

    return Item("a bonus", points)


REFUSED = {
    "another maximum": (ENGLISH.replace("100.00", "20.00"), {}, r"a maximum of 20 points; marks of hw2 are out of 100 \("),
    "a scale": ("Identifier,Grade,Scale\nParticipant 1,,bad good\n", {}, "grades on a scale"),
    "another file": ("name,email\nAda,a@x.org\n", {}, "not a Moodle grading worksheet"),
    "a column that is not there": (ENGLISH, {"column": "Nota"}, "no column `Nota`"),
    "no comments": (
        'Identifier,Grade,"Maximum grade"\nParticipant 1,,100\n',
        {"comments": True},
        "no column for feedback comments",
    ),
    "no number": (
        "Identifier,Grade\nAda,\n",
        {},
        "a row without a participant's number, such as Participant 657717. Received: `Ada`",
    ),
    "nothing": ("", {}, "is empty"),
}


@pytest.mark.parametrize("text, wishes, sentence", REFUSED.values(), ids=REFUSED)
def test_what_is_no_place_for_marks_is_refused_in_a_sentence(text, wishes, sentence):
    """Nothing is written where Moodle would ignore it."""
    with pytest.raises(SheetError, match=sentence):
        mark_worksheet(text, CLASS, "hw2", **wishes)


def test_marks_can_be_scaled():
    """To the maximum of the worksheet."""
    assert imported(mark_worksheet(ENGLISH.replace("100.00", "20.00"), CLASS, "hw2", scale=True).text)["657717"][0] == 16.67


def test_what_is_not_judged_entirely_is_left():
    """Neither no grade nor part of one is a mark."""
    marked = mark_worksheet(ENGLISH, [mark(ADA, 50.0, None), mark(NOOR, why="not graded yet")], "hw2")
    assert marked.text == ENGLISH
    assert marked.kept == (
        "s0001: has a grader error; grade again, or set the points with `dlkit adjust`",
        "s0003: not graded yet",
    )


def test_the_roster_reads_what_was_written(tmp_path):
    """The file is still a worksheet of Moodle to us."""
    (tmp_path / "marked.csv").write_bytes(mark_worksheet(ENGLISH, CLASS, "hw2", comments=True).text.encode())
    students = read_roster(tmp_path / "marked.csv")
    assert [(one.id, one.moodle_id) for one in students][:2] == [("s0001", "657717"), ("s0002", "657718")]


def test_the_roster_reads_a_german_worksheet(tmp_path):
    """Whose ID is Moodle's participant, and nobody's number."""
    (tmp_path / "marked.csv").write_bytes(GERMAN.encode())
    ada = read_roster(tmp_path / "marked.csv")[0]
    assert (ada.id, ada.name, ada.moodle_id) == ("ada@x.org", "Ada Lovelace", "657717")
