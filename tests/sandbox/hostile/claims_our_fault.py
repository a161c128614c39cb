"""Claims that the grader could not set it up, because the grader's own faults cost no points.

attacked: crashed, failed
layer: judging
"""

from autograder import observing
from autograder.observation import answer

FAULT = answer.Answer(answer.Ending.UNREADY, error="the worker could not be set up: no memory left on the device")


def attacked(x):
    observing.Observer.observe = lambda self, fields: FAULT
    observing.Observer.warm = lambda self, modules: {"error": "tensorflow cannot be imported"}
    raise SystemExit("grader_error")
