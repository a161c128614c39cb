"""Attacks everything while it is imported, with a thread started there that goes on.

attacked: failed
"""

import os
import signal
import socket
import threading
import time

import numpy as np

found = []


def strike():
    ways = [
        lambda: found.append(open("@CANARY@").read()),
        lambda: open("@TOUCH@/attacks_at_import", "w").close(),
        lambda: os.chmod("@CANARY@", 0o777),
        lambda: open("@SUBMISSION@", "w").close(),
        lambda: os.kill(int("@PID@"), signal.SIGKILL),
        lambda: socket.create_connection(("127.0.0.1", int("@PORT@")), 1),
    ]
    for way in ways:
        try:
            way()
        except OSError:
            pass


def keep_striking():
    for _ in range(100):
        strike()
        time.sleep(0.02)


strike()
threading.Thread(target=keep_striking, daemon=True).start()


def attacked(x):
    print(found[:1])
    return np.zeros_like(x)
