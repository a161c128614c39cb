"""Policies: from what the grader found to what counts, by the rules in a course's `course.toml`.

Nothing here reads a clock or a database, and what the grader found is never overwritten: a `Final` keeps it beside what
counts, with an item for everything between the two.

`examples/course.toml` shows every key; all but `course.timezone` may be left out:

| key | is | if left out |
|---|---|---|
| `course.name` | text | `""` |
| `course.timezone` | such as `"Europe/Berlin"`; dates without an offset are in it | must be there |
| `course.attempts` | `"best"` or `"last"`: which of a student's attempts counts | `"best"` |
| `late.per_day` | percent of the maximum (not of the score) that a day begun costs | 0 |
| `late.grace` | such as `"2h"` or `"1d 12h"`: added to a due date before days are counted | `"0min"` |
| `late.tokens` | days that each student may be late for free, over the whole course | 0 |
| `late.max_days` | how many days late something is still accepted, tokens or not | any number |
| `late.floor` | percent of the maximum below which lateness takes no score | 0 |
| `assignments.NAME.due` | a date and time, such as `2026-10-12T23:59:00` | never late |
| `assignments.NAME.late_due` | after this, nothing is accepted, grace or not | no such date |
| `assignments.NAME.drop` | a list of checks that leave the total for all | none |
| `assignments.NAME.extra` | a table of checks: `true`, or what each is worth, on top of the maximum | none |
| `assignments.NAME.weight` | its weight among the assignments | 1 |
| `assignments.NAME.attempts` | as for the course | the course's |
| `assignments.NAME.late` | a table of keys of `late`; `tokens` is how many may be used here at most | the course's |
| `students.NAME.extensions` | a table of assignments: this student's own due date | none |

How they are applied, in this order:

1. A dropped check leaves score and maximum, and so does one that the grader could not judge. An extra check leaves the
   maximum only. A check's points by hand take the place of the grader's.
2. A day is late once it has begun by the clock on the wall of the course: due at 23:59, one day late until 23:59 of the
   next day, though that day may have 23 or 25 hours. If only a late mark is known (Canvas writes `_LATE_` into file names),
   it counts as one day, or as none for a student with an extension.
3. Tokens pay for days in the order of the student's due dates, so that a later assignment never changes an earlier
   mark, and only where they save points.
4. The best attempt is the one with the highest final score (as a share of its maximum, which is smaller where the
   grader could not judge a check); the last one is the last that was accepted. Points by hand do not decide which.
5. Points by hand for the total are the last word.
"""

from __future__ import annotations

from autograder.policy.course import Course, Late, Rules
from autograder.policy.lateness import Lateness
from autograder.policy.reading import Known, load, parse
from autograder.policy.scoring import Attempt, CheckScore, Final, Item, Override, finals, score
from autograder.policy.toml import PolicyError

__all__ = [
    "Attempt",
    "CheckScore",
    "Course",
    "Final",
    "finals",
    "Item",
    "Known",
    "Late",
    "Lateness",
    "load",
    "Override",
    "parse",
    "PolicyError",
    "Rules",
    "score",
]
