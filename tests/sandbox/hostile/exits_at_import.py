"""Ends its process with the status of success while it is imported.

attacked: crashed
costs: everything
"""

import os

os._exit(0)


def attacked(x):
    return x
