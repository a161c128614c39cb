"""Writes files, folders, links and pipes outside of its own folder.

attacked: crashed
layer: landlock
"""

import os
import socket


def attacked(x):
    here = "@TOUCH@/writes_outside"
    ways = [
        lambda: open(here, "w").write("written"),
        lambda: os.mkdir(here + ".folder"),
        lambda: os.symlink("/", here + ".link"),
        lambda: os.mkfifo(here + ".pipe"),
        lambda: os.mknod(here + ".node"),
        lambda: socket.socket(socket.AF_UNIX).bind(here + ".socket"),
    ]
    open("mine", "w").close()
    ways += [lambda: os.rename("mine", here + ".moved"), lambda: os.link("mine", here + ".linked")]
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
