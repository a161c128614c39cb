"""Leaves a tracing function, a profiler and an audit hook that meddle with the worker's own code.

attacked: failed, crashed
costs: slope, normalized
"""

import sys
import threading

import numpy as np

armed = []


def trace(frame, event, argument):
    if "autograder" in frame.f_code.co_filename:
        for name, value in list(frame.f_locals.items()):
            if name in ("answer", "outcome", "expected") and isinstance(value, dict):
                value["outcome"] = "passed"
    return trace


def hook(event, arguments):
    if armed and event in ("open", "exec", "compile", "import"):
        raise RuntimeError(f"{event} is not allowed here")


def attacked(x):
    sys.addaudithook(hook)
    sys.settrace(trace)
    threading.settrace(trace)
    sys.setprofile(trace)
    frame = sys._getframe()
    while frame is not None:
        frame.f_trace = trace
        frame = frame.f_back
    armed.append(True)
    return np.zeros_like(x)
