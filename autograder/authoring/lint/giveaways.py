"""The rule on what students are given: no part of a solution is in it."""

from __future__ import annotations

from autograder.authoring.derive import stub, told_stub
from autograder.authoring.giveaway import bodies_of, search, solved
from autograder.authoring.lint.finding import Finding, Level, Report
from autograder.authoring.lint.subject import Subject

SEARCHED = (".py", ".md", ".ipynb", ".txt", ".svg")


def giveaways(subject: Subject) -> Report:
    """Neither the stub nor the handout, nor a notebook beside them, holds a line of a body of the reference."""
    assignment, references = subject.assignment, subject.references.files
    texts = {
        path.relative_to(subject.folder).as_posix(): path.read_text(encoding="utf-8", errors="replace")
        for path in sorted(subject.folder.rglob("*"))
        if path.is_file() and path.suffix in SEARCHED and path.name != "checks.py"
    }
    mistakes = subject.references.misconceptions.values()
    asked = {check.function for check in assignment.checks} - subject.references.given.keys()
    found = [one for file in assignment.files if file in texts for one in solved(texts[file], file, asked)]
    bodies = bodies_of(references, [assignment.source], {file: stub(text, file, mistakes) for file, text in references.items()})
    found += [one for one in search(texts, bodies) if str(one) not in set(map(str, found))]
    findings = [
        Finding(
            Level.ERROR,
            f"{one.file}, line {one.line}" if one.line else one.file,
            f"contains `{one.piece}`, a part of the solution: remove it, or mark the line of the reference with `# stub: keep`",
        )
        for one in found
    ]
    for file, text in references.items():
        for line in told_stub(text, file, mistakes).undecided:
            asks = "mark it with `# stub: keep` if students need it, with `# stub: omit` if they do not"
            findings.append(
                Finding(Level.WARNING, f"{file}, line {line.number}", f"`{line.text}` is {line.why}, and left out: {asks}")
            )
    return Report("giveaways", f"{len(texts)} files for students contain no part of the solution", tuple(findings))
