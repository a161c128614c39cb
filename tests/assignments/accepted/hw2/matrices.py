"""The 2-2-1 network in matrix form, float results as NumPy scalars."""


def _matrices(p):
    return np.array([[p["w1"], p["w2"]], [p["w3"], p["w4"]]]), np.array([p["b1"], p["b2"]]), np.array([p["w5"], p["w6"]])


def forward_221(x, p):
    W, b, v = _matrices(p)
    h = W @ np.asarray(x) + b
    u = np.tanh(h)
    return dict(h1=h[0], h2=h[1], u1=u[0], u2=u[1], f=v @ u + p["b3"], u=3.0)


def backward_221(x, y, p, cache):
    _, _, v = _matrices(p)
    u = np.array([cache["u1"], cache["u2"]])
    d1 = cache["f"] - y
    d23 = d1 * v
    d45 = d23 * (1 - u**2)
    dW = np.outer(d45, x)
    names = ("w1", "w2", "w3", "w4", "w5", "w6", "b1", "b2", "b3")
    grads = dict(zip(names, (*dW.ravel(), *(d1 * u), *d45, d1)))
    return grads, dict(d1=d1, d2=d23[0], d3=d23[1], d4=d45[0], d5=d45[1])
