"""Changes the limits, the priority and the processors of another process.

attacked: crashed
layer: seccomp
"""

import os
import resource

PID = int("@PID@")


def attacked(x):
    ways = [
        lambda: resource.prlimit(PID, resource.RLIMIT_CORE, (0, 0)),
        lambda: os.setpriority(os.PRIO_PROCESS, PID, 19),
        lambda: os.sched_setaffinity(PID, {0}),
        lambda: os.sched_setscheduler(PID, os.SCHED_IDLE, os.sched_param(0)),
    ]
    done, last = 0, None
    for way in ways:
        try:
            way()
            done += 1
        except OSError as error:
            last = error
    if not done:
        raise last
    return x + 1
