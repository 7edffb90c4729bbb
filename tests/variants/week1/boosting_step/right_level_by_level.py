"""A queue of nodes in place of recursion, features from last to first, running sums from the right, float32 out."""

from collections import deque


def boosting_step(X, y, raw, *, max_depth, learning_rate, lam, min_child_weight):
    y, raw = np.asarray(y, dtype=float), np.asarray(raw, dtype=float)
    p = 0.5 * (1 + np.tanh(raw / 2))
    gradient, hessian = p - y, p * (1 - p)
    change = np.zeros(len(y))
    nodes = deque([(np.ones(len(y), dtype=bool), max_depth)])
    while nodes:
        mask, levels = nodes.popleft()
        rows = np.flatnonzero(mask)
        G, H = gradient[rows].sum(), hessian[rows].sum()
        best_gain, best_mask = 1e-8, None
        for j in reversed(range(X.shape[1])):
            if levels == 0:
                break
            order = rows[np.argsort(-X[rows, j])]
            GR, HR = np.cumsum(gradient[order]), np.cumsum(hessian[order])
            for i in range(len(order) - 1):
                if X[order[i], j] == X[order[i + 1], j] or HR[i] < min_child_weight or H - HR[i] < min_child_weight:
                    continue
                gain = GR[i] ** 2 / (HR[i] + lam) + (G - GR[i]) ** 2 / (H - HR[i] + lam) - G**2 / (H + lam)
                if gain > best_gain:
                    best_gain, best_mask = gain, mask & (X[:, j] >= X[order[i], j])
        if best_mask is None:
            change[mask] = -G / (H + lam)
        else:
            nodes.append((best_mask, levels - 1))
            nodes.append((mask & ~best_mask, levels - 1))
    return (raw + learning_rate * change).astype("float64")
