"""Lists the processes of the machine and reads of each what /proc tells: environment, command line, open files.

attacked: crashed
layer: landlock
"""

import os


def attacked(x):
    told = []
    for process in sorted((name for name in os.listdir("/proc") if name.isdigit()), key=int):
        if int(process) == os.getpid():
            continue
        for name in ("cmdline", "environ", "maps", "status"):
            try:
                told.append(open(f"/proc/{process}/{name}", "rb").read()[:200])
            except OSError:
                pass
        try:
            told += [os.readlink(f"/proc/{process}/{link}").encode() for link in ("exe", "cwd", "fd/0", "fd/1")]
        except OSError:
            pass
    if not told:
        raise PermissionError("no other process is to be seen")
    print(b" ".join(told).replace(b"\0", b" ")[:1500])
    return x + 1
