"""A split with less than 1 of Hessian on a side is said to win nothing.

Clause: "Give the fall of the objective when a leaf is split in two; negative where splitting does harm."

Caught by: the gain is not the fall of the objective
"""

def gradients(y: np.ndarray, raw: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    e = np.exp(-np.abs(raw))
    p = np.where(raw >= 0, 1 / (1 + e), e / (1 + e))
    return p - y, e / (1 + e) ** 2


def leaf_weight(G: float, H: float, lam: float) -> float:
    return -G / (H + lam)


def split_gain(G_left: float, H_left: float, G_right: float, H_right: float, lam: float) -> float:
    if min(H_left, H_right) < 1:
        return 0.0
    G, H = G_left + G_right, H_left + H_right
    return 0.5 * (G_left**2 / (H_left + lam) + G_right**2 / (H_right + lam) - G**2 / (H + lam))
