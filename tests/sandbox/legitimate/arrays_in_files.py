"""Saves arrays in the current folder in every format of NumPy, pickle, json, csv and sqlite, and reads them again."""

import csv
import json
import pickle
import sqlite3

import numpy as np


def attacked(x):
    np.save("array.npy", x)
    np.savez_compressed("arrays.npz", x=x, y=2 * x)
    np.savetxt("array.txt", x.reshape(1, -1))
    assert np.allclose(np.loadtxt("array.txt"), x.ravel())
    assert np.array_equal(np.load("arrays.npz")["y"], 2 * x)
    mapped = np.memmap("mapped.bin", x.dtype, "w+", shape=x.shape)
    mapped[...] = x
    mapped.flush()
    with open("array.pickle", "wb") as file:
        pickle.dump(x, file)
    with open("array.json", "w") as file:
        json.dump(x.tolist(), file)
    with open("rows.csv", "w", newline="") as file:
        csv.writer(file).writerows(np.atleast_2d(x).tolist())
    with sqlite3.connect("numbers.sqlite") as base:
        base.execute("create table if not exists numbers (value real)")
        base.executemany("insert into numbers values (?)", [(value,) for value in x.ravel()])
    assert np.array_equal(pickle.load(open("array.pickle", "rb")), np.load("array.npy", mmap_mode="r"))
    return np.load("array.npy") + 1
