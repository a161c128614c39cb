"""Invented classes of any size, as marks or as a gradebook, without grading anything."""

from __future__ import annotations

import random

from autograder.classroom.gradebook import Gradebook, HandIn, Row
from autograder.classroom.marks import Mark
from autograder.inbox.people import Person
from autograder.outcome import CaseResult, CheckResult, Grade, Outcome
from autograder.policy import Attempt, CheckScore, Final

HOSTILE = [
    '<script>alert("mark")</script>',
    "=HYPERLINK(1)",
    'Null, "Nil"',
    "نور الهادي",
    "\u202eReversed",
    "🦊 Fox",
    "../../etc/passwd",
    "a" * 300,
]
CHECKS = {f"check_{letter}": 8.0 for letter in "abcdefghijklm"}
FIRST = ["Ada", "Ben", "Cleo", "Dan", "Eve", "Finn"]
LAST = ["Adeyemi", "Brandt", "Castellan", "Dvořák", "Eriksen", "Farouk", "Gupta"]


def check(name, outcome=Outcome.PASSED, score=8.0, of=8.0, message="", misconception=None, explanation="", cases=()):
    """One check's result."""
    return CheckResult(name, name, outcome, score, of, message, "", misconception, explanation, 0.1, tuple(cases))


def mark(student, *checks, name="", seconds=1.0, why="", row=True, **about):
    """The mark of a student with these checks; without any, of one who has no grade."""
    person = Person(student, name)
    if not checks:
        return Mark(person, None, Row(student, name, 1, False, "", "", why, None) if row else None, why)
    grade = Grade("hw2", "The XOR network", student, None, tuple(checks), seconds=seconds, **about)
    final = Final(Attempt(tuple(CheckScore(one.name, one.score, one.max_score) for one in checks), name="1"))
    return Mark(person, final, Row(student, name, 1, False, "", "", "", grade, graded="2026-11-23T12:00:00+00:00"))


def checks_of(draw, able):
    """The checks of one student, who gets each right with the probability `able`."""
    found = []
    for name, points in CHECKS.items():
        wrong = draw.random() > able
        kind = draw.choice([Outcome.FAILED, Outcome.PARTIAL]) if wrong else Outcome.PASSED
        score = {Outcome.FAILED: 0.0, Outcome.PARTIAL: points / 2, Outcome.PASSED: points}[kind]
        idea = f"{name}-idea-{min(int(draw.expovariate(0.8)), 5)}" if wrong and draw.random() < 0.7 else None
        message = f'case "1": 3 of 4 entries differ in {name}, most at [0, 1]: 2; expected 1' if wrong else ""
        failed = 4 if kind is Outcome.FAILED else 2 if kind is Outcome.PARTIAL else 0
        cases = [
            CaseResult(str(i), Outcome.FAILED if i < failed else Outcome.PASSED, message if i < failed else "") for i in range(4)
        ]
        sentence = f"The idea {idea} is a likely reason: look at the equation again." if idea else ""
        found.append(check(name, kind, score, points, message, idea, sentence, cases))
    return found


def everybody(size):
    """Marks of a class of this size; the first students have hostile keys and names."""
    draw = random.Random(0)  # noqa: S311 - invented
    found = []
    for i in range(size):
        name = HOSTILE[i] if i < len(HOSTILE) else f"{draw.choice(FIRST)} {draw.choice(LAST)}"
        key = name if i < len(HOSTILE) else f"s{i:04}"
        found.append(mark(key, *checks_of(draw, draw.betavariate(5, 1.5)), name=name, seconds=draw.expovariate(0.5)))
    return found


def gradebook_of(path, marks):
    """A gradebook that holds these marks' grades."""
    with Gradebook(path) as book:
        book.enrol([one.person for one in marks])
        handed = [HandIn(one.student, files={"x.py": one.student}, digest=str(i)) for i, one in enumerate(marks)]
        numbers = book.hand_in("hw2", handed)
        run = book.begin("hw2", "invented")
        for i, one in enumerate(marks):
            if one.row and one.row.grade:
                book.write(run, numbers[one.student, 1], f"k{i}", one.row.grade, str(i), {}, {})
    return path
