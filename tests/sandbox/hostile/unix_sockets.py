"""Connects to a Unix socket of a server on the same machine.

attacked: crashed
layer: seccomp
"""

import socket


def attacked(x):
    with socket.socket(socket.AF_UNIX) as server:
        server.connect("@UNIX@")
    return x + 1
