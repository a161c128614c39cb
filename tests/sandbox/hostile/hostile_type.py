"""Answers with an object whose class is named by terminal commands, and with text made of them.

attacked: failed
layer: judging
"""

HOSTILE = "\x1b[2J\x1b]0;owned\x07\r\u202eelif\u2066<script>alert(1)</script>[red]"


def attacked(x):
    return type(HOSTILE, (), {})() if x.ndim == 1 else HOSTILE * 1000
