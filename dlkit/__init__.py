"""dlkit: a teaching and assessment kit for a first deep-learning course.

In a notebook, `dlkit.check("softmax")` grades the functions that are defined in it, and `dlkit.predict` asks before it
shows a result.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dlkit.notebook.checking import assignment, check
    from dlkit.notebook.predicting import predict

__version__ = "0.1.0"
__all__ = ["assignment", "check", "predict"]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module 'dlkit' has no attribute {name!r}")
    from dlkit.notebook import checking, predicting

    return getattr(predicting if name == "predict" else checking, name)
