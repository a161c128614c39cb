"""`dlkit grade --watch`: graded again on every save, what changed or failed first."""

from __future__ import annotations

import json
import os
import queue
import signal
import subprocess
import sys
import threading
import time

import pytest
from support import ROOT

REFERENCE = (ROOT / "tests/courses/small/solutions/arith/arith.py").read_text()
PATIENCE = 60


class Watching:
    """The command while it runs, its lines as they come."""

    def __init__(self, folder, json_path, cache):
        command = [sys.executable, "-m", "dlkit", "grade", str(folder), "--watch", "--json", str(json_path)]
        environment = {**os.environ, "COLUMNS": "100", "PYTHONUNBUFFERED": "1", "DLKIT_CACHE": str(cache)}
        self.process = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        self.lines = queue.Queue()
        threading.Thread(target=lambda: [self.lines.put(line) for line in self.process.stdout], daemon=True).start()

    def until(self, words):
        """The lines up to the one with these words."""
        found, deadline = [], time.monotonic() + PATIENCE
        while not found or words not in found[-1]:
            found.append(self.lines.get(timeout=max(0.1, deadline - time.monotonic())))
        return "".join(found)


@pytest.fixture
def watching(copy_of_small, tmp_path):
    """A student's folder with a right submission, under watch."""
    (copy_of_small / "arith.py").write_text(REFERENCE)
    found = Watching(copy_of_small, tmp_path / "grade.json", tmp_path / "cache")
    found.file, found.json = copy_of_small / "arith.py", tmp_path / "grade.json"
    found.until("Watching")
    yield found
    found.process.kill()
    found.process.wait()
    found.process.stdout.close()


def test_a_save_is_graded_what_changed_first(watching):
    """The changed function's verdict comes before the rest; then the total of all, and the JSON is the newest."""
    watching.file.write_text(REFERENCE.replace("np.sum(x)", "np.max(x)"))
    told = watching.until("Total:")
    assert told.index("total") < told.index("Total:")
    assert "failed" in told
    assert told.count("scale") <= 1  # what did not change is not listed, unless its outcome is another
    grade = json.loads(watching.json.read_text())
    assert grade["score"] < grade["max_score"] == 20
    watching.file.write_text(REFERENCE)
    assert "passed" in watching.until("20 of 20 points")


def test_a_file_that_cannot_be_read_is_waited_for(watching):
    """A syntax error and a file that is gone are said once; the next save is graded."""
    watching.file.write_text(REFERENCE + "\n(")
    assert "was never closed" in watching.until("Total:")
    watching.file.unlink()
    watching.until("arith.py")
    watching.file.write_text(REFERENCE)
    watching.until("20 of 20 points")


def test_ctrl_c_ends_it_with_the_last_verdict(watching):
    """The exit status is that of the last grade, and nothing is left running."""
    watching.process.send_signal(signal.SIGINT)
    assert "Stopped at 20 of 20 points" in watching.until("Stopped at")
    assert watching.process.wait(20) == 0


def test_many_grades_do_not_go_to_stdout(dlkit, copy_of_small):
    """--watch with --json - is refused in a sentence."""
    done = dlkit("grade", copy_of_small, "--watch", "--json", "-")
    assert (done.returncode, "--json needs a file" in done.stderr) == (2, True)
