"""Policies: from raw scores to marks, by the rules in a course's `course.toml`.

Nothing here reads a clock or a database, or overwrites a raw score. A `Final` keeps the raw score next to the mark, with an
item for each step between the two.

`examples/course.toml` shows every key. All keys are optional, except `course.timezone`:

| key | meaning | default |
|---|---|---|
| `course.name` | text | `""` |
| `course.timezone` | such as `"Europe/Berlin"`; the time zone of dates without an offset | required |
| `course.attempts` | `"best"` or `"last"`: which of a student's attempts counts | `"best"` |
| `course.bonus` | `"cap"`, `"add"` or `"ignore"`: what bonus points do | `"cap"` |
| `late.per_day` | percent of the maximum (not of the score) that each started day costs | 0 |
| `late.grace` | such as `"2h"` or `"1d 12h"`: added to a due date before days are counted | `"0min"` |
| `late.tokens` | late days without penalty for each student, in the whole course | 0 |
| `late.max_days` | work that is more days late is not accepted, even with tokens | any number |
| `late.floor` | percent of the maximum; a late penalty never lowers a score below this | 0 |
| `assignments.NAME.due` | a date and time, such as `2026-10-12T23:59:00` | never late |
| `assignments.NAME.late_due` | after this, no work is accepted, even within the grace period | no such date |
| `assignments.NAME.drop` | a list of checks that do not count, for all students | none |
| `assignments.NAME.extra` | extra credit, a table of checks: `true`, or the points of each | none |
| `assignments.NAME.attempts`, `bonus` | as for the course | the course's |
| `assignments.NAME.late` | a table of keys of `late`; here, `tokens` is the most that may be used | the course's |
| `assignments.NAME.weight` | its weight in its group, or among all assignments where there is no `term.weights` | 1 |
| `students.NAME.extensions` | a table of assignments: this student's own due date | none |
| `students.NAME.excused` | a list of assignments and other marks that do not count for this student | none |
| `term.weights` | percent of the total, a table of assignments, groups and other marks; they add up to 100 | all assignments |
| `term.extra` | the same for extra credit: the percent that full marks add on top | none |
| `term.missing` | `"zero"` or `"left out"`: what a mark counts that a student does not have | `"zero"` |
| `term.drop_lowest` | how many of the lowest assignments do not count, where there is no `term.weights` | 0 |
| `term.cap` | percent; no total is more | none |
| `term.decimals` | 0, 1 or 2 decimals of the total | 2 |
| `term.groups.NAME.marks` | a list of assignments and other marks that count as one | required |
| `term.groups.NAME.drop_lowest`, `cap`, `missing` | as for the term, within this group | 0, none, the term's |
| `term.other.NAME.max` | the points that can be had | required |
| `term.other.NAME.file` | a CSV file, seen from the folder of `course.toml`; without one, the mark is left out | none |
| `term.other.NAME.mark` | the title of its column with the marks | required with a file |
| `term.other.NAME.student` | the title of its column with the ids | as for a roster |
| `term.other.NAME.weight`, `missing` | its weight in its group; as for the term | 1, the group's |
| `term.letters` | a table of letters, the best first: from how many percent on each is given | none |

The policies are applied in this order:

1. A dropped check counts neither in the score nor in the maximum, and so does one that the grader could not judge. An extra
   check does not count in the maximum. Manual points for a check replace the grader's.
2. Bonus points are those of stretch checks. With `"cap"`, they make up for lost points, up to the maximum. With `"add"`, they
   add to any mark, which may then exceed the maximum. With `"ignore"`, they are only shown.
3. Late days are counted as started days on the clock of the course. If work is due at 23:59, it is one day late until 23:59
   of the next day, even if that day has 23 or 25 hours. If only a late mark is known (Canvas writes `_LATE_` into file names),
   it counts as one day, or as none for a student with an extension.
4. Tokens pay for days in the order of the student's due dates, so that a later assignment never changes an earlier
   mark, and only where they save points.
5. The best attempt is the one with the highest final score (as a share of its maximum, which is smaller where the
   grader could not judge a check); the last one is the last that was accepted. Manual points do not decide which.
6. Manual points for the total replace everything before.

The total of the term is computed in this order (`autograder.policy.term`):

1. Each mark counts its share: its points as a percentage of its maximum. A missing mark counts 0 or is left out. A mark is
   always left out if the student is excused, if it is not due yet, or if nobody has it yet. As long as a mark is not known,
   there is no total.
2. In each group, the lowest shares are dropped; of equals, the one that weighs most. One always stays. The group counts the
   weighted mean of the others, up to its cap.
3. The total is the weighted mean of the parts. What is left out gives its weight to the others. Extra credit is added, and then
   the cap of the term applies.
4. The total is an exact fraction until here. It is now rounded once, half up, and the rounded total decides the letter.
"""

from __future__ import annotations

from autograder.policy.course import Course, Late, Rules
from autograder.policy.lateness import Lateness
from autograder.policy.reading import Known, load, parse
from autograder.policy.scoring import Attempt, CheckScore, Final, Item, Override, finals, score
from autograder.policy.term import Line, Score, Term, Total, total
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
    "Line",
    "load",
    "Override",
    "parse",
    "PolicyError",
    "Rules",
    "Score",
    "score",
    "Term",
    "Total",
    "total",
]
