"""Answers with four thousand entries of long names and descriptions, beside megabytes of text, and prints as much.

attacked: crashed, failed, over_limit
layer: judging
"""

FLOOD = "\x1b[2J[/b]\u202e\u200d" * 50


def attacked(x):
    print(FLOOD * 1000)
    entries = {f"{FLOOD}{number}": FLOOD for number in range(4000)}
    if x.ndim == 1:
        return entries
    raise ValueError(FLOOD * 100_000)
