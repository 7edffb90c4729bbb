"""Writes the sigmoid as e^F / (1 + e^F), which is NaN at a raw score of 800.

Clause: "a raw score of ±800 is legal"

Caught by: the gradient at extreme scores is missing (NaN) where it should not be, or the other way
"""

def gradients(y: np.ndarray, raw: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    with np.errstate(all="ignore"):
        p = np.exp(raw) / (1 + np.exp(raw))
    return p - y, p * (1 - p)


def leaf_weight(G: float, H: float, lam: float) -> float:
    return -G / (H + lam)


def split_gain(G_left: float, H_left: float, G_right: float, H_right: float, lam: float) -> float:
    G, H = G_left + G_right, H_left + H_right
    return 0.5 * (G_left**2 / (H_left + lam) + G_right**2 / (H_right + lam) - G**2 / (H + lam))
