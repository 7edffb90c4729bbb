"""Uses raw scores as if they were probabilities.

Caught by: the gradient g
"""

def gradients(y, raw):
    return raw - y, raw * (1 - raw)


def leaf_weight(G, H, lam):
    return -G / (H + lam)


def split_gain(G_left, H_left, G_right, H_right, lam):
    left = G_left**2 / (H_left + lam)
    right = G_right**2 / (H_right + lam)
    parent = (G_left + G_right) ** 2 / (H_left + H_right + lam)
    return (left + right - parent) / 2
