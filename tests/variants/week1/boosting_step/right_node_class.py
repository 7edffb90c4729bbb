"""A small class of nodes and vectorised cumulative sums."""

class Node:
    def __init__(self, rows):
        self.rows, self.left, self.right = rows, None, None

    def split(self, X, g, h, lam, min_child_weight, levels):
        if levels == 0 or len(self.rows) < 2:
            return
        best = 1e-12
        G, H = g[self.rows].sum(), h[self.rows].sum()
        for j in range(X.shape[1]):
            order = self.rows[np.argsort(X[self.rows, j], kind="stable")]
            G_left, H_left = np.cumsum(g[order])[:-1], np.cumsum(h[order])[:-1]
            G_right, H_right = np.cumsum(g[order][::-1])[::-1][1:], np.cumsum(h[order][::-1])[::-1][1:]
            legal = np.diff(X[order, j]) > 0
            legal &= (H_left >= min_child_weight) & (H_right >= min_child_weight)
            legal &= (H_left + lam > 0) & (H_right + lam > 0)
            with np.errstate(divide="ignore", invalid="ignore"):
                gain = 0.5 * (G_left**2 / (H_left + lam) + G_right**2 / (H_right + lam) - G**2 / (H + lam))
            gain = np.where(legal, gain, -np.inf)
            at = int(np.argmax(gain))
            if gain[at] > best:
                best, self.left, self.right = gain[at], Node(order[: at + 1]), Node(order[at + 1 :])
        for child in (self.left, self.right):
            if child is not None:
                child.split(X, g, h, lam, min_child_weight, levels - 1)

    def leaves(self):
        return [self] if self.left is None else self.left.leaves() + self.right.leaves()


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
    root = Node(np.arange(len(raw)))
    root.split(X, g, h, lam, min_child_weight, max_depth)
    new = raw.copy()
    for leaf in root.leaves():
        H = h[leaf.rows].sum() + lam
        if H > 0:
            new[leaf.rows] -= learning_rate * g[leaf.rows].sum() / H
    return new
