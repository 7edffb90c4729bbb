"""e^F / (1 + e^F): infinity over infinity for a large score.

Caught by: the gradient at extreme scores
"""

def gradients(y, raw):
    odds = np.exp(raw)
    p = odds / (1 + odds)
    return p - y, p * (1 - p)


def leaf_weight(G, H, lam):
    return -G / (H + lam)


def split_gain(G_left, H_left, G_right, H_right, lam):
    left = G_left**2 / (H_left + lam)
    right = G_right**2 / (H_right + lam)
    parent = (G_left + G_right) ** 2 / (H_left + H_right + lam)
    return (left + right - parent) / 2
