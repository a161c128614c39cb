"""scikit-learn's 1,797 digits as the figures need them: no download, and the same split each time."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Images = NDArray[np.float32]
Labels = NDArray[np.int64]


def on_canvas(images: NDArray[Any], block: int, side: int = 28) -> Images:
    """8 x 8 images, each pixel a block x block square, in the middle of an empty side x side canvas."""
    large = np.kron(images, np.ones((1, block, block)))  # (N, 8, 8) -> (N, 8 block, 8 block)
    margin = (side - large.shape[1]) // 2
    return np.pad(large, ((0, 0), (margin, margin), (margin, margin))).astype(np.float32)[..., None]


def split(block: int | None = None) -> tuple[Any, Any, Labels, Labels]:
    """X_train, X_test, y_train, y_test: 1,437 and 360 digits in [0, 1], as rows of 64 or, with `block`, on a canvas."""
    from sklearn.datasets import load_digits
    from sklearn.model_selection import train_test_split

    digits = load_digits()
    X = (digits.images / 16).astype(np.float32)
    X = X.reshape(len(X), -1) if block is None else on_canvas(X, block)
    X_train, X_test, y_train, y_test = train_test_split(X, digits.target, test_size=360, random_state=0, stratify=digits.target)
    return X_train, X_test, y_train, y_test
