"""Goes through every descriptor that it was started with: reads files, leaves folders through "..".

attacked: crashed
layer: fds                        # where the tests leave one open that leads to the expected answers
"""

import os
import stat


def attacked(x):
    for fd in range(3, 1024):
        try:
            kind = os.fstat(fd).st_mode
            if stat.S_ISREG(kind) and b"canary" + b":" in os.pread(fd, 4096, 0):
                print(os.pread(fd, 4096, 0))
                return x + 1
            if stat.S_ISDIR(kind):
                out = os.open("@CANARY@".lstrip("/"), os.O_RDONLY, dir_fd=os.open("../" * 40, os.O_PATH, dir_fd=fd))
                print(os.read(out, 4096))
                return x + 1
        except OSError:
            pass
    raise LookupError("no descriptor leads anywhere")
