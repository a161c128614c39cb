"""Answers with lists nested a hundred thousand deep, and with a list and a dict that contain themselves.

attacked: failed, crashed
"""


def attacked(x):
    if x.ndim == 1:
        answer = 1.0
        for _ in range(100_000):
            answer = [answer]
        return answer
    answer = {}
    answer["answer"] = answer
    answer["list"] = [answer]
    answer["list"].append(answer["list"])
    return answer
