"""Source files: bytes from a disk without following tricks, and bytes to text without guessing."""

from __future__ import annotations

import os
import re
import stat
from pathlib import Path

from autograder.text import shown
from autograder.text.errors import DlkitError

MAX_BYTES = 2**20  # a source file larger than this is no student's work

# No link is followed, and a pipe is not waited for. A system without a flag has `kind_of` before and after opening.
FLAGS = os.O_RDONLY | sum(getattr(os, flag, 0) for flag in ("O_NOFOLLOW", "O_NONBLOCK", "O_CLOEXEC", "O_BINARY"))

PLAIN, FOLDER, SYMBOLIC_LINK, HARD_LINK = "", "a folder", "a symbolic link", "a hard link"
OTHER = "a pipe, a socket or a device"

BOM = "\xef\xbb\xbf"  # UTF-8's, byte by byte
MARKS = (b"\xff\xfe", b"\xfe\xff", b"\0\0\xfe\xff")  # how UTF-16 and UTF-32 begin
COOKIE = re.compile(r"[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)", re.ASCII)  # PEP 263
BLANK = re.compile(r"[ \t\f]*(#|$)", re.MULTILINE)  # only below such a line does Python look for a cookie in the second
# Encodings that a file may declare, as editors write them where UTF-8 is not the custom; signs in their names do not count.
DECLARED = {
    **dict.fromkeys(("ascii", "usascii"), "ascii"),
    **dict.fromkeys(("latin1", "iso88591"), "latin-1"),
    **dict.fromkeys(("latin9", "iso885915"), "iso8859-15"),
    **dict.fromkeys(("latin2", "iso88592"), "iso8859-2"),
    **{f"{word}{page}": f"cp{page}" for word in ("cp", "windows") for page in (1250, 1251, 1252, 1254)},
    "koi8r": "koi8-r",
    "macroman": "mac-roman",
    "gbk": "gbk",
    "gb2312": "gbk",
    "gb18030": "gb18030",
    "big5": "big5",
    "shiftjis": "cp932",
    "sjis": "cp932",
    "cp932": "cp932",
    "eucjp": "euc-jp",
    "euckr": "cp949",
    "cp949": "cp949",
}
UTF_8 = re.compile(r"utf[-_]?8([-_]\w+)?", re.IGNORECASE)  # utf8, UTF-8, utf-8-sig, and Emacs' utf-8-unix


class SubmissionError(DlkitError):
    """There is nothing that can be graded; the text says what was expected and what to do."""


def refusal(wrong: str, *, expected: str, received: str, remedy: str) -> SubmissionError:
    """The one grammar of refusals: what is wrong, what was expected, what there is, what to do."""
    return SubmissionError(f"{wrong}; expected {expected}. Received: {received}. {remedy}.")


def not_plain(where: object, kind: str) -> SubmissionError:
    """The refusal of what is no ordinary file."""
    return refusal(
        f"{shown(where)} is not a plain file",
        expected="an ordinary file with one name",
        received=kind,
        remedy="Put an ordinary copy in its place",
    )


def kind_of(status: os.stat_result) -> str:
    """What a file is: PLAIN for a regular file with one name."""
    if stat.S_ISLNK(status.st_mode):
        return SYMBOLIC_LINK
    if stat.S_ISDIR(status.st_mode):
        return FOLDER
    if not stat.S_ISREG(status.st_mode):
        return OTHER
    return PLAIN if status.st_nlink == 1 else HARD_LINK


def read_bytes(path: Path, most: int) -> bytes:
    """The first `most` + 1 bytes of a plain file, so that one byte too many tells that it is too large.

    Raises:
        SubmissionError: it is a link, a folder, a pipe or a device, or cannot be read.
    """
    try:
        if kind := kind_of(os.lstat(path)):  # before opening: to open a device may set it going
            raise not_plain(path, kind)
        with os.fdopen(os.open(path, FLAGS), "rb") as file:
            if kind := kind_of(os.fstat(file.fileno())):  # after it: the name may mean something else by now
                raise not_plain(path, kind)
            return file.read(most + 1)
    except OSError as error:
        raise unreadable(path, error) from None


def unreadable(path: Path, error: OSError) -> SubmissionError:
    """The refusal of what the system does not let one read."""
    return refusal(
        f"{shown(path)} cannot be read",
        expected="files that the grader may read",
        received=str(error.strerror),
        remedy="Check that they are there and may be read",
    )


def too_large(where: object, most: int, expected: str) -> SubmissionError:
    """The refusal of what is over its cap."""
    return refusal(
        f"{shown(where)} is larger than {most // 2**20} MB",
        expected=expected,
        received=f"more than {most} bytes",
        remedy="Leave out data and results",
    )


def read_source(path: Path) -> str:
    """The text of a source file.

    Raises:
        SubmissionError: it is a link, a folder or a device, too large, or not text in UTF-8 or in what it declares.
    """
    return text_of(read_bytes(path, MAX_BYTES), path)


def text_of(data: bytes, where: object) -> str:
    r"""The text of a source file's bytes, with lines that end in \n.

    It is UTF-8, or in one of a few encodings that the file declares, as Python reads it; the declaration is then UTF-8's.

    Raises:
        SubmissionError: it is too large, or not text in UTF-8 or in what it declares.
    """
    if len(data) > MAX_BYTES:
        raise too_large(where, MAX_BYTES, "a source file")
    if data.startswith(MARKS):
        raise _not_utf8(where, "", "UTF-16 or UTF-32")
    if (zero := data.find(b"\0")) >= 0:
        raise _not_utf8(where, f" (line {_line(data, zero)})", "a zero byte")
    cookie = _cookie(_plain(data.decode("latin-1").removeprefix(BOM)))
    if cookie and not UTF_8.fullmatch(cookie[1]):
        codec = DECLARED.get(re.sub(r"[\W_]", "", cookie[1].lower()))
        if codec is None or data.startswith(BOM.encode("latin-1")):
            raise _not_utf8(where, " by its own word", shown(cookie[0].strip()))
        return _declared(data, where, cookie, codec)
    try:
        return _plain(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        start = error.start + len(data) - len(error.object)  # the decoder counts from behind a byte order mark
        raise _not_utf8(where, f" (line {_line(data, start)})", f"the byte 0x{data[start]:02x}") from None


def _cookie(text: str) -> re.Match[str] | None:
    """Where a text declares its encoding, in one of its first two lines."""
    if found := COOKIE.match(text):
        return found
    return COOKIE.match(text, text.find("\n") + 1) if BLANK.match(text) else None


def _declared(data: bytes, where: object, cookie: re.Match[str], codec: str) -> str:
    """The text of what declares another encoding; what is kept and run is UTF-8, and says so."""
    try:
        text = _plain(data.decode(codec))
    except UnicodeDecodeError as error:
        raise refusal(
            f"{shown(where)} is not {cookie[1]}, which it declares (line {_line(data, error.start)})",
            expected="text as declared, or UTF-8",
            received=f"the byte 0x{data[error.start]:02x}",
            remedy="Save it as UTF-8, without the declaration",
        ) from None
    again = _cookie(text)
    return text if again is None else f"{text[: again.start(1)]}utf-8{text[again.end(1) :]}"


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _not_utf8(where: object, detail: str, received: str) -> SubmissionError:
    return refusal(f"{shown(where)} is not UTF-8{detail}", expected="UTF-8 text", received=received, remedy="Save it as UTF-8")


def _line(data: bytes, position: int) -> int:
    return data[:position].count(b"\n") + 1
