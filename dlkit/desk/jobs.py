"""What takes long: each in a thread of its own, while a page waits for it."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Job:
    """Something that takes long.

    Attributes:
        title: what it does.
        done: whether it has ended.
        result: what came of it.
        error: why nothing did, a sentence.
    """

    title: str
    done: bool = False
    result: Any = None
    error: str = ""


@dataclass
class Jobs:
    """What was begun, and what is to be said on a reader's next page."""

    found: dict[str, Job] = field(default_factory=dict)
    notices: dict[str, str] = field(default_factory=dict)
    _turn: threading.Lock = field(default_factory=threading.Lock)

    def begin(self, title: str, work: Callable[[], Any]) -> str:
        """Begin something, after whatever was begun before; its id."""
        from autograder.text.errors import DlkitError

        job, key = Job(title), secrets.token_hex(8)
        self.found[key] = job

        def run() -> None:
            with self._turn:
                try:
                    job.result = work()
                except (DlkitError, OSError) as error:
                    job.error = str(error)
                except Exception as error:
                    job.error = f"dlkit failed: {type(error).__name__}: {error}. Nothing was written"
                finally:
                    job.done = True

        threading.Thread(target=run, name=f"desk {title}", daemon=True).start()
        return key
