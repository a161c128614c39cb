"""Says that there is no room left on the disk, so that what it cannot do is taken for the machine's fault.

attacked: crashed
"""

import errno
import os


def attacked(x):
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
