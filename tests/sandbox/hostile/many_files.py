"""Makes 20,000 empty files, folders and links in its own folder.

attacked: over_limit, crashed
"""

import os


def attacked(x):
    for number in range(10_000):
        os.close(os.open(f"file{x.ndim}{number}", os.O_CREAT | os.O_WRONLY))
        if number % 2:
            os.mkdir(f"folder{x.ndim}{number}")
        else:
            os.symlink("nowhere", f"link{x.ndim}{number}")
    return x + 1
