"""What stays warm between two gradings, as a user meets it: `dlkit grade`, `dlkit status`, `dlkit stop`."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys

import pytest
from support import ROOT, SMALL

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only on Linux does a zygote stay")


@pytest.fixture
def own(copy_of_small):
    """The small assignment, with the reference as one's own work."""
    shutil.copy(SMALL / "solutions" / "arith" / "arith.py", copy_of_small / "arith.py")
    return copy_of_small


@pytest.fixture
def warm(dlkit, tmp_path):
    """The command line where something may stay warm; it is stopped at the end."""
    (tmp_path / "run").mkdir()
    environment = {"DLKIT_WARM": "1", "CI": "", "XDG_RUNTIME_DIR": str(tmp_path / "run")}

    def run(*arguments, **more):
        return dlkit(*arguments, env={**environment, **more})

    yield run
    run("stop")


def pids(status):
    """The processes that `dlkit status` names."""
    return re.findall(r"^Process (\d+): warm since \d\d:\d\d, [\d.]+ MB of memory", status.stdout, re.MULTILINE)


def told(grading):
    """What a grading says, without its seconds."""
    return re.sub(r"[\d.]+ s$", "", grading.stdout, flags=re.MULTILINE)


def test_the_second_grading_uses_what_the_first_has_left(warm, own):
    """A process stays, the next grading uses it and says the same, and `dlkit stop` ends it."""
    assert "Nothing is kept warm." in warm("status").stdout
    first = warm("grade", own)
    stays = pids(warm("status"))
    second = warm("grade", own)
    assert (told(second), second.returncode) == (told(first), first.returncode)
    status = warm("status")
    assert len(stays) == 1
    assert pids(status) == stays
    assert "`dlkit stop`" in status.stdout
    assert warm("stop").stdout == "Stopped.\n"
    assert warm("stop").stdout == "Nothing was kept warm.\n"


def test_a_changed_file_is_graded_anew(warm, own):
    """What stays knows nothing of the work: a mistake that was made since then is found."""
    assert warm("grade", own).returncode == 0
    text = (own / "arith.py").read_text()
    (own / "arith.py").write_text(text + "\n\ndef total(x):\n    return 0.0\n")
    done = warm("grade", own, "--check", "total", "--json", "-")
    assert done.returncode == 1
    grade = json.loads(done.stdout)
    assert grade["score"] < grade["max_score"]


@pytest.mark.parametrize("how", [["--no-warm"], ["--worker", "fork"], {"DLKIT_WARM": "0"}, {"CI": "true"}], ids=str)
def test_nothing_stays_where_it_is_not_wanted(warm, own, how):
    """With --no-warm, DLKIT_WARM=0, in CI, or with a kind of worker that was asked for, nothing is left behind."""
    options, more = (how, {}) if isinstance(how, list) else ([], how)
    assert warm("grade", own, *options, **more).returncode == 0
    assert pids(warm("status")) == []


def test_a_class_leaves_nothing(warm, own, tmp_path):
    """A class has a zygote of its own, which ends with it."""
    (tmp_path / "inbox" / "ada").mkdir(parents=True)
    shutil.copy(own / "arith.py", tmp_path / "inbox" / "ada")
    done = warm("grade", own, "--submissions", tmp_path / "inbox", "--gradebook", tmp_path / "gradebook.db")
    assert done.returncode == 0, done.stderr
    assert pids(warm("status")) == []


@pytest.mark.parametrize("slip", ["syntax", "name"])
def test_a_slip_leaves_nothing(warm, tmp_path, slip):
    """What cannot be read, or is not there, imports no TensorFlow, and so nothing stays."""
    (tmp_path / "xor_mlp.py").write_text("def sigmoid(z:\n")
    done = warm("grade", ROOT / "assignments" / "hw2", "--submission", tmp_path / ("xor_mlp.py" if slip == "syntax" else "no.py"))
    assert done.returncode == (2 if slip == "name" else 1)
    assert pids(warm("status")) == []


def test_status_says_why_nothing_is_kept(warm):
    """Where nothing may stay, `dlkit status` tells the reason."""
    assert "Here dlkit keeps no process warm, because CI is set." in warm("status", CI="true").stdout


@pytest.mark.parametrize("command", ["grade", "status", "stop"])
def test_a_command_imports_what_it_needs(command):
    """A command imports its own module of commands, and not the others'."""
    code = (
        "import sys\nfrom dlkit.cli import main\n"
        f"try: main(['{command}', '--help'])\nexcept SystemExit: pass\n"
        "print(sorted(name for name in sys.modules if name.startswith('dlkit.commands.')))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    home = "grading" if command == "grade" else "warming"
    assert done.stdout.splitlines()[-1] == str(sorted(["dlkit.commands.shared", f"dlkit.commands.{home}"]))
