"""Leaves out the last cut of each feature: range(n - 2) where n - 1 cuts lie between n rows.

Caught by: is not the tree that XGBoost grows
"""

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
    p = 1 / (1 + np.exp(-raw))
    g, h = p - y, p * (1 - p)
    new = raw.astype(float).copy()

    def score(G: np.ndarray | float, H: np.ndarray | float) -> np.ndarray | float:
        return 0.5 * G**2 / (H + lam)

    def best_split(rows: np.ndarray) -> np.ndarray | None:
        best_gain, best_left = 1e-9, None
        G, H = g[rows].sum(), h[rows].sum()
        for j in range(X.shape[1]):
            order = rows[np.argsort(X[rows, j], kind="stable")]
            GL, HL = np.cumsum(g[order])[:-1], np.cumsum(h[order])[:-1]
            gain = score(GL, HL) + score(G - GL, H - HL) - score(G, H)
            x = X[order, j]
            allowed = (x[1:] > x[:-1]) & (HL >= min_child_weight) & (H - HL >= min_child_weight)
            gain = np.where(allowed, gain, -np.inf)[:-1]
            if len(gain) and gain.max() > best_gain:
                best_gain, best_left = gain.max(), order[: gain.argmax() + 1]
        return best_left

    def grow(rows: np.ndarray, depth: int) -> None:
        left = best_split(rows) if depth < max_depth else None
        if left is None:
            new[rows] += learning_rate * -g[rows].sum() / (h[rows].sum() + lam)
            return
        grow(left, depth + 1)
        grow(np.setdiff1d(rows, left), depth + 1)

    grow(np.arange(len(y)), 0)
    return new
