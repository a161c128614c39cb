"""experiment_linear_vs_xor with pyplot, one loop, and NumPy's numbers in the dict."""


def experiment_linear_vs_xor(path=None, max_epochs=50):
    import matplotlib.pyplot as plt

    results = {}
    figure, axes = plt.subplots(ncols=3)
    for ax, gate in zip(axes, ["and", "or", "xor"]):
        x1, x2 = AND_X.T.astype(bool)
        y = {"and": x1 & x2, "or": x1 | x2, "xor": x1 ^ x2}[gate].astype(int)
        w, mistakes = train_perceptron(AND_X, y, max_epochs=max_epochs)
        results[gate] = {
            "epochs": np.int64(len(mistakes)),
            "accuracy": np.mean(perceptron_predict(AND_X, w[1:], w[0]) == y),
            "converged": not mistakes[-1],
        }
        ax.scatter(AND_X[:, 0], AND_X[:, 1], c=y)
        x = np.linspace(-0.5, 1.5)
        if w[2]:
            ax.plot(x, -(w[0] + w[1] * x) / w[2])
    if path is not None:
        plt.savefig(path)
    plt.close(figure)
    return results
