"""Columns: the tables of other systems. How their bytes are read, and what Moodle calls a column in each language.

Those who read a roster and those who write marks into a worksheet open the same files in the same way.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence

from autograder.text.errors import DlkitError

DELIMITERS = ",;\t"
BOM = "\ufeff"
LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n|\Z)")
SEP = re.compile(r"sep=(.)\s*", re.IGNORECASE)  # a first line by which Excel knows the delimiter
MARKS = {b"\xff\xfe\0\0": "utf-32", b"\0\0\xfe\xff": "utf-32", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}

# Moodle's words, each in its own spelling: a title is found whatever its case, signs and spaces.
FIRST_AND_LAST = (
    ("First name", "Last name"), ("First name", "Surname"), ("Given name", "Family name"), ("First", "Last"),  # English
    ("Vorname", "Nachname"), ("Vorname", "Familienname"),  # German
    ("Prénom", "Nom"), ("Prénom", "Nom de famille"),  # French
    ("Nombre", "Apellido(s)"), ("Nombre", "Apellido"), ("Nombre(s)", "Apellido(s)"), ("Nombre(s)", "Apellido"),  # Spanish
    ("Nome", "Cognome"),  # Italian
    ("Nome", "Apelido"), ("Nome", "Apelido(s)"), ("Nome", "Sobrenome"),  # Portuguese, Galician
    ("Nome próprio", "Apelido"), ("Nome próprio", "Apelido(s)"),
    ("Voornaam", "Achternaam"),  # Dutch
    ("Imię", "Nazwisko"),  # Polish
    ("Nom", "Cognoms"),  # Catalan
    ("Förnamn", "Efternamn"),  # Swedish
    ("Fornavn", "Efternavn"), ("Fornavn", "Etternavn"),  # Danish, Norwegian
    ("Etunimi", "Sukunimi"),  # Finnish
    ("Jméno", "Příjmení"), ("Křestní jméno", "Příjmení"),  # Czech
    ("Meno", "Priezvisko"), ("Krstné meno", "Priezvisko"),  # Slovak
    ("Ad", "Soyad"), ("Adı", "Soyadı"),  # Turkish
    ("Имя", "Фамилия"), ("Ім'я", "Прізвище"),  # Russian, Ukrainian
    ("Keresztnév", "Vezetéknév"), ("Utónév", "Vezetéknév"),  # Hungarian
    ("Prenume", "Nume"), ("Prenume", "Nume de familie"),  # Romanian
    ("Όνομα", "Επώνυμο"),  # Greek
    ("Ime", "Priimek"), ("Ime", "Prezime"),  # Slovene, Croatian
    ("Izena", "Deitura"), ("Izena", "Deiturak"),  # Basque
    ("名", "姓"), ("名", "姓氏"),  # Japanese, Chinese
)  # fmt: skip
NAMES = {
    "name": ("Full name", "Vollständiger Name", "Nom complet", "Nombre completo", "Nome completo", "Volledige naam",
             "Imię i nazwisko", "Fullständigt namn", "Fulde navn", "Fullt navn", "Koko nimi", "Celé jméno", "Tam adı",
             "Полное имя", "Teljes név", "Nume complet", "Izen osoa", "氏名", "全名"),
    "number": ("ID number", "ID-Nummer", "Matrikelnummer", "Numéro d'identification", "Matricule", "Numéro étudiant",
               "Número de ID", "Número ID", "Número de identificación", "Matrícula", "Número de identificação", "Número de aluno",
               "Codice identificativo", "Numero ID", "Matricola", "Numer ID", "Numer albumu", "ID-numero", "ID numarası",
               "Kimlik numarası", "IDナンバー",
               "Identifikační číslo", "Индивидуальный номер", "Număr identificator", "Studentnummer", "ID 号", "学号"),
    "email": ("Email address", "Email", "E-Mail-Adresse", "Adresse de courriel", "Adresse e-mail", "Adresse courriel",
              "Adresse électronique", "Courriel", "Dirección de correo", "Dirección Email", "Dirección de correo electrónico",
              "Correo electrónico", "Indirizzo email", "Endereço de email", "Endereço de correio eletrónico", "E-mailadres",
              "Adres e-mail", "Adreça electrònica", "E-postadress", "E-post", "E-mailadresse", "E-postadresse", "Mailadresse",
              "Sähköpostiosoite", "Sähköposti", "E-mailová adresa", "E-posta adresi", "E-posta", "Адрес электронной почты",
              "Электронная почта", "E-mail cím", "Adresă de email", "Enderezo de correo", "メールアドレス", "电子邮件地址"),
    "login": ("Username", "Benutzername", "Anmeldename", "Nom d'utilisateur", "Nombre de usuario", "Usuario", "Nome utente",
              "Nome de utilizador", "Nome de usuário", "Gebruikersnaam", "Nazwa użytkownika", "Nom d'usuari", "Användarnamn",
              "Brugernavn", "Brukernavn", "Käyttäjätunnus", "Uživatelské jméno", "Kullanıcı adı", "Логин"),
    "group": ("Group", "Groups", "Group name", "Team", "Team name", "Gruppe", "Gruppen", "Groupe", "Groupes", "Grupo", "Grupos",
              "Gruppo", "Gruppi", "Groep", "Groepen", "Grupp", "Grupper", "Grupa", "Grup", "Ryhmä", "Skupina", "Группа"),
}  # fmt: skip

# The columns of a grading worksheet, besides those above; English, German, French and Spanish first.
WORKSHEET = {
    "identifier": ("Identifier", "ID", "Identifiant", "Identificador", "Identificatie", "Identificativo", "Identyfikator",
                   "Identifierare", "Identifikátor", "Идентификатор"),
    "grade": ("Grade", "Bewertung", "Note", "Calificación", "Évaluation", "Valutazione", "Nota", "Avaliação", "Beoordeling",
              "Cijfer", "Ocena", "Qualificació", "Cualificación", "Betyg", "Karakter", "Vurdering", "Bedømmelse", "Arvosana",
              "Hodnocení", "Známka", "Not", "Оценка", "Оцінка", "Kalifikazioa", "Nilai", "评分", "成绩"),
    "maximum": ("Maximum grade", "Bestwertung", "Note maximale", "Calificación máxima", "Valutazione massima", "Nota máxima",
                "Avaliação máxima", "Maximale beoordeling", "Maximumcijfer", "Maksymalna ocena", "Qualificació màxima",
                "Maximalt betyg", "Maximální známka", "En yüksek not", "Максимальная оценка", "最高成绩"),
    "scale": ("Scale", "Skala", "Barème", "Escala", "Scala", "Schaal", "Ölçek", "Шкала", "Škála"),
    "open": ("Grade can be changed", "Bewertung kann geändert werden", "La note peut être modifiée",
             "La calificación puede ser cambiada", "La calificación puede cambiarse", "La valutazione può essere cambiata",
             "Nota pode ser alterada", "A nota pode ser alterada", "Betyg kan ändras", "Not değiştirilebilir",
             "A cualificación pode seren cambiada", "Nilai bisa diubah", "允许更改成绩"),
    "modified": ("Last modified (grade)", "Zuletzt geändert (Bewertung)", "Dernière modification (note)",
                 "Última modificación (calificación)", "Dernière modification (évaluation)", "Ultima modifica (valutazione)",
                 "Última modificação (nota)", "Última atualização (avaliação)", "Laatst gewijzigd (beoordeling)",
                 "Ostatnia modyfikacja (ocena)", "Darrera modificació (qualificació)", "Última modificación (cualificación)",
                 "Senast modifierat (betyg)", "Poslední změna (hodnocení)", "Son düzenleme (not)",
                 "Последнее изменение (оценка)", "Azken aldaketa (kalifikazioa)", "Terakhir diubah (nilai)",
                 "最終更新日時 (評定)", "最后修改（教师）"),
    "submitted": ("Last modified (submission)", "Zuletzt geändert (Abgabe)", "Dernière modification (travail remis)",
                  "Dernière modification (remise)", "Última modificación (entrega)", "Última modificación (envío)"),
    "comments": ("Feedback comments", "Feedback als Kommentar", "Feedback par commentaires", "Comentarios de retroalimentación"),
}  # fmt: skip
PARTICIPANT = (
    "Participant", "Participante", "Teilnehmer/in", "Teilnehmer", "Partecipante", "Deelnemer", "Deltagare", "Deltager",
    "Deltaker", "Uczestnik", "Osallistuja", "Účastník", "Katılımcı", "Участник", "参与者", "参加者",
)  # fmt: skip
NO = ("no", "nein", "non", "não", "nee", "nie", "nej", "nei", "ei", "ne", "hayır", "нет", "ez", "否", "いいえ")


# What platforms write around the title of an assignment, and the maximum where they tell it: Canvas's "HW2 (1234)", Brightspace's
# "HW2 Points Grade <Numeric MaxPoints:100 Weight:10>", Blackboard's "HW2 [Total Pts: 100 Score] |1234567".
ITEMS = {
    "canvas": re.compile(r"(?P<title>.+)\s\((?P<id>[0-9]+)\)", re.DOTALL),
    "brightspace": re.compile(r"(?P<title>.+?) Points Grade(?: <Numeric(?: MaxPoints:(?P<most>[0-9.]+))?[^>]*>)?", re.DOTALL),
    "blackboard": re.compile(
        r"(?P<title>.+?) \[Total Pts: (?:up to )?(?P<most>[0-9.,]+)[^\]]*\](?: ?\|(?P<id>[0-9]+))?", re.DOTALL
    ),
}
ENDS = "End-of-Line Indicator"  # Brightspace's last column; its ids begin with "#", so that they stay texts in a spreadsheet
HASHED = ("OrgDefinedId", "Username")


class TableError(DlkitError):
    """The bytes of a table are no text; `line`, and what is there."""

    def __init__(self, line: int, received: str) -> None:
        super().__init__(received)
        self.line, self.received = line, received


def decoded(data: bytes) -> str:
    """The text of a table's bytes: UTF-8, or UTF-16 as Excel's "Unicode text" is; a byte order mark stays, for Excel.

    Raises:
        TableError: it is neither.
    """
    encoding = next((encoding for mark, encoding in MARKS.items() if data.startswith(mark)), "")
    if not encoding and b"\0" in data[:200]:  # UTF-16 without a mark: every other byte of a header is zero
        encoding = "utf-16-le" if data[1:2] == b"\0" else "utf-16-be"
    try:
        if not encoding:
            return data.decode("utf-8")
        return BOM + data.decode(encoding).removeprefix(BOM)
    except UnicodeDecodeError as error:
        received = f"the byte 0x{error.object[error.start]:02x}"
        raise TableError(data[: error.start].count(b"\n") + 1, received) from None


def opening(text: str) -> tuple[str, str]:
    """What stands before the header of a table, such as empty lines or `sep=;`, and the delimiter of its fields."""
    start = len(BOM) if text.startswith(BOM) else 0
    while start < len(text):
        line = LINE.match(text, start)
        if line is None or line[0].strip(" \t\r\n,;"):
            break
        start = line.end()
    line = LINE.match(text, start)
    if line and (told := SEP.fullmatch(line[0])):
        return text[: line.end()], told[1]
    bare = re.split(r"[\r\n]", re.sub(r'"[^"]*"', "", text[start:]), maxsplit=1)[0]
    return text[:start], max(DELIMITERS, key=bare.count)


def spelt(title: str) -> str:
    """A column's title as it is compared: letters and digits of one form, without case."""
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", title).casefold()))


def place_of(header: Sequence[str], names: Iterable[str]) -> int | None:
    """Where the first of several names is in a header; None where none is."""
    titles = [spelt(title) for title in header]
    return next((titles.index(spelt(name)) for name in names if spelt(name) in titles), None)


def item_of(title: str) -> str:
    """The title of an assignment without what a platform writes around it.

    >>> item_of("Exam [Total Pts: 60 Score] |1234567"), item_of("Exam Points Grade <Numeric MaxPoints:60>"), item_of("Exam (12)")
    ('Exam', 'Exam', 'Exam')
    """
    found = next(filter(None, (pattern.fullmatch(title.strip()) for pattern in ITEMS.values())), None)
    return found["title"] if found else title


def unhashed(header: Sequence[str], cells: Sequence[str]) -> list[str]:
    """The cells of a row without the sign that Brightspace puts before ids; those of any other table as they are."""
    if not {spelt(ENDS), spelt(HASHED[0])} & {spelt(title) for title in header}:
        return list(cells)
    ids = {place_of(header, [name]) for name in HASHED}
    return [cell.removeprefix("#") if place in ids else cell for place, cell in enumerate(cells)]


def first_and_last(header: Sequence[str]) -> tuple[int, int] | None:
    """Where the first and the last name are, in whichever language both are found: the French "Nom" is the Catalan's first."""
    for first, last in FIRST_AND_LAST:
        one, other = place_of(header, [first]), place_of(header, [last])
        if one is not None and other is not None:
            return one, other
    return None


def full_name(header: Sequence[str]) -> int | None:
    """Where the whole name is, in one column: also one that is called by both words, "Vorname / Nachname"."""
    both = [order for first, last in FIRST_AND_LAST for order in (f"{first} {last}", f"{last} {first}")]
    return place_of(header, [*NAMES["name"], *both])


def worksheet(header: Sequence[str]) -> Mapping[str, int]:
    """Where a grading worksheet of Moodle has what; empty for any other table."""
    found = {what: place for what, names in WORKSHEET.items() if (place := place_of(header, names)) is not None}
    if "modified" in found:
        found.setdefault("identifier", 0)  # Moodle writes it first
    if not found.keys() & {"modified", "open", "maximum", "scale"}:
        named = "grade" in found and full_name(header) is not None and spelt(header[found.get("identifier", 0)]) != "id"
        return found if named and "identifier" in found else {}
    return found if "identifier" in found and found.keys() & {"modified", "grade"} else {}
