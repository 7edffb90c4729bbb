"""Clips the raw score to ±10, so gradient and Hessian stand still beyond.

Clause: "Give gradient and Hessian of the log loss with respect to the raw score."

Caught by: the gradient is not what it should be
"""

def gradients(y: np.ndarray, raw: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    raw = np.clip(raw, -10, 10)
    e = np.exp(-np.abs(raw))
    p = np.where(raw >= 0, 1 / (1 + e), e / (1 + e))
    return p - y, e / (1 + e) ** 2


def leaf_weight(G: float, H: float, lam: float) -> float:
    return -G / (H + lam)


def split_gain(G_left: float, H_left: float, G_right: float, H_right: float, lam: float) -> float:
    G, H = G_left + G_right, H_left + H_right
    return 0.5 * (G_left**2 / (H_left + lam) + G_right**2 / (H_right + lam) - G**2 / (H + lam))
