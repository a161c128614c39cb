"""Connects to a server by TCP, and listens for others.

attacked: crashed
"""

import socket
import urllib.request


def listen():
    with socket.socket() as server:
        server.bind(("0.0.0.0", 0))
        server.listen()


def attacked(x):
    ways = [
        lambda: socket.create_connection(("127.0.0.1", int("@PORT@")), 1).send(b"x"),
        lambda: urllib.request.urlopen("http://127.0.0.1:@PORT@/?stolen=1", timeout=1),
        lambda: socket.create_connection(("::ffff:127.0.0.1", int("@PORT@")), 1).send(b"x"),
        listen,
    ]
    for way in ways:
        try:
            way()
            return x + 1
        except OSError as error:
            last = error
    raise last
