"""Learned: what a step of a milestone found, its curves and its pictures, to named arrays and back again.

A worker sends arrays and draws nothing. What comes back is a claim: its sizes and shapes are looked at.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import KW_ONLY, dataclass
from typing import Any

import numpy as np

from autograder.observation import Array, Observation, Value

MOST_POINTS, MOST_CURVES = 2000, 6
MOST_PICTURES, MOST_TILES, MOST_PIXELS = 6, 64, 64
MOST_TITLE = 80

Point = tuple[float, Mapping[str, float]]


@dataclass(frozen=True)
class Tiles:
    """Small grey pictures in a grid, such as the weights of a layer or misread digits.

    Attributes:
        title: what they are.
        images: shape (n, h, w); at most 64 of them, of at most 64 x 64 pixels.
        captions: what stands above each; none by default.
        signed: the pixels are weights: 0 is grey, negative numbers are dark, positive ones light.
    """

    title: str
    images: Array
    captions: Sequence[str] = ()
    _: KW_ONLY
    signed: bool = False


@dataclass(frozen=True)
class Plane:
    """What a model says of each point of a plane, with some samples in it.

    Attributes:
        title: what it is.
        x, y: the two axes of the grid, shapes (c,) and (r,).
        classes: what the model says at each point of the grid, 0 or 1, shape (r, c).
        X: the samples, shape (n, 2).
        labels: their classes, 0 or 1, shape (n,).
    """

    title: str
    x: Array
    y: Array
    classes: Array
    X: Array
    labels: Array


Picture = Tiles | Plane


@dataclass(frozen=True)
class Learned:
    """What a step found.

    Attributes:
        value: the number that is compared with the bound.
        pictures: what there is to see, `Tiles` and `Plane`.
    """

    value: float
    pictures: Sequence[Picture] = ()


@dataclass(frozen=True)
class Advanced:
    """What one request brought: further points, and the end of the step once it is there."""

    points: tuple[Point, ...]
    learned: Learned | None = None


def as_observation(points: Sequence[Point], learned: Learned | None) -> dict[str, Value]:
    """Points, and the end of a step, as named arrays; runs in a worker."""
    names = list(dict.fromkeys(name for _, values in points for name in values))
    seen: dict[str, Value] = {
        "x": np.array([float(x) for x, _ in points]),
        "names": json.dumps(names),
        "values": np.array([[float(values.get(name, math.nan)) for name in names] for _, values in points]).reshape(
            len(points), len(names)
        ),
    }
    if learned is not None:
        seen["value"] = np.array(float(learned.value))
        seen["pictures"] = json.dumps([_told(one) for one in learned.pictures])
        for number, one in enumerate(learned.pictures):
            seen |= {f"picture {number} {name}": np.asarray(array) for name, array in _arrays(one).items()}
    return seen


def advanced(seen: Observation) -> Advanced:
    """What a worker sent.

    Raises:
        ValueError, KeyError, TypeError: it is nothing that a step can have sent.
    """
    x, values = np.asarray(seen["x"], dtype=np.float64), np.asarray(seen["values"], dtype=np.float64)
    names = [str(name)[:MOST_TITLE] for name in json.loads(str(seen["names"]))]
    if x.shape != (len(values),) or values.shape[1:] != (len(names),) or len(names) > MOST_CURVES or len(x) > MOST_POINTS:
        raise ValueError(f"a step has at most {MOST_CURVES} curves of at most {MOST_POINTS} points")
    known = [{name: float(y) for name, y in zip(names, row, strict=True) if not math.isnan(y)} for row in values]
    points = tuple(zip(map(float, x), known, strict=True))
    if "value" not in seen:
        return Advanced(points)
    told = json.loads(str(seen["pictures"]))
    pictures = [_picture(one, number, seen) for number, one in enumerate(told[:MOST_PICTURES])]
    return Advanced(points, Learned(float(np.asarray(seen["value"])), pictures))


def _told(picture: Picture) -> dict[str, Any]:
    """What of a picture is no array."""
    if isinstance(picture, Plane):
        return {"kind": "plane", "title": picture.title}
    return {"kind": "tiles", "title": picture.title, "captions": list(picture.captions), "signed": picture.signed}


def _arrays(picture: Picture) -> dict[str, Any]:
    """The arrays of a picture."""
    if isinstance(picture, Tiles):
        return {"images": np.asarray(picture.images, dtype=np.float64)}
    names = ("x", "y", "classes", "X", "labels")
    return {name: np.asarray(getattr(picture, name), dtype=np.float64) for name in names}


def _picture(told: Mapping[str, Any], number: int, seen: Observation) -> Picture:
    def array(name: str, dimensions: int) -> Array:
        found = np.asarray(seen[f"picture {number} {name}"], dtype=np.float64)
        if found.ndim != dimensions:
            raise ValueError(f"`{name}` of a picture must have {dimensions} dimensions. Received: {found.ndim}")
        return found

    title = str(told["title"])[:MOST_TITLE]
    if told["kind"] == "tiles":
        images = array("images", 3)
        if len(images) > MOST_TILES or max(images.shape[1:]) > MOST_PIXELS:
            raise ValueError(f"there are at most {MOST_TILES} tiles of {MOST_PIXELS} x {MOST_PIXELS}. Received: {images.shape}")
        captions = [str(text)[:MOST_TITLE] for text in told["captions"]]
        return Tiles(title, images, captions[: len(images)], signed=told["signed"] is True)
    x, y, classes, X, labels = array("x", 1), array("y", 1), array("classes", 2), array("X", 2), array("labels", 1)
    if classes.shape != (len(y), len(x)) or X.shape != (len(labels), 2):
        raise ValueError("a plane has a class for each point of its grid, and a label for each sample")
    return Plane(title, x, y, classes, X, labels)
