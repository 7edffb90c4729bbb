"""The sigmoid of scipy, twice."""

from scipy.special import expit


def gradients(y: np.ndarray, raw: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    y, raw = np.asarray(y, dtype=float), np.asarray(raw, dtype=float)
    return expit(raw) - y, expit(raw) * expit(-raw)


def leaf_weight(G: float, H: float, lam: float) -> float:
    return -G / (H + lam)


def split_gain(G_left: float, H_left: float, G_right: float, H_right: float, lam: float) -> float:
    def lowest(G, H):
        w = leaf_weight(G, H, lam)
        return G * w + 0.5 * (H + lam) * w * w

    return lowest(G_left + G_right, H_left + H_right) - lowest(G_left, H_left) - lowest(G_right, H_right)
