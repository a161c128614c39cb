"""What a student is told when a worker gives no answer: each sentence stands here, and nowhere else.

None of them is kept: whatever ended a worker is asked again the next time, so a change of words is seen at once.
"""

from __future__ import annotations

from autograder.observation.answer import Answer, Ending
from autograder.sandbox.process import EndedError, MachineError, OverLimitError, ProtocolError, TimedOutError

KILLED = -9
KILLED_WORDS = "the system killed it, probably because it used too much memory"
SIGNALLED = "was ended by "


def unanswered(seconds: float) -> str:
    """A case ran out of time."""
    return f"no answer within {seconds:g} s: is there an infinite loop?"


def unloaded(error: Exception, main: str, seconds: float, doing: str) -> str:
    """A file could not be loaded.

    Args:
        error: what became of the worker.
        main: what the file is called.
        seconds: how long it could take.
        doing: "read" or "imported".
    """
    match error:
        case TimedOutError() if doing == "read":
            return f"{main} could not be read within {seconds:g} s"
        case TimedOutError():
            return f"{main} did not finish importing within {seconds:g} s: is there a loop at module level?"
        case EndedError(status=status) if status == KILLED:
            return f"while {main} was {doing}, {KILLED_WORDS}"
        case OverLimitError() | EndedError():
            return f"while {main} was {doing}, it {error.why}"
    return f"while {main} was {doing}, it wrote to the grader's channel"


def used_up(total: float) -> str:
    """The submission has used up its time."""
    return f"the time for the whole submission, {total:g} s, is used up"


def about_machine(error: MachineError) -> str:
    """It was the machine's doing."""
    return str(error) if error.why.startswith("th") else f"the worker {error}"


def ending_of(error: Exception) -> Ending:
    """How a case, or the reading of a file, ended, by what became of the worker."""
    match error:
        case TimedOutError():
            return Ending.TIMED_OUT
        case OverLimitError(limit="memory"):
            return Ending.OUT_OF_MEMORY
        case OverLimitError():
            return Ending.OVER_LIMIT
        case EndedError(status=status) if status == KILLED:  # not by us
            return Ending.OUT_OF_MEMORY
        case EndedError():
            return Ending.ENDED
    return Ending.BROKE_OFF


def answer_for(error: Exception, seconds: float) -> Answer:
    """What became of a worker, as the answer to the case that was open."""
    match error:
        case TimedOutError():
            return Answer(Ending.TIMED_OUT, error=unanswered(seconds), seconds=seconds)
        case OverLimitError():
            return Answer(ending_of(error), error=error.why)
        case EndedError(status=status) if status == KILLED:
            return Answer(Ending.OUT_OF_MEMORY, error=KILLED_WORDS)
        case EndedError() | ProtocolError():
            return Answer(ending_of(error), error=f"it {error.why}")
    return Answer(Ending.BROKE_OFF, error="it wrote unreadable data to the grader's channel")
