"""Changes the mode, the times, the owner and the attributes of a file that it may not write: Landlock has no rule for that.

attacked: crashed
layer: seccomp
"""

import os


def attacked(x):
    path = "@CANARY@"
    ways = [
        lambda: os.chmod(path, 0o777),
        lambda: os.utime(path, (0, 0)),
        lambda: os.setxattr(path, "user.attacked", b"1"),
        lambda: os.chown(path, os.getuid(), os.getgid()),
        lambda: os.chmod(os.path.dirname(path), 0o777),
    ]
    before = os.stat(path)
    for way in ways:
        try:
            way()
        except OSError:
            pass
    after = os.stat(path)
    if (before.st_mode, before.st_ctime_ns) == (after.st_mode, after.st_ctime_ns):
        raise PermissionError("nothing has changed")
    return x + 1
