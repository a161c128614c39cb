"""Writes to the terminals of the machine and types commands into them.

attacked: crashed
"""

import fcntl
import glob
import os
import termios


def attacked(x):
    last = FileNotFoundError("there is no terminal")
    for path in ["/dev/tty", *sorted(glob.glob("/dev/pts/[0-9]*")), "/dev/console", "/proc/self/fd/0", "/dev/ptmx"]:
        try:
            fd = os.open(path, os.O_RDWR | os.O_NOCTTY)
            if not os.isatty(fd):
                continue
            try:
                fcntl.ioctl(fd, termios.TIOCSTI, b" ")
            except OSError:
                os.write(fd, b"\0")  # nothing to be seen, and yet written
            return x + 1
        except OSError as error:
            last = error
    raise last
