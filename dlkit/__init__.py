"""dlkit: a teaching and assessment kit for a first deep-learning course.

In a notebook, `dlkit.check("softmax")` grades the functions that are defined in it, `dlkit.predict` asks before it shows a
result, `dlkit.hint("backward_221")` helps to derive a formula, `dlkit.ask()` asks about the functions that passed, and
`dlkit.milestone()` shows that they learn.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dlkit.notebook.asking import ask
    from dlkit.notebook.checking import assignment, check
    from dlkit.notebook.hinting import hint
    from dlkit.notebook.milestones import milestone
    from dlkit.notebook.predicting import predict

__version__ = "0.1.0"
__all__ = ["ask", "assignment", "check", "hint", "milestone", "predict"]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module 'dlkit' has no attribute {name!r}")
    from dlkit.notebook import asking, checking, hinting, milestones, predicting

    homes = {"ask": asking, "hint": hinting, "milestone": milestones, "predict": predicting}
    return getattr(homes.get(name, checking), name)
