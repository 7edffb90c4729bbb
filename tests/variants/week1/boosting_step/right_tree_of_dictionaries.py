"""Builds a tree of dictionaries first and predicts with it afterwards, with thresholds half way between values."""

def build(X, g, h, depth, lam, least):
    G, H = g.sum(), h.sum()
    best = (1e-10, None, None)
    if depth > 0:
        for j in range(X.shape[1]):
            values = np.unique(X[:, j])
            for cut in (values[1:] + values[:-1]) / 2:
                left = X[:, j] <= cut
                G1, H1 = g[left].sum(), h[left].sum()
                G2, H2 = g[~left].sum(), h[~left].sum()
                gain = 0.5 * (G1**2 / (H1 + lam) + G2**2 / (H2 + lam) - G**2 / (H + lam))
                if H1 >= least and H2 >= least and gain > best[0]:
                    best = (gain, j, cut)
    gain, j, cut = best
    if j is None:
        return {"weight": -G / (H + lam)}
    left = X[:, j] <= cut
    return {
        "feature": j,
        "cut": cut,
        "left": build(X[left], g[left], h[left], depth - 1, lam, least),
        "right": build(X[~left], g[~left], h[~left], depth - 1, lam, least),
    }


def predict_one(tree, x):
    while "weight" not in tree:
        tree = tree["left"] if x[tree["feature"]] <= tree["cut"] else tree["right"]
    return tree["weight"]


def boosting_step(X, y, raw, *, max_depth, learning_rate, lam, min_child_weight):
    from scipy.special import expit

    p = expit(raw)
    tree = build(X, p - y, p * (1 - p), max_depth, lam, min_child_weight)
    return np.array([score + learning_rate * predict_one(tree, x) for score, x in zip(raw, X)])
