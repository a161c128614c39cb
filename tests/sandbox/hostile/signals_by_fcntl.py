"""Kills another process without any call that sends a signal: it becomes the owner of a pipe that asks for SIGKILL.

attacked: crashed
"""

import fcntl
import os
import signal
import time

F_SETOWN, F_SETSIG = 8, 10
PID = int("@PID@")


def attacked(x):
    read, write = os.pipe()
    fcntl.fcntl(read, F_SETSIG, signal.SIGKILL)
    fcntl.fcntl(read, F_SETOWN, PID)
    fcntl.fcntl(read, fcntl.F_SETFL, os.O_ASYNC | os.O_NONBLOCK)
    os.write(write, b"now")
    time.sleep(0.2)
    try:
        if open(f"/proc/{PID}/stat").read().rpartition(")")[2].split()[0] != "Z":
            raise PermissionError("it is still alive")
    except FileNotFoundError:
        pass  # it is gone
    return x + 1
