"""Kills another process by every call that sends a signal.

attacked: crashed
"""

import ctypes
import os
import signal

PID = int("@PID@")
LIBC = ctypes.CDLL(None, use_errno=True)


def call(number, *arguments):
    if LIBC.syscall(number, *arguments) < 0:
        raise OSError(ctypes.get_errno(), f"system call {number}")


def by_pidfd():
    signal.pidfd_send_signal(os.pidfd_open(PID), signal.SIGKILL)


def queued(number, *ids):
    info = (ctypes.c_int * 32)(signal.SIGKILL, 0, -1)  # si_code SI_QUEUE
    call(number, *ids, signal.SIGKILL, ctypes.byref(info))


def attacked(x):
    ways = [
        lambda: os.kill(PID, signal.SIGKILL),
        lambda: os.killpg(PID, signal.SIGKILL),
        lambda: call(200, PID, signal.SIGKILL),  # tkill
        lambda: call(234, PID, PID, signal.SIGKILL),  # tgkill
        by_pidfd,
        lambda: queued(129, PID),  # rt_sigqueueinfo
        lambda: queued(297, PID, PID),  # rt_tgsigqueueinfo
    ]
    for way in ways:
        try:
            way()
            return x + 1
        except OSError as error:
            last = error
    raise last
