"""Ends its process at once with the status of success.

attacked: crashed
"""

import os


def attacked(x):
    os._exit(0)
