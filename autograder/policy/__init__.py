"""Policies: from raw scores to marks, by the rules in a course's `course.toml`.

Nothing here reads a clock or a database, or overwrites a raw score. A `Final` keeps the raw score next to the mark, with an
item for each step between the two.

`examples/course.toml` shows every key. All keys are optional, except `course.timezone`:

| key | meaning | default |
|---|---|---|
| `course.name` | text | `""` |
| `course.timezone` | such as `"Europe/Berlin"`; the time zone of dates without an offset | required |
| `course.attempts` | `"best"` or `"last"`: which of a student's attempts counts | `"best"` |
| `late.per_day` | percent of the maximum (not of the score) that each started day costs | 0 |
| `late.grace` | such as `"2h"` or `"1d 12h"`: added to a due date before days are counted | `"0min"` |
| `late.tokens` | late days without penalty for each student, in the whole course | 0 |
| `late.max_days` | work that is more days late is not accepted, even with tokens | any number |
| `late.floor` | percent of the maximum; a late penalty never lowers a score below this | 0 |
| `assignments.NAME.due` | a date and time, such as `2026-10-12T23:59:00` | never late |
| `assignments.NAME.late_due` | after this, no work is accepted, even within the grace period | no such date |
| `assignments.NAME.drop` | a list of checks that do not count, for all students | none |
| `assignments.NAME.extra` | extra credit, a table of checks: `true`, or the points of each | none |
| `assignments.NAME.weight` | its weight among the assignments | 1 |
| `assignments.NAME.attempts` | as for the course | the course's |
| `assignments.NAME.late` | a table of keys of `late`; here, `tokens` is the most that may be used | the course's |
| `students.NAME.extensions` | a table of assignments: this student's own due date | none |

The policies are applied in this order:

1. A dropped check counts neither in the score nor in the maximum, and so does one that the grader could not judge. An extra
   check does not count in the maximum. Manual points for a check replace the grader's.
2. Late days are counted as started days on the clock of the course. If work is due at 23:59, it is one day late until 23:59
   of the next day, even if that day has 23 or 25 hours. If only a late mark is known (Canvas writes `_LATE_` into file names),
   it counts as one day, or as none for a student with an extension.
3. Tokens pay for days in the order of the student's due dates, so that a later assignment never changes an earlier
   mark, and only where they save points.
4. The best attempt is the one with the highest final score (as a share of its maximum, which is smaller where the
   grader could not judge a check); the last one is the last that was accepted. Manual points do not decide which.
5. Manual points for the total replace everything before.
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
