"""Plants modules, a .pth file and byte code among the installed packages, for the next process to import.

attacked: crashed
layer: landlock
"""

import os

CODE = "open('@TOUCH@/poisons_packages', 'w').close()\n"


def attacked(x):
    done, last = 0, None
    for name in ("sitecustomize.py", "usercustomize.py", "poison.pth", "__pycache__/numpy.cpython-311.pyc", "poison/__init__.py"):
        try:
            path = os.path.join("@SITE@", name)
            if os.path.dirname(name):
                os.makedirs(os.path.dirname(path), exist_ok=True)
            open(path, "w").write(("import os; " if name.endswith(".pth") else "") + CODE)
            done += 1
        except OSError as error:
            last = error
    if not done:
        raise last
    return x + 1
