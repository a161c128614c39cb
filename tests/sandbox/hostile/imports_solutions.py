"""Imports the reference by its path and lets it answer.

attacked: crashed
layer: landlock
"""

import importlib.util
import sys


def attacked(x):
    sys.path.insert(0, "@SOLUTIONS@")
    try:
        spec = importlib.util.spec_from_file_location("reference", "@SOLUTIONS@/contained.py")
        reference = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(reference)
    finally:
        sys.path.remove("@SOLUTIONS@")
    return reference.attacked(x)
