"""What `run_autograder` and `setup.sh` start on Gradescope: a submission in, results.json out.

Students read results.json. What is printed is for staff: Gradescope keeps it apart.

Where nothing could be judged, there is no results.json and the exit status is 1. Gradescope's documentation knows no other way
for an autograder to say that it failed. Gradescope then says "the autograder failed to execute correctly", and marks the
submission with `autograder_error`: "this submission failed to run at no fault of the student". Results without any score would
break the documented format, and a score of 0 would be a lie.
"""

from __future__ import annotations

import json
import sys
import traceback
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from autograder.assignment import Assignment, load
from autograder.export.gradescope import for_students, to_json
from autograder.grading.references import reference_files
from autograder.outcome import UNPROTECTED, Grade
from autograder.policy.course import Bonus
from autograder.sandbox.budget import MB
from autograder.submission import Submission, SubmissionError
from autograder.text import printable
from autograder.text.cells import module_of
from dlkit.packing.needed import memory
from dlkit.packing.within import Terms, grade_within, handed_in, leave, memory_here
from dlkit.writing import write_file

SETTINGS = "settings.json"
RESULTS = "results/results.json"
RESERVE = 30.0  # seconds of Gradescope's limit: to start Python, and to write
WITHOUT = "dlkit runs no submission, unless you pack the zip with --unsafe-no-isolation."


@dataclass(frozen=True)
class Settings:
    """What was chosen when the zip was packed.

    Attributes:
        assignment: the assignment's name.
        seed: seeds the inputs.
        hidden: the checks that are not shown at once.
        visibility: when these are shown, in Gradescope's word.
        limit: the seconds that Gradescope gives.
        unsafe: grade even where nothing protects the grader's files.
        bonus: what bonus points do to the score, as in course.toml.
    """

    assignment: str
    seed: int
    hidden: tuple[str, ...] = field(default=())
    visibility: str = "hidden"
    limit: float = 600.0
    unsafe: bool = False
    bonus: Bonus = "cap"

    @property
    def seconds(self) -> float:
        """For the grading of one submission."""
        return self.limit - min(RESERVE, self.limit / 10)

    def to_json(self) -> str:
        """The settings as the text of the file."""
        return json.dumps(asdict(self), indent=2) + "\n"

    @classmethod
    def read(cls, path: Path) -> Settings:
        """The settings in a file that we wrote."""
        found = json.loads(path.read_text(encoding="utf-8"))
        return cls(**{**found, "hidden": tuple(found["hidden"])})


def main(arguments: list[str]) -> int:
    """Grade what was handed in, or with `--try` the reference; the first argument is Gradescope's folder, /autograder."""
    root = Path(arguments[0]).resolve()
    if "--try" in arguments[1:]:
        return rehearse(root)
    target = root / RESULTS
    target.unlink(missing_ok=True)
    try:
        found = graded(root)
    except Exception:
        traceback.print_exc(file=sys.stdout)  # for staff
        found = None
    if found is None:
        print("Nothing was graded, and there is no results.json: Gradescope counts that as an error of the autograder.")
        return 1
    write_file(target, to_json(found).encode(errors="backslashreplace"), parents=True)
    return 0


def graded(root: Path) -> dict[str, Any] | None:
    """The results of what lies in the folder of the submission; None where nothing could be judged, which is our fault."""
    settings = Settings.read(root / "source" / SETTINGS)
    assignment, solutions = course(root, settings)
    about = metadata(root / "submission_metadata.json")
    say_about(about, assignment)
    if not (root / "submission").is_dir():
        raise FileNotFoundError(f"there is no folder {root / 'submission'}")  # Gradescope makes it, whatever is handed in
    try:
        submission = handed_in(root / "submission", assignment, names(about))
    except SubmissionError as error:
        print(f"Not graded: {error}")
        return {"score": 0, **notice(f"Nothing could be graded, so there are no points yet. {error}")}
    grade = grade_within(assignment, solutions, submission, terms(root, settings, protected=not settings.unsafe))
    report(grade, assignment)
    if not any(check.judged for check in grade.checks):
        return None
    found = for_students(
        grade,
        module_of(submission.files),
        hidden=settings.hidden,
        visibility=settings.visibility,
        bonus=settings.bonus,
    )
    found["extra_data"] |= {"submission": about.get("id"), "method": method(about)}
    return found


def rehearse(root: Path) -> int:
    """Grade the reference when the image is built: what will not work is seen now, and its answers are kept."""
    settings = Settings.read(root / "source" / SETTINGS)
    assignment, solutions = course(root, settings)
    submission = Submission("the reference", reference_files(assignment, solutions))
    grade = grade_within(assignment, solutions, submission, terms(root, settings, protected=False))
    report(grade, assignment)
    if not grade.flawless:
        print("The reference does not earn all points here, so nobody can. Do not use this autograder.")
        return 1
    if UNPROTECTED in grade.isolation:
        print("Nothing protects the solutions while this image is being built. If the same is true when it runs, " + WITHOUT)
    return 0


def course(root: Path, settings: Settings) -> tuple[Assignment, Path]:
    """The assignment, and the folder of its reference."""
    packed = root / "source" / "course"
    return load(packed / "assignments" / settings.assignment), packed / "solutions" / settings.assignment


def terms(root: Path, settings: Settings, *, protected: bool) -> Terms:
    """How the settings have a submission graded."""
    return Terms(settings.seed, settings.seconds, protected, root / "source" / "kept")


def notice(text: str) -> dict[str, Any]:
    """Results that say one thing about the whole."""
    return {
        "output": text,
        "output_format": "text",
        "visibility": "visible",
        "tests": [{"name": "Grading", "status": "failed", "output": text, "visibility": "visible"}],
    }


def metadata(path: Path) -> dict[str, Any]:
    """What Gradescope tells of a submission; nothing where it tells nothing, or in a way that cannot be read."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def names(about: Mapping[str, Any]) -> str:
    """Whose submission it is, as far as that is told."""
    users = about.get("users")
    listed = [user.get("name") for user in users if isinstance(user, dict)] if isinstance(users, list) else []
    return ", ".join(printable(name) for name in listed if isinstance(name, str))


def method(about: Mapping[str, Any]) -> str | None:
    """How it was handed in ("upload", "GitHub"); older metadata tell it with the assignment."""
    said = about.get("submission_method", _of_assignment(about).get("submission_method"))
    return said if isinstance(said, str) else None


def say_about(about: Mapping[str, Any], assignment: Assignment) -> None:
    """Print, for staff, whose it is, and what the settings on Gradescope lack."""
    print(f"{assignment.name}: {assignment.title}. Submission {about.get('id', '?')}, by {names(about) or '?'}")
    try:
        points = float(_of_assignment(about).get("total_points", assignment.points))
    except (TypeError, ValueError):
        return
    if points != assignment.points:
        print(
            f"The checks are worth {assignment.points:g} points, but the assignment on Gradescope {points:g}. "
            f"Set it to {assignment.points:g}."
        )


def report(grade: Grade, assignment: Assignment) -> None:
    """Print, for staff, how the grading went."""
    layers = ", ".join(grade.isolation) or "none"
    print(f"{grade.points} in {grade.seconds:.1f} s; isolation: {layers}")
    if memory_here() < memory(assignment):
        here, needed = memory_here() // MB, memory(assignment) // MB
        print(f"This container has {here} MB of memory, but grading needs at least {needed} MB. Choose a larger one.")
    for sentence in dict.fromkeys(check.message for check in grade.faults):
        print(f"Not judged: {sentence}")


def _of_assignment(about: Mapping[str, Any]) -> Mapping[str, Any]:
    found = about.get("assignment")
    return found if isinstance(found, dict) else {}


if __name__ == "__main__":
    leave(main(sys.argv[1:]))
