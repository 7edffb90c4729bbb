"""Adds the leaf values to the caller's raw scores.

Clause: "Return the old raw scores plus each row's leaf value."

Caught by: changed its input in place
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
    X, y, raw = np.asarray(X, dtype=float), np.asarray(y, dtype=float), np.asarray(raw, dtype=float)
    e = np.exp(-np.abs(raw))
    g = np.where(raw >= 0, 1 / (1 + e), e / (1 + e)) - y
    h = e / (1 + e) ** 2
    new = raw

    def score(G, H):
        return G * G / (H + lam) if H + lam > 0 else 0.0

    def grow(rows, depth):
        G, H = g[rows].sum(), h[rows].sum()
        best, split = 1e-12, None
        for j in range(X.shape[1] if depth < max_depth else 0):
            order = rows[np.argsort(X[rows, j], kind="stable")]
            G_left, H_left = np.cumsum(g[order]), np.cumsum(h[order])
            for i in range(len(order) - 1):
                if X[order[i], j] == X[order[i + 1], j]:
                    continue
                if min(H_left[i], H - H_left[i]) < min_child_weight:
                    continue
                gain = (score(G_left[i], H_left[i]) + score(G - G_left[i], H - H_left[i]) - score(G, H)) / 2
                if gain > best:
                    best, split = gain, (order[: i + 1], order[i + 1 :])
        if split is not None:
            grow(split[0], depth + 1)
            grow(split[1], depth + 1)
        elif H + lam > 0:
            new[rows] -= learning_rate * G / (H + lam)

    grow(np.arange(len(raw)), 0)
    return new
