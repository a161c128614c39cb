"""Walks the folders around the expected answers and reads every file that it finds.

attacked: crashed
layer: landlock
"""

import os


def attacked(x):
    found = []
    for folder in ("@SOLUTIONS@", os.path.dirname("@CANARY@")):
        for root, _, names in os.walk(folder):
            for name in names:
                try:
                    found.append(open(os.path.join(root, name), errors="replace").read()[:500])
                except OSError:
                    pass
    if not found:
        raise FileNotFoundError("nothing there to be read")
    print("\n".join(sorted(found, key=len)))
    return x + 1
