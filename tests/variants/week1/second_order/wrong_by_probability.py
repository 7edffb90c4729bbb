"""Differentiates by the probability and not by the raw score.

Caught by: the gradient g
"""

def gradients(y, raw):
    p = np.clip(1 / (1 + np.exp(-raw)), 1e-9, 1 - 1e-9)
    return (p - y) / (p * (1 - p)), y / p**2 + (1 - y) / (1 - p) ** 2


def leaf_weight(G, H, lam):
    return -G / (H + lam)


def split_gain(G_left, H_left, G_right, H_right, lam):
    left = G_left**2 / (H_left + lam)
    right = G_right**2 / (H_right + lam)
    parent = (G_left + G_right) ** 2 / (H_left + H_right + lam)
    return (left + right - parent) / 2
