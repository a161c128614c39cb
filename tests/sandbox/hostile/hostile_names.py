"""Answers with a dict whose names are terminal commands, bidirectional overrides, markup and a megabyte of text.

attacked: failed, over_limit
layer: judging
"""

HOSTILE = "\x1b[2J\x1b]0;owned\x07\r\u202eelif\u2066\x00\x9b31m<script>alert(1)</script>[red]|=cmd|'/c calc'!A0"


def attacked(x):
    if x.ndim == 1:
        return {HOSTILE: x, "answer\u200b": x + 1, "effect: " + HOSTILE: x}
    return {HOSTILE * 10_000: x}
