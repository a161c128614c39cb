"""The files of a new assignment, as texts with gaps: `scaffold` fills them."""

SPEC = """\
{quotes}{name}: {title}.

`dlkit new` guessed the cases; `dlkit lint assignments/{name}` shows what they do not catch.

TODO decide what is the core: the functions that everybody is to write. They come first, and their points add up to 100. Mark the
others with `stretch=True`: they earn bonus points, and students may leave them out. Say in `why=` what each function is for.
{quotes}

from __future__ import annotations

import numpy as np

from autograder import Assignment, Outputs


{cases}

assignment = Assignment(
    title="{title}",
    files=["{file}"],
{imports}    checks=[
{checks}    ],
)  # fmt: skip
"""

COUNT = """\
def count(value):
    QUOTESHow many numbers are in a value, or in all members of it.QUOTES
    members = list(value.values()) if isinstance(value, dict) else value
    return sum(map(count, members)) if isinstance(members, list | tuple) else np.size(members)
"""

PREDICTED = """\
{quotes}{name}: what students predict before they see a result. TODO ask what surprises them; this question is an example.{quotes}

import numpy as np

from autograder import Choice, Predictions


{count}

def grows(module):
    {quotes}How many numbers the result of `{function}` has more than its inputs.{quotes}
    rng = np.random.default_rng(1)
    inputs = {inputs}
    before = count(inputs)
    return int(count(module.{function}(**inputs)) - before)


predictions = Predictions(
    [
        Choice(
            "{slug}-size",
            ask="How many numbers does the result of `{signature}` have?",
            found=grows,
            needs=("{function}",),
            options={{
                "more than its inputs": lambda more: more > 0,
                "as many as its inputs": lambda more: more == 0,
                "fewer than its inputs": lambda more: more < 0,
            }},
            why="TODO one sentence on why the result is as it is",
{imports}        ),
    ]
)
"""

REACHED = """\
{quotes}{name}: what shows that the functions work together. This step is an example.

TODO let the functions train, choose or fit something, and measure how well that went. Let at least three steps need functions
of the core only: a step waits until its functions pass, and nobody has to write the stretch.
{quotes}

import numpy as np

from autograder import Milestone, Step

DRAWS = 5


{count}

def answers(module):
    {quotes}Call `{function}` with inputs of several draws; a curve shows how many numbers come back.{quotes}
    for draw in range(1, DRAWS + 1):
        rng = np.random.default_rng(draw)
        yield draw, {{"numbers in the result": count(module.{function}(**{inputs}))}}
    return DRAWS


milestone = Milestone(
    [
        Step(
            "{slug}-answers",
            shows="TODO what the step shows, in one sentence that students understand.",
            run=answers,
            needs=("{function}",),
            measures="draws that got an answer",
            at_least=DRAWS,
            form="{{:g}}",
            x="draw",
            y="numbers",
            hint="TODO what to look at if the bound is not reached",
{imports}        ),
    ]
)
"""

REACHING = """\
## Milestone: your network learns

TODO what the steps show, and what to look for in their curves and pictures. Nothing here is graded.

```console
$ dlkit milestone {name}
$ dlkit milestone {name} --live
```
"""

UNREACHED = """\
<!-- TODO milestone.py: short experiments that show that what students wrote learns (docs/author.md, "Milestones"). -->
"""

HANDOUT = """\
# {name}: {title}

TODO what students learn here, in three lines.

- **You write**: the {count} functions of `{file}`. Their docstrings say exactly what goes in and what comes out.

## How to work

```console
$ dlkit grade assignments/{name}                         # everything
$ dlkit grade assignments/{name} --check {first}
```

## The functions

{parts}
## Points

<!-- points: begin -->
<!-- points: end -->

{end}"""

MISCONCEPTIONS = """\
{quotes}{name}: known mistakes. Each is one change to the reference, with a sentence for students who make it.{quotes}

from autograder import Misconception

# TODO what students get wrong, such as:
#
#     Misconception(
#         "{first}-wrong-axis",  # its name in reports
#         "{first}",
#         "The sum runs over the wrong axis.",  # never the solution
#         ("axis=1", "axis=0"),  # text that occurs once in the function, and its replacement
#     ),

misconceptions: list[Misconception] = []
"""
