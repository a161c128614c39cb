"""xor_from_gates with the hidden units in a comprehension."""


def xor_from_gates(X):
    H = np.array([perceptron_predict(X=X, w=w, b=b) for w, b in map(gate_weights, ["or", "nand"])], float).T
    return perceptron_predict(X=H, w=gate_weights("and")[0], b=gate_weights("and")[1])
