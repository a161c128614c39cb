"""Answers with a dict of a hundred thousand entries.

attacked: failed, crashed, over_limit
"""


def attacked(x):
    return {f"entry {number}": float(number) for number in range(100_000)}
