"""Leaves a thread, a finaliser and a callback of the garbage collector that attack while the next checks are answered.

attacked: failed
"""

import gc
import os
import signal
import socket
import threading
import time
import weakref

import numpy as np


class Thing:
    pass


def strike(*_):
    ways = [
        lambda: open("@TOUCH@/attacks_later", "w").close(),
        lambda: os.utime("@CANARY@", (0, 0)),
        lambda: open("@SUBMISSION@", "a").write("\n"),
        lambda: os.kill(int("@PID@"), signal.SIGKILL),
        lambda: socket.create_connection(("127.0.0.1", int("@PORT@")), 1),
    ]
    for way in ways:
        try:
            way()
        except OSError:
            pass


def keep_striking():
    end = time.monotonic() + 3
    while time.monotonic() < end:
        strike()
        time.sleep(0.01)


def attacked(x):
    thing = Thing()
    weakref.finalize(thing, strike)
    thing.itself = thing  # collected at some time or other
    gc.callbacks.append(strike)
    threading.Thread(target=keep_striking, daemon=True).start()
    return np.zeros_like(x)
