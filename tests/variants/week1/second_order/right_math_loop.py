"""Plain loops with the math module, each sign of the score by its own formula."""

import math


def gradients(y: np.ndarray, raw: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    g, h = [], []
    for label, score in zip(y, raw):
        small = math.exp(-abs(float(score)))
        p = 1 / (1 + small) if score >= 0 else small / (1 + small)
        g.append(p - int(label))
        h.append(small / (1 + small) ** 2)
    return np.array(g, dtype=float), np.array(h, dtype=float)


def leaf_weight(G: float, H: float, lam: float) -> float:
    return -G / (H + lam)


def split_gain(G_left: float, H_left: float, G_right: float, H_right: float, lam: float) -> float:
    G, H = G_left + G_right, H_left + H_right
    return (G_left**2 / (H_left + lam) + G_right**2 / (H_right + lam) - G**2 / (H + lam)) / 2
