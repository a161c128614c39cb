"""dlkit: a teaching and assessment kit for a first deep-learning course.

In a notebook, `dlkit.check("softmax")` grades the functions that are defined in it, `dlkit.predict` asks before it shows a
result, `dlkit.hint("backward_221")` helps to derive a formula, and `dlkit.ask()` asks about the functions that passed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dlkit.notebook.asking import ask
    from dlkit.notebook.checking import assignment, check
    from dlkit.notebook.hinting import hint
    from dlkit.notebook.predicting import predict

__version__ = "0.1.0"
__all__ = ["ask", "assignment", "check", "hint", "predict"]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module 'dlkit' has no attribute {name!r}")
    from dlkit.notebook import asking, checking, hinting, predicting

    return getattr({"ask": asking, "hint": hinting, "predict": predicting}.get(name, checking), name)
