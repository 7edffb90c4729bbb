"""Works in the caller's array of raw scores and leaves probabilities there.

Clause: "raw : raw scores (log odds), shape (n,), finite"

Caught by: `gradients` changed its input in place (argument 2)
"""

def gradients(y: np.ndarray, raw: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    e = np.exp(-np.abs(raw))
    h = e / (1 + e) ** 2
    raw[:] = np.where(raw >= 0, 1 / (1 + e), e / (1 + e))
    return raw - y, h


def leaf_weight(G: float, H: float, lam: float) -> float:
    return -G / (H + lam)


def split_gain(G_left: float, H_left: float, G_right: float, H_right: float, lam: float) -> float:
    G, H = G_left + G_right, H_left + H_right
    return 0.5 * (G_left**2 / (H_left + lam) + G_right**2 / (H_right + lam) - G**2 / (H + lam))
