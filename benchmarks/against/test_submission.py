"""The same questions as pytest: one test a check. `SUBMISSION` names the file, as a shell loop over a class would."""

import importlib.util
import os
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from work import differences, load


@pytest.fixture(scope="session")
def module():
    """The submission, imported."""
    spec = importlib.util.spec_from_file_location("submission", os.environ["SUBMISSION"])
    found = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(found)
    return found


@pytest.mark.parametrize("name", list(load()[1]))
def test_check(module, name):
    """The answers of one check are the reference's."""
    assert differences(module, name) == []
