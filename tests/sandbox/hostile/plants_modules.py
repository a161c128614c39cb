"""Plants numpy.py, sitecustomize.py and conftest.py in its own folder, for a trusted process that starts there.

attacked: failed
"""

import numpy as np

CODE = "open('@TOUCH@/plants_modules', 'w').close()\n"


def attacked(x):
    for name in (
        "numpy",
        "sitecustomize",
        "usercustomize",
        "conftest",
        "json",
        "struct",
        "safetensors",
        "contained",
        "solutions",
    ):
        open(f"{name}.py", "w").write(CODE)
    return np.zeros_like(x)
