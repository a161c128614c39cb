"""Sends datagrams.

attacked: crashed
layer: seccomp
"""

import socket


def attacked(x):
    sent = socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"stolen", ("127.0.0.1", int("@PORT@")))
    return x + sent / 6
