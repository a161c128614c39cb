"""What was answered, kept beside the work: explanations.toml, which `dlkit submit` packs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from autograder.asking.question import Question
from autograder.submission.responses import EXPLANATION, FILES, MOST_RESPONSES, Response, parse, written

FILE = next(name for name, kind in FILES.items() if kind == EXPLANATION)
ABOUT = "Your answers to questions about your own code, from `dlkit ask`. They do not count for marks."
NO_ANSWER = "(no answer)"


@dataclass(frozen=True)
class Reply:
    """A question that was asked, and the answer; "" if there was none."""

    question: Question
    answer: str

    @property
    def right(self) -> bool:
        """Whether the answer is right."""
        return self.question.is_right(self.answer)

    def response(self) -> Response:
        """The reply as it is handed in."""
        one = self.question
        prompt = f"{one.call}: {one.text}" if one.call else one.text
        return Response(EXPLANATION, one.id[:80], self.answer or NO_ANSWER, one.right, self.right, prompt)


def kept(before: str, replies: Sequence[Reply], assignment: str) -> str:
    """The text of the file with new replies. A first answer stays; another one to the same question is its second.

    Raises:
        ValueError: what was in the file cannot be read; the message says why.
    """
    earlier = parse(before, EXPLANATION)[0] if before else ()
    found = {one.question: one for one in earlier}
    for reply in replies:
        new = reply.response()
        old = found.pop(new.question, None)
        found[new.question] = replace(old, second=new.answer) if old else new
    return written(list(found.values())[-MOST_RESPONSES:], assignment, ABOUT)
