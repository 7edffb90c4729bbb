"""Level by level with a list of row masks; each threshold is tried by a mask over its node."""

from scipy.special import expit


def boosting_step(
    X: np.ndarray,
    y: np.ndarray,
    raw: np.ndarray,
    *,
    max_depth: int,
    learning_rate: float,
    lam: float,
    min_child_weight: float,
) -> np.ndarray:
    X, y, raw = np.asarray(X, dtype=float), np.asarray(y, dtype=float), np.asarray(raw, dtype=float)
    g, h = expit(raw) - y, expit(raw) * expit(-raw)

    def fall(mask):
        G, H = g[mask].sum(), h[mask].sum()
        return 0.5 * G**2 / (H + lam) if H + lam > 0 else 0.0

    leaves = [np.ones(len(raw), dtype=bool)]
    for _ in range(max_depth):
        below = []
        for leaf in leaves:
            best, halves = 1e-12, [leaf]
            for column in X.T:
                for value in np.unique(column[leaf])[:-1]:
                    left, right = leaf & (column <= value), leaf & (column > value)
                    if h[left].sum() < min_child_weight or h[right].sum() < min_child_weight:
                        continue
                    gain = fall(left) + fall(right) - fall(leaf)
                    if gain > best:
                        best, halves = gain, [left, right]
            below += halves
        leaves = below
    step = np.zeros(len(raw))
    for leaf in leaves:
        H = h[leaf].sum() + lam
        step[leaf] = -g[leaf].sum() / H if H > 0 else 0.0
    return raw + learning_rate * step
