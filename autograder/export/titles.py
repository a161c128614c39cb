"""Titles: which column of somebody's gradebook is that of an assignment, where nobody names it.

A column that is called after the assignment is taken before any other. Else it is one with its number, behind a word for
homework: "HW 04" and "Homework 4" for hw4, and "Assignment 4" in a gradebook that has no column of the assignment's own word.
Where several fit, nobody guesses: all of them are given back.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from autograder.export.sheet import bare

# Words and their abbreviations; those of one line are one word.
WORDS = tuple(
    frozenset(words.split())
    for words in (
        "hw homework homeworks",
        "ps pset problemset",
        "ex exercise exercises exercisesheet",
        "a assignment assignments",
        "ha hausaufgabe hausaufgaben hausübung",
        "übung übungen übungsblatt übungsaufgabe uebung uebungsblatt blatt aufgabenblatt",
        "aufgabe aufgaben",
        "devoir devoirs dm",
        "exercice exercices td",
        "tarea tareas",
        "ejercicio ejercicios",
        "compito compiti esercizio esercizi",
        "tarefa tarefas exercício exercícios",
        "opdracht opdrachten huiswerk",
    )
)
NUMBERED = re.compile(
    r"(?P<word>[^\W\d_]+(?:[ -](?!(?:no|nr|n)\b)[^\W\d_]+)?)[\s._#-]*(?:(?:no|nr|n)\b[.°º]*\s*)?"
    r"0*(?P<number>[0-9]+)(?:\s*[:–—-]\s*(?P<rest>.+))?",
    re.IGNORECASE | re.DOTALL,
)


def columns_of(assignment: str, title: str, columns: Sequence[str]) -> list[int]:
    """Which columns may be an assignment's, by their places; one alone is to be taken.

    Args:
        assignment: its name, such as "hw4".
        title: its title, "" where that is not known.
        columns: the titles of all assignments in a gradebook, without what a platform writes around them.

    >>> columns_of("hw4", "Cross-validation", ["HW 04", "Homework 5", "Final exam"])
    [0]
    >>> columns_of("hw4", "Cross-validation", ["Homework 4", "Homework 4: cross-validation", "Assignment 4"])
    [0, 1]
    """
    exact = {bare(text) for text in (assignment, title, f"{assignment} {title}") if text}
    if found := [place for place, one in enumerate(columns) if bare(one) in exact]:
        return found
    own = NUMBERED.fullmatch(assignment)
    if own is None or own["rest"]:
        return []
    read = {place: match for place, one in enumerate(columns) if (match := NUMBERED.fullmatch(one.strip()))}
    word = _words(own["word"])
    if not any(_words(match["word"]) & word for match in read.values()):  # a gradebook that calls them otherwise
        word = frozenset().union(*WORDS) if word in WORDS else word
    same = [place for place, one in read.items() if one["number"] == own["number"] and bare(one["word"]) in word]
    plain = [place for place in same if not read[place]["rest"] or bare(read[place]["rest"]) == bare(title)]
    return plain or same


def _words(word: str) -> frozenset[str]:
    """A word with all that means the same."""
    return next((words for words in WORDS if bare(word) in words), frozenset({bare(word)}))
