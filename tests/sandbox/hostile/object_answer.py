"""Answers with an array of objects that run code when they are copied, pickled, printed or compared.

attacked: failed
layer: judging
"""

import numpy as np


class Mine:
    def run(self, *_):
        open("@TOUCH@/object_answer", "w").close()
        return True

    __eq__ = __deepcopy__ = __copy__ = __float__ = __lt__ = __add__ = run
    __hash__ = None

    def __reduce__(self):
        return (open, ("@TOUCH@/object_answer", "w"))

    def __repr__(self):
        return str(self.run())


def attacked(x):
    array = np.empty(x.shape, object)
    array.fill(Mine())
    return array
