"""A weight of 1 in each child, whatever min_child_weight is.

Caught by: is not the tree
"""

def boosting_step(X, y, raw, *, max_depth, learning_rate, lam, min_child_weight):
    p = 1 / (1 + np.exp(-raw))
    g, h = p - y, p * (1 - p)
    out = raw.copy()

    def grow(rows, depth):
        G, H = g[rows].sum(), h[rows].sum()
        best_gain, best_left = 0.0, None
        for j in range(X.shape[1]) if not (depth == max_depth) else []:
            for threshold in np.unique(X[rows, j])[1:]:
                left = rows[X[rows, j] < threshold]
                G_L, H_L = g[left].sum(), h[left].sum()
                gain = G_L**2 / (H_L + lam) + (G - G_L) ** 2 / (H - H_L + lam) - G**2 / (H + lam)
                if min(H_L, H - H_L) >= 1.0 and gain > best_gain:
                    best_gain, best_left = gain, left
        if best_left is None:
            out[rows] += learning_rate * -g[rows].sum() / (h[rows].sum() + lam)
        else:
            grow(best_left, depth + 1)
            grow(np.setdiff1d(rows, best_left), depth + 1)

    grow(np.arange(len(y)), 0)
    return out
