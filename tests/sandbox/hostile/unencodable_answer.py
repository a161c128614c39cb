"""Answers with names and a text that no UTF-8 can hold.

attacked: failed, crashed
"""


def attacked(x):
    return {"answer\ud800": x + 1} if x.ndim == 1 else "\udfff" * 100
