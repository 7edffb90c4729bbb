"""Forgets the penalty in the leaf weight.

Caught by: another weight makes the leaf's objective lower
"""

def gradients(y, raw):
    p = 1 / (1 + np.exp(-raw))
    return p - y, p * (1 - p)


def leaf_weight(G, H, lam):
    return -G / H


def split_gain(G_left, H_left, G_right, H_right, lam):
    left = G_left**2 / (H_left + lam)
    right = G_right**2 / (H_right + lam)
    parent = (G_left + G_right) ** 2 / (H_left + H_right + lam)
    return (left + right - parent) / 2
