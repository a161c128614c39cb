"""Has libraries written in C read the expected answers: NumPy, mmap, SQLite, TensorFlow.

attacked: crashed
layer: landlock
"""

import mmap
import os
import sqlite3

import numpy as np


def mapped():
    return mmap.mmap(os.open("@CANARY@", os.O_RDONLY), 0, prot=mmap.PROT_READ)[:]


def database():
    try:
        sqlite3.connect("file:@CANARY@?mode=ro", uri=True).execute("select * from sqlite_master")
    except sqlite3.OperationalError:  # it could not be opened
        raise
    except sqlite3.DatabaseError as error:  # it was opened and is no database
        return str(error)


def tensor():
    import tensorflow as tf

    return tf.io.read_file("@CANARY@").numpy()


def attacked(x):
    ways = [lambda: np.fromfile("@CANARY@", np.uint8).tobytes(), lambda: bytes(np.memmap("@CANARY@")), mapped, tensor, database]
    for way in ways:
        try:
            print(way())
            return x + 1
        except Exception as error:
            last = error
    raise last
