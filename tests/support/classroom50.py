"""Classroom 50, as its pages describe it: a validator of results, and a runner that starts a bundle."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import tarfile
from pathlib import Path

SHA_DATE = "2026-11-02T11:00:00+01:00"
TAG = "submit/2026-11-02T10-05-00Z-a1b2c3d"
TEXTS = ("classroom", "assignment", "owner", "commit", "release", "review", "datetime")


def wrong_in(result: object) -> str:
    """The first field of a result that does not fit `classroom50/result/v1`; "" if all do. Written from the page, not from dlkit."""
    if type(result) is not dict:
        return "result"
    if result.get("schema") != "classroom50/result/v1":
        return "schema"
    for key in TEXTS:
        if type(result.get(key)) is not str or not result[key]:
            return key
    if result.get("assignment_type") not in ("individual", "group", "team"):
        return "assignment_type"
    if type(result.get("submission")) is not str or not result["submission"].startswith("submit/"):
        return "submission"
    if wrong := _wrong_points(result):
        return wrong
    if type(result.get("tests")) is not list:
        return "tests"
    for test in result["tests"]:
        if type(test) is not dict:
            return "test"
        if type(test.get("test-name")) is not str or not test["test-name"]:
            return "test-name"
        if type(test.get("passed")) is not bool:
            return "passed"
        if wrong := _wrong_points(test):
            return wrong
    by = result.get("submitted_by")
    if by is not None:
        if type(by) is not dict or type(by.get("username")) is not str or not by["username"]:
            return "submitted_by"
        if type(by.get("id")) not in (int, type(None)):
            return "id"
    return ""


def _wrong_points(holder: dict) -> str:  # type: ignore[type-arg]
    for key in ("score", "max-score"):
        if type(holder.get(key)) is not int or holder[key] < 0:
            return key
    return "score" if holder["score"] > holder["max-score"] else ""


def published(folder: Path) -> bytes:
    """A folder of an autograder as the organization's page has it."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w:gz") as archive:
        archive.add(folder, arcname=folder.name)
    return stream.getvalue()


def commit(checkout: Path) -> str:
    """Make a repository of a folder, with one commit; its name."""
    git = ["git", "-c", "user.name=a", "-c", "user.email=a@example.org", "-C", str(checkout)]
    dates = {**os.environ, "GIT_COMMITTER_DATE": SHA_DATE, "GIT_AUTHOR_DATE": "2020-01-01T00:00:00Z"}
    for command in (["init", "-q"], ["add", "-A", "-f"], ["commit", "-q", "-m", "work"]):
        subprocess.run([*git, *command], env=dates, check=True, capture_output=True)
    return subprocess.run([*git, "rev-parse", "HEAD"], check=True, capture_output=True, text=True).stdout.strip()


def run(bundle: bytes, place: Path, checkout: Path, sha: str, **more: str | None) -> tuple[int, dict, dict[str, str], str]:  # type: ignore[type-arg]
    """Unpack a bundle and start it in a checkout, with the variables that the runner sets.

    Returns:
        The exit status; the result with what the runner stamps on it, {} for none; the outputs; what was printed.
    """
    with tarfile.open(fileobj=io.BytesIO(bundle)) as archive:
        archive.extractall(place, filter="data")
    (folder,) = place.iterdir()
    outputs = place / "outputs"
    url = "https://github.com/org/ml26-arith-octo-ada"
    told = {
        "CLASSROOM": "ml26",
        "ASSIGNMENT": folder.name,
        "SUBMISSION_TAG": TAG,
        "PAGES_BASE_URL": "https://org.github.io/classroom50",
        "USERNAME": "octo-ada",
        "OWNER": "octo-ada",
        "ASSIGNMENT_TYPE": "individual",
        "COMMIT_URL": f"{url}/commit/{sha}",
        "RELEASE_URL": f"{url}/releases/tag/x",
        "REVIEW_URL": f"{url}/compare/a...b",
        "CLASSROOM50_BUNDLE_DIR": str(folder),
        "GITHUB_SHA": sha,
        "GITHUB_OUTPUT": str(outputs),
        "GITHUB_ACTOR": "octo-ada",
        "RUNNER_TEMP": str(place),
        "DLKIT_PYTHON": sys.executable,
        **more,
    }
    environment = {**os.environ, **{key: value for key, value in told.items() if value is not None}}
    command = [sys.executable, str(folder / "autograder.py")]
    done = subprocess.run(command, cwd=checkout, env=environment, capture_output=True, text=True, timeout=120, check=False)
    path = checkout / "result.json"
    result = json.loads(path.read_text()) if path.is_file() else {}
    lines = outputs.read_text().splitlines() if outputs.exists() else []
    return done.returncode, result, dict(line.split("=", 1) for line in lines), done.stdout + done.stderr
