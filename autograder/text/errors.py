"""What can be wrong with what somebody asked for: one tree of errors, each a sentence for whoever reads it.

A sentence says what is wrong, what was expected, what was received, and what to do. A command ends with it and with the
error's exit status; nobody sees a traceback. What a room raises for itself alone is no part of this tree.
"""

from __future__ import annotations

from typing import ClassVar


class DlkitError(Exception):
    """Something cannot be done as it was asked for; whoever asked can mend it."""

    status: ClassVar[int] = 2


class FaultError(DlkitError):
    """Something cannot be done, and it is not the fault of whoever asked: an assignment is broken, or the grader is."""

    status: ClassVar[int] = 3
