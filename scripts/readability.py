"""List what people read in this repository, hardest first, each text with its Flesch-Kincaid grade.

    python scripts/readability.py                       # every text of every source
    python scripts/readability.py docs --above 10       # only the pages, only what is hard; exit status 1 if there is any

Read are the README and `docs/` ("docs"), CONTRIBUTING.md ("contributing"), the handouts ("handouts"), the longer stories about
mistakes ("stories"), the sentences of misconceptions ("mistakes"), `--help` ("help"), the docstrings of public names
("docstrings") and the messages of the program ("messages").

A text is a paragraph, an item of a list, a row of a table (its cells read as sentences), a paragraph of help, an option, or
one message. The formula is noisy below eight words. So a short text is read together with the next one of its page section,
command or docstring, and a message that short is left out, because nobody reads the next message after it.

Headings, code, quoted sessions, equations, pictures, links' addresses and generated tables are not read. A name in backticks, a
title or a menu in *italics*, a formula, a path, an option and a number count as one short word each, and so does whatever an
f-string inserts.
"""

from __future__ import annotations

import argparse
import ast
import inspect
import re
import runpy
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from importlib import import_module
from itertools import groupby
from pathlib import Path
from typing import Any

import click
from markdown_it import MarkdownIt
from markdown_it.token import Token

ROOT = Path(__file__).resolve().parent.parent
DERIVED = {"commands.md", "api.md"}  # made from `--help` and docstrings, which are read where they stand
PUBLIC = ("autograder", "dlkit", "dlkit.datasets")
SAYS = {"Refusal", "echo", "secho", "print", "Text"}  # calls whose arguments a person sees
NOISY = 8  # words, below which the formula says little
LITTLE = re.compile(
    r"\b(?:the|an?|is|are|was|of|to|and|or|in|it|its|no|not|that|for|by|with|has|have)\b"
)  # no sentence is without
SHORT = "it"  # what stands for code, paths and numbers: one word, one syllable

GENERATED = re.compile(r"<!-- (?P<name>[\w ]+): begin -->.*?<!-- (?P=name): end -->", re.DOTALL)
EQUATION = re.compile(r"\$\$.*?\$\$", re.DOTALL)
FORMULA = re.compile(r"\$[^$\n]+\$")
NAMED = re.compile(r"`[^`]*`")
CODE = re.compile(r"\S*[_/\\=<>(){}\[\]@#$^~|*]\S*|(?<!\w)--?\w\S*|\S*\w\.\w\S*|[^\sA-Za-z]*\d\S*")
WORD = re.compile(r"[A-Za-z]+(?:['’-][A-Za-z]+)*")
END = re.compile(r"[.!?…]+[\"'”’)\]]*(?=\s|$)")
HEADING = re.compile(r"^(?:Args|Attributes|Raises|Returns|Warns|Yields):$", re.MULTILINE)
ARGUMENT = re.compile(r"^ {4}\*{0,2}\w+: ")

SPOKEN = {"area": 3, "gradebook": 2, "idea": 3, "people": 2, "somebody": 3, "something": 2, "sometimes": 2, "somewhere": 2}
# A group of vowels that is spoken as two ("create"); what looks like one and is not ("question"); an e that is not spoken.
TWO = re.compile(r"i[ao]|(?<![gq])u[ao]|eo(?!us|n$)|[aeouy]ing|ism$|ay[eo]|creat|[iu]near|(?<![ctr])ie[nt]|scie")
ONE = re.compile(r"[tcsg]i[ao]|[aeiou]y[aeiou]ing")
SILENT = re.compile(r"[^aeiouy]e$|[^aeiouycgsxzh]es$|[^aeiouydt]ed$|[^aeiouyl]ely$|[^aeiouy]ement")


@dataclass(frozen=True)
class Passage:
    """Something that a person reads: where it stands, and with what it may be read together (`None`: with nothing)."""

    source: str
    place: str
    text: str
    together: str | None = None


# --- The formula ---


def grade(text: str) -> float:
    """The Flesch-Kincaid grade: the years of school after which a text is easy to read.

        0.39 * words / sentences + 11.8 * syllables / words - 15.59

    Sentences end in a full stop, a question mark, an exclamation mark or an ellipsis; a colon or a semicolon ends none.
    A word with hyphens is one word.
    Source: J. P. Kincaid et al. (1975), "Derivation of new readability formulas for Navy enlisted personnel".
    """
    words = words_of(text)
    if not words:
        return 0.0
    sentences = sum(1 for part in END.split(plain(text)) if WORD.search(part))
    return 0.39 * len(words) / max(sentences, 1) + 11.8 * sum(map(syllables, words)) / len(words) - 15.59


def words_of(text: str) -> list[str]:
    """The words that are counted."""
    return WORD.findall(plain(text))


def plain(text: str) -> str:
    """A text whose code, formulas, paths and numbers are one short word each."""
    text = NAMED.sub(SHORT, FORMULA.sub(SHORT, text)).replace("e.g.", "such as").replace("i.e.", "that is")
    return CODE.sub(lambda found: SHORT + (found[0][-1] if found[0][-1] in ".,;:!?…" else ""), text)


def syllables(word: str) -> int:
    """The syllables of an English word, counted by its groups of vowels; close for a page, not exact for every word."""
    return sum(_syllables(part) for part in re.split(r"['’-]", word.lower()) if len(part) > 1) or 1


def _syllables(part: str) -> int:
    if part in SPOKEN:
        return SPOKEN[part]
    count = len(re.findall(r"[aeiouy]+", part)) + len(TWO.findall(part)) - len(ONE.findall(part))
    if SILENT.search(part) and not re.search(r"[^aeiouy]les?$", part):  # "file", but not "table"
        count -= 1
    return max(count, 1)


# --- What people read ---


def pages() -> Iterator[Passage]:
    """The README and the pages of docs/."""
    for path in [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]:
        if path.name not in DERIVED:
            yield from markdown(path, "docs")


def contributing() -> Iterator[Passage]:
    """CONTRIBUTING.md."""
    return markdown(ROOT / "CONTRIBUTING.md", "contributing")


def handouts() -> Iterator[Passage]:
    """What a student reads first: README.md of each assignment."""
    for path in sorted(ROOT.glob("assignments/*/README.md")):
        yield from markdown(path, "handouts")


def stories() -> Iterator[Passage]:
    """The longer stories about common mistakes."""
    for path in sorted(ROOT.glob("autograder/report/stories/*.md")):
        yield from markdown(path, "stories")


def mistakes() -> Iterator[Passage]:
    """What is said to be likely: the sentences of the misconceptions."""
    for path in sorted(ROOT.glob("solutions/*/misconceptions.py")):
        for one in runpy.run_path(str(path))["misconceptions"]:
            yield Passage("mistakes", f"{path.parent.name} {one.id}", one.feedback)


def markdown(path: Path, source: str) -> Iterator[Passage]:
    """The prose of a page: paragraphs, items of lists, and rows of tables."""
    text = path.read_text(encoding="utf-8")
    for unread in (GENERATED, EQUATION):  # the lines stay, so that places stay right
        text = unread.sub(lambda found: "\n" * found[0].count("\n"), text)
    text = FORMULA.sub("`x`", text)  # Markdown would read its underscores
    name = str(path.relative_to(ROOT) if path.is_relative_to(ROOT) else path.name)
    section, heading, row, line = 0, False, [], 0
    for token in MarkdownIt("commonmark").enable("table").parse(text):
        if token.map:
            line = token.map[0] + 1
        if token.type in ("heading_open", "heading_close"):
            heading = token.type == "heading_open"
            section += heading
        elif token.type == "tr_open":
            row = [""]
        elif token.type == "tr_close":
            yield Passage(source, f"{name}:{line}", as_sentences(row), f"{name} {section}")
            row = []
        elif token.type == "inline" and not heading:
            if row:
                row.append(spoken(token))
            else:
                yield Passage(source, f"{name}:{line}", spoken(token), f"{name} {section}")


def spoken(inline: Token) -> str:
    """The words of a paragraph: links by their text, code in its backticks, pictures not at all."""
    words = {"text": "{}", "code_inline": "`{}`", "softbreak": " ", "hardbreak": " ", "em_open": "`", "em_close": "`"}
    return "".join(words.get(child.type, "").format(child.content) for child in inline.children or ())


def as_sentences(cells: Iterable[str]) -> str:
    """The cells of a row, one sentence each."""
    return " ".join(cell if END.search(cell[-2:]) else f"{cell}." for cell in cells if WORD.search(cell))


def helps() -> Iterator[Passage]:
    """What `dlkit --help` and its commands say, by click itself."""
    from dlkit.cli import main

    def of(command: click.Command, name: str) -> Iterator[Passage]:
        for text in paragraphs(inspect.cleandoc(command.help or "")):
            yield Passage("help", f"{name} --help", text, name)
        for option in command.params:
            if isinstance(option, click.Option) and option.help:
                yield Passage("help", f"{name} {option.opts[-1]}", as_sentences([option.help]), name)
        if isinstance(command, click.Group):
            for key, inner in sorted(command.commands.items()):
                yield from of(inner, f"{name} {key}")

    return of(main, "dlkit")


def docstrings() -> Iterator[Passage]:
    """The docstrings of the names in each `__all__`."""
    for module in map(import_module, PUBLIC):
        for name in getattr(module, "__all__", ()):
            thing: Any = getattr(module, name)
            for text in paragraphs("" if isinstance(thing, str) else inspect.getdoc(thing) or ""):
                yield Passage("docstrings", f"{module.__name__}.{name}", text, f"{module.__name__}.{name}")


def paragraphs(doc: str) -> Iterator[str]:
    r"""The prose of a docstring: its paragraphs and arguments; no examples, equations, or what click prints as it stands (\b)."""
    doc = HEADING.sub("", doc)
    doc = re.sub(rf"(?m)^(?={ARGUMENT.pattern[1:]})", "\n", doc)
    for block in re.split(r"\n\s*\n", doc):
        indented = block.startswith("    ") and not ARGUMENT.match(block)
        if block.strip() and not indented and not block.lstrip().startswith((">>>", "\b", "$")):
            yield " ".join(block.split())


def messages() -> Iterator[Passage]:
    """What the program says while it runs: errors, what is printed, and the sentences that modules keep as constants."""
    for path in sorted([*ROOT.glob("autograder/**/*.py"), *ROOT.glob("dlkit/**/*.py")]):
        if not {"attacks", "course"} & set(path.parent.parts[-2:]):  # submissions that the self-test grades
            found = sorted(set(said(ast.parse(path.read_text(encoding="utf-8")))))
            yield from (Passage("messages", f"{path.relative_to(ROOT)}:{line}", text) for line, text in found)


def said(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """The texts in a module that somebody will see, with their lines."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
            yield from texts(node.exc)
        elif isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] in SAYS:
            yield from texts(node)
    for body in [tree, *(node for node in tree.body if isinstance(node, ast.ClassDef))]:
        for node in body.body:
            if isinstance(node, ast.Assign | ast.AnnAssign) and node.value:
                yield from ((line, text) for line, text in texts(node.value) if LITTLE.search(text))


def texts(node: ast.AST) -> Iterator[tuple[int, str]]:
    """The strings below a node: pieces that are added, and what an f-string inserts, are read as one text."""
    if isinstance(node, ast.Constant | ast.JoinedStr | ast.BinOp) and (text := text_of(node)):
        if "\n" not in text.strip():  # a template, or a table: no sentence
            yield node.lineno, " ".join(text.split())
    else:
        for inner in ast.iter_child_nodes(node):
            yield from texts(inner)


def text_of(node: ast.AST) -> str:
    """The text of a string, an f-string, or a sum of them."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else ""
    if isinstance(node, ast.JoinedStr):
        return "".join(text_of(part) or SHORT for part in node.values)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        left, right = text_of(node.left), text_of(node.right)
        return (left or SHORT) + (right or SHORT) if left or right else ""
    return ""


SOURCES: dict[str, Callable[[], Iterator[Passage]]] = {
    "docs": pages,
    "contributing": contributing,
    "handouts": handouts,
    "stories": stories,
    "mistakes": mistakes,
    "help": helps,
    "docstrings": docstrings,
    "messages": messages,
}


# --- The list ---


def joined(passages: Iterable[Passage]) -> Iterator[Passage]:
    """The passages as they are graded: short ones with the next of their section, or left out where there is none."""
    for together, group in groupby(passages, key=lambda one: one.together):
        waiting: list[Passage] = []
        done: list[Passage] = []
        for one in group:
            waiting.append(one)
            text = " ".join(ended(part.text) for part in waiting)
            if len(words_of(text)) >= NOISY:
                done.append(Passage(one.source, waiting[0].place, text, together))
                waiting = []
            elif together is None:
                waiting = []
        if waiting and done:
            last = done.pop()
            text = " ".join([last.text, *(ended(part.text) for part in waiting)])
            done.append(Passage(last.source, last.place, text, together))
        yield from done


def ended(text: str) -> str:
    """A text that ends its sentence."""
    return text if END.search(text[-2:]) or not text else f"{text}."


def main() -> None:
    """Print the list, and how many there are of each source."""
    parser = argparse.ArgumentParser(
        description="List the texts that people read, hardest first, with their Flesch-Kincaid grades.",
        epilog="Example: python scripts/readability.py docs help --above 10",
    )
    parser.add_argument("sources", nargs="*", metavar="SOURCE", help=f"what to read: {', '.join(SOURCES)} (default: all)")
    parser.add_argument("--above", type=float, metavar="GRADE", help="only harder texts; exit status 1 if there are any")
    chosen = parser.parse_args()
    if unknown := set(chosen.sources) - set(SOURCES):
        parser.error(f"no such source: {', '.join(sorted(unknown))}")
    found = [(grade(one.text), one) for name in chosen.sources or SOURCES for one in joined(SOURCES[name]())]
    hard = [(number, one) for number, one in found if chosen.above is None or number > chosen.above]
    for number, one in sorted(hard, key=lambda pair: -pair[0]):
        print(f"{number:5.1f}  {one.place}  {one.text}")
    for name in chosen.sources or SOURCES:
        listed, of = (sum(one.source == name for _, one in some) for some in (hard, found))
        print(f"{name}: {listed} of {of} texts", file=sys.stderr)
    if chosen.above is not None and hard:
        sys.exit(1)


if __name__ == "__main__":
    main()
