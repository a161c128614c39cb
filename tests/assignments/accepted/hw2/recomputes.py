"""backward_221 recomputes the forward pass and returns lists' worth of Python floats."""

import math


def forward_221(x, p):
    h1 = float(x[0]) * p["w1"] + float(x[1]) * p["w2"] + p["b1"]
    h2 = float(x[0]) * p["w3"] + float(x[1]) * p["w4"] + p["b2"]
    u1, u2 = math.tanh(h1), math.tanh(h2)
    return {"f": p["w5"] * u1 + p["w6"] * u2 + p["b3"], "u2": u2, "u1": u1, "h2": h2, "h1": h1}


def backward_221(x, y, p, cache):
    c = forward_221(x, p)
    d1 = c["f"] - y
    d2, d3 = d1 * p["w5"], d1 * p["w6"]
    d4, d5 = d2 / math.cosh(c["h1"]) ** 2, d3 / math.cosh(c["h2"]) ** 2
    g = {"b3": d1, "b2": d5, "b1": d4, "w6": d1 * c["u2"], "w5": d1 * c["u1"]}
    g["w1"], g["w2"] = d4 * x[0], d4 * x[1]
    g["w3"], g["w4"] = d5 * x[0], d5 * x[1]
    return (g, {"d5": d5, "d4": d4, "d3": d3, "d2": d2, "d1": d1})


def gd_step(params, grads, lr):
    new = params.copy()
    for key in new:
        new[key] = new[key] - grads[key] * lr
    return new
