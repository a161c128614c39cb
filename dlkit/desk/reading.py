"""Reading submissions: the queues, the page of one, and what is written on it."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby

from markupsafe import Markup
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from autograder.classroom.gradebook import Adjustment, ChangedError
from autograder.classroom.gradebook import reading as written
from autograder.classroom.gradebook.damage import MOST
from autograder.classroom.gradebook.values import Comment, Place, Row
from autograder.inbox.people import Person
from autograder.outcome import CheckResult, Outcome, total
from autograder.report.words import PRINTED, Block, block
from autograder.text.cells import module_of
from dlkit.desk.code import lines, place_of
from dlkit.desk.desk import Desk, Refused, conflict, masked, text_of
from dlkit.desk.queues import COUNTED, KINDS, RIGHT, Queue, around, whole
from dlkit.desk.roll import Work
from dlkit.desk.same import group_of

EMPTY = {
    "look": "Nothing stands out: no grader errors, broken rules or time-outs.",
    "mine": "You have not read anything yet. What you read, and what you set aside, is listed here.",
    "check": "Choose a check above.",
}


@dataclass(frozen=True)
class Shown:
    """A check as the page shows it.

    Attributes:
        block: what the student reads of it.
        standing: what was set by hand.
        theirs: of each student whose work it is, the id of what stands there.
        line: the id of the line at which its function begins, "" where none is known.
    """

    result: CheckResult
    block: Block
    standing: Adjustment | None
    theirs: Mapping[str, int]
    line: str

    @property
    def quiet(self) -> bool:
        """Whether there is nothing to say about it."""
        return self.result.outcome is Outcome.PASSED


@dataclass(frozen=True)
class File:
    """A file as the page shows it, with the comments on each line."""

    name: str
    lines: tuple[Markup, ...]
    places: Mapping[int, list[Place]]


def home(desk: Desk, request: Request, given: Mapping[str, str]) -> Response:
    """Where a reader begins."""
    return queue(desk, request, given or {"assignment": desk.chosen({}), "queue": "look"})


def queue(desk: Desk, request: Request, given: Mapping[str, str]) -> Response:
    """The submissions of a queue."""
    assignment, asked, hidden = desk.chosen(given), Queue.of(given), desk.hidden(request)
    me = request.state.reader
    works = desk.roll.works(assignment)
    reviews, others = written.reviews(desk.book, assignment), written.readers(desk.book, me)
    found = asked.chosen(works, reviews, me, _alike(desk, assignment, asked), hidden)
    read = {work.attempt for work in found if work.attempt in reviews and not reviews[work.attempt].later}
    names = list(dict.fromkeys(check.name for work in works for check in work.checks))
    wrong = [check.name for work in works for check in work.checks if check.outcome not in RIGHT]
    marked = any(check.outcome is Outcome.TO_MARK for work in works for check in work.checks)
    tabs = [
        (kind, words, len(Queue(kind).chosen(works, reviews, me)) if kind in COUNTED else None)
        for kind, words in KINDS.items()
        if kind == asked.kind or kind not in ("same", "mark") or (kind == "mark" and marked)
    ]
    skip = frozenset({work.attempt for work in found if work.attempt in reviews} | others.keys())
    return desk.page(
        request,
        "queue.html",
        assignment=assignment,
        room="Read",
        about=next((one.mark.row.grade.title for one in works if one.mark.row and one.mark.row.grade), ""),
        queue=asked,
        tabs=tabs,
        checks=[(name, wrong.count(name)) for name in names],
        works=found,
        sections=any(work.mark.person.section for work in found),
        called={work.attempt: desk.called(work.attempt, work.mark, work.mark.student, hidden) for work in found},
        reviews=reviews,
        others=others,
        read=len(read),
        next=around(found, 0, skip)[3],
        empty=EMPTY.get(asked.kind if not asked.check else "", "There are no such submissions."),
    )


def read(desk: Desk, request: Request, given: Mapping[str, str]) -> Response:
    """One submission: its code beside its verdicts."""
    attempt = int(request.path_params["attempt"])
    row = desk.book.row(attempt)
    if row is None:
        raise Refused("there is no such submission", 404)
    assignment, asked, hidden, me = row.assignment, Queue.of(given), desk.hidden(request), request.state.reader
    marks = desk.roll.marks(assignment)
    mark = marks.get(row.student)
    works = desk.roll.works(assignment)
    reviews, others = written.reviews(desk.book, assignment), written.readers(desk.book, me)
    chosen = asked.chosen(works, reviews, me, _alike(desk, assignment, asked), hidden)
    skip = frozenset({work.attempt for work in chosen if work.attempt in reviews} | others.keys())
    at, before, after, following = around(chosen, attempt, skip)
    people = [marks[student].person if student in marks else Person(student) for student in row.everybody] if hidden else []
    texts = desk.book.texts(row.files) if row.files else {}
    counts = mark is not None and mark.row is not None and mark.row.id == attempt
    by_hand = _by_hand(desk, row)
    checks = _checks(row, texts, by_hand)
    first = row.everybody[0]
    answer = desk.page(
        request,
        "read.html",
        assignment=assignment,
        room="Read",
        title=desk.called(attempt, mark, row.name or row.student, hidden),
        attempt=attempt,
        queue=asked,
        queue_query=f"assignment={assignment}&{asked.query}".rstrip("&"),
        at=at,
        of=len(chosen),
        before=before,
        after=after,
        next=following,
        row=row,
        grade=row.grade,
        notes=[f"{notice.sentence}." for notice in row.grade.notices] if row.grade else [],
        mark=mark,
        counts=counts,
        reasons=mark.reasons if counts and mark and mark.final else (),
        attempts=[one for one in desk.book.rows(assignment, students=[row.student], cases=False) if one.id != attempt],
        called=desk.called(attempt, mark, row.name or row.student, hidden),
        review=reviews.get(attempt),
        others=others.get(attempt, ""),
        checks=checks,
        printed=PRINTED,
        whole=by_hand[""].get(first),
        whole_theirs=_ids(by_hand[""], row.everybody),
        most=total(check.max_score for check in row.grade.core) if row.grade else 0,
        files=_files(desk, row, texts, people),
        saved=written.comments(desk.book),
        requests=[one for one in written.requests(desk.book, assignment) if one.student in row.everybody and one.state == "open"],
        can_run=bool(row.files) and desk.folder(assignment) is not None,
        mask=lambda text: masked(text, people),
    )
    if not hidden:  # the next page is asked for soon
        answer.background = BackgroundTask(_ahead, desk, [work for work in chosen if work.attempt in (after, following)])
    return answer


def points(desk: Desk, request: Request, form: Mapping[str, str]) -> Response:
    """Points, a reason or an excuse by hand: as `dlkit adjust` sets them, unless somebody else was first."""
    row = _row(desk, form)
    check, comment, undo = form.get("check", ""), text_of(form.get("comment", ""), one_line=True), bool(form.get("undo"))
    names = [one.name for one in row.grade.checks] if row.grade else []
    if check and check not in names:
        raise Refused(f"{row.assignment} has no check {check[:80]!r}")
    given = None if undo else _number(form.get("points", ""))
    excused = bool(form.get("excused")) and not check and not undo
    if excused and given is not None:
        raise Refused("an excuse leaves the assignment out of the total, so it cannot have points, too. Give one of the two")
    comment = "" if undo else comment
    students = row.everybody if form.get("group") else row.everybody[:1]
    seen = [whole(form.get(f"seen.{student}", "")) for student in students]
    at = datetime.now(UTC).isoformat(timespec="seconds")
    anchor = f"check-{names.index(check) + 1}" if check else "check-whole"
    try:
        desk.book.adjust(
            *(
                Adjustment(row.assignment, student, given, comment, request.state.reader, at, check, excused)
                for student in students
            ),
            seen=seen,
        )
    except ChangedError as error:
        theirs = error.newest
        stands = [("points", "none"), ("reason", "none")]
        if isinstance(theirs, Adjustment):
            stands = [
                ("points", "none" if theirs.points is None else f"{theirs.points:g}"),
                ("reason", theirs.comment or "none"),
                ("by", f"{theirs.by}, {theirs.at}"),
            ]
        now = _ids(_by_hand(desk, row)[check], row.everybody)
        kept = {"attempt": str(row.id), "check": check, "back": form.get("back", ""), "group": form.get("group", "")}
        kept |= {"excused": "1"} if excused else {}
        mine = [("points", "Points", form.get("points", "")), ("comment", "Reason", form.get("comment", ""))]
        return conflict(desk, request, "points", stands, kept | {f"seen.{key}": str(value) for key, value in now.items()}, mine)
    most = next((one.max_score for one in row.grade.checks if one.name == check), None) if row.grade else None
    if given is not None and most is not None and given > most:
        desk.tell(request, f"Saved. {given:g} is more than the {most:g} points of {check}.")
    return desk.back(request, form, anchor=anchor)


def comment(desk: Desk, request: Request, form: Mapping[str, str]) -> Response:
    """A comment on a line."""
    row = _row(desk, form)
    texts = desk.book.texts(row.files) if row.files else {}
    file, line, again = form.get("file", ""), whole(form.get("line", "")), whole(form.get("comment", ""))
    if file not in texts or not 1 <= line <= len(lines(texts[file])):
        raise Refused(f"there is no line {line} of {file[:80]!r} in this submission")
    text = text_of(form.get("text", ""))
    if not text and not again:
        raise Refused("a comment needs a text, or one of the comments that you use again")
    place = written.say(
        desk.book, row.id, file, line, request.state.reader, text=text, reusable=bool(form.get("reusable")), comment=again
    )
    return desk.back(request, form, anchor=f"note-{place}")


def uncomment(desk: Desk, request: Request, form: Mapping[str, str]) -> Response:
    """Take a comment off a line."""
    written.unsay(desk.book, whole(form.get("place", "")))
    return desk.back(request, form)


def reword(desk: Desk, request: Request, form: Mapping[str, str]) -> Response:
    """Another text for a comment, everywhere it stands."""
    text, again = text_of(form.get("text", "")), bool(form.get("reusable"))
    if not text:
        raise Refused("a comment needs a text. To take it away, remove it from its line")
    key = whole(form.get("comment", ""))
    try:
        written.reword(desk.book, key, text, again, request.state.reader, whole(form.get("seen", "")))
    except ChangedError as error:
        theirs = error.newest
        assert isinstance(theirs, Comment)  # noqa: S101 - of a comment
        kept = {"comment": str(key), "seen": str(theirs.version), "back": form.get("back", ""), "reusable": "1" if again else ""}
        stands = [("comment", theirs.text), ("by", f"{theirs.by}, {theirs.at}")]
        return conflict(desk, request, "reword", stands, kept, [("text", "Comment", text)])
    return desk.back(request, form)


def comments(desk: Desk, request: Request, given: Mapping[str, str]) -> Response:
    """The comments that can be used again."""
    return desk.page(request, "comments.html", title="Comments", room="Comments", comments=written.comments(desk.book))


def review(desk: Desk, request: Request, form: Mapping[str, str]) -> Response:
    """Note that a submission was read, or set it aside; then the next one."""
    row = _row(desk, form)
    undo = bool(form.get("undo"))
    written.review(desk.book, row.id, request.state.reader, later=bool(form.get("later")), undo=undo)
    query, following = Queue.of(dict(_pairs(form.get("queue", "")))).query, whole(form.get("next", ""))
    if undo:
        return desk.back(request, {}, f"/read/{row.id}?{query}")
    if not following:
        desk.tell(request, "That was the last one that nobody has read.")
        return desk.back(request, {}, f"/queue?assignment={row.assignment}&{query}")
    return desk.back(request, {}, f"/read/{following}?{query}")


def hide(desk: Desk, request: Request, form: Mapping[str, str]) -> Response:
    """Hide or show the names, for this reader."""
    desk.nameless ^= {request.state.reader}
    return desk.back(request, form)


def here(desk: Desk, request: Request, form: Mapping[str, str]) -> Response:
    """Note what this reader has open; who else has it open."""
    attempt, me = whole(form.get("attempt", "")), request.state.reader
    written.read_by(desk.book, attempt, me)
    return JSONResponse({"others": written.readers(desk.book, me).get(attempt, "")})


def _alike(desk: Desk, assignment: str, asked: Queue) -> tuple[str, ...]:
    """The students of the wrong answer that a queue is about."""
    if asked.kind != "same":
        return ()
    group = group_of(desk, assignment, asked.check, asked.like)
    return group.students if group else ()


def _ahead(desk: Desk, works: Sequence[Work]) -> None:
    """Colour the code that is likely to be read next."""
    for work in works:
        for text in desk.book.texts(work.mark.row.files).values() if work.mark.row and work.mark.row.files else ():
            lines(text)


def _row(desk: Desk, form: Mapping[str, str]) -> Row:
    row = desk.book.row(whole(form.get("attempt", "")))
    if row is None:
        raise Refused("there is no such submission", 404)
    return row


def _by_hand(desk: Desk, row: Row) -> dict[str, dict[str, Adjustment]]:
    """What stands by hand, by check and student, also what was taken back; "" is the whole."""
    names = ["", *(check.name for check in row.grade.checks)] if row.grade else [""]
    found: dict[str, dict[str, Adjustment]] = {name: {} for name in names}
    for one in desk.book.adjustments(row.everybody, undone=True):
        if one.assignment == row.assignment and one.check in found:
            found[one.check][one.student] = one
    return found


def _ids(standing: Mapping[str, Adjustment], students: Collection[str]) -> dict[str, int]:
    return {student: standing[student].id if student in standing else 0 for student in students}


def _checks(row: Row, texts: dict[str, str], by_hand: Mapping[str, Mapping[str, Adjustment]]) -> list[Shown]:
    told: set[str] = set()
    module, files = module_of(texts), list(texts)
    found = []
    for check in row.grade.checks if row.grade else ():
        file, line = place_of(check.function, texts)
        standing = by_hand[check.name].get(row.everybody[0])
        if standing and standing.points is None and not standing.comment:  # taken back
            standing = None
        anchor = f"L{files.index(file)}-{line}" if line else ""
        found.append(Shown(check, block(check, told, module), standing, _ids(by_hand[check.name], row.everybody), anchor))
    return found


def _files(desk: Desk, row: Row, texts: Mapping[str, str], people: Collection[Person]) -> list[File]:
    places = sorted(written.places(desk.book, row.assignment, [row.id]), key=lambda place: (place.file, place.line))
    by_file = {file: list(several) for file, several in groupby(places, key=lambda place: place.file)}
    return [
        File(
            name,
            lines(masked(text, people)),
            {line: list(several) for line, several in groupby(by_file.get(name, ()), key=lambda place: place.line)},
        )
        for name, text in texts.items()
    ]


def _number(text: str) -> float | None:
    """Points as somebody typed them; None for nothing."""
    text = text.strip().replace(",", ".")
    if not text:
        return None
    try:
        points = float(text)
    except ValueError:
        points = math.nan
    if not 0 <= points <= MOST:
        raise Refused(f"points must be a number, and not less than 0. Received: {text[:40]!r}")
    return points


def _pairs(query: str) -> list[tuple[str, str]]:
    from urllib.parse import parse_qsl

    return parse_qsl(query, max_num_fields=10)
