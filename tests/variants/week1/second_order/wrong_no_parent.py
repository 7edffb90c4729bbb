"""Adds up both leaves and forgets what the parent was worth already.

Caught by: the gain is not the fall of the objective
"""

def gradients(y, raw):
    p = 1 / (1 + np.exp(-raw))
    return p - y, p * (1 - p)


def leaf_weight(G, H, lam):
    return -G / (H + lam)


def split_gain(G_left, H_left, G_right, H_right, lam):
    return 0.5 * (G_left**2 / (H_left + lam) + G_right**2 / (H_right + lam))
