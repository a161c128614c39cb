"""dlkit: a teaching and assessment kit for a first deep-learning course.

In a notebook, `dlkit.check("softmax")` grades the functions that are defined in it, and `dlkit.ask()` asks about them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dlkit.notebook.asking import ask
    from dlkit.notebook.checking import assignment, check

__version__ = "0.1.0"
__all__ = ["ask", "assignment", "check"]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module 'dlkit' has no attribute {name!r}")
    from dlkit.notebook import asking, checking

    return getattr(asking if name == "ask" else checking, name)
