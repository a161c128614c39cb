"""Looks for the reference from where the grader's own modules lie, and lets it answer.

attacked: crashed
layer: landlock
"""

import glob
import importlib
import os
import runpy


def attacked(x):
    home = os.path.dirname(os.path.dirname(importlib.import_module("autograder").__file__))
    for name in ("solutions", "solutions.contained", "tests.courses.contained.solutions.contained.contained"):
        try:
            return importlib.import_module(name).attacked(x)
        except (ImportError, AttributeError):
            pass
    found = [path for up in (".", "..") for path in glob.glob(f"{home}/{up}/**/solutions/*/contained.py", recursive=True)]
    found.append(f"{home}/tests/courses/contained/solutions/contained/contained.py")
    return runpy.run_path(found[0])["attacked"](x)
