"""Raises exceptions whose text and name are terminal commands, and prints them.

attacked: crashed
layer: judging
"""

import sys

HOSTILE = "\x1b[2J\x1b]0;owned\x07\r\u202eelif\u2066\x00\x9b31m<script>alert(1)</script>[red]\ud800"


def attacked(x):
    print(HOSTILE * 10)
    print(HOSTILE, file=sys.stderr)
    sys.stdout.write(HOSTILE)
    if x.ndim == 1:
        raise ValueError(HOSTILE * 100_000)
    raise type(HOSTILE.replace("\x00", "").replace("\ud800", ""), (Exception,), {})(HOSTILE)
