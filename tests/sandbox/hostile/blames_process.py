"""Makes another process the first to be killed when memory runs short, and itself the last.

attacked: crashed
layer: landlock
"""


def attacked(x):
    for process, score in (("@PID@", "500"), ("self", "-900"), ("self", "300")):
        try:
            with open(f"/proc/{process}/oom_score_adj", "w") as file:
                file.write(score)
            return x + 1
        except OSError as error:
            last = error
    raise last
