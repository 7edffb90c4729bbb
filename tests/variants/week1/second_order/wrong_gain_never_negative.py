"""Cuts the gain off at zero, so that no split ever seems to do harm.

Caught by: not negative where splitting does harm
"""

def gradients(y, raw):
    p = 1 / (1 + np.exp(-raw))
    return p - y, p * (1 - p)


def leaf_weight(G, H, lam):
    return -G / (H + lam)


def split_gain(G_left, H_left, G_right, H_right, lam):
    def score(G, H):
        return 0.5 * G**2 / (H + lam)

    return max(0.0, score(G_left, H_left) + score(G_right, H_right) - score(G_left + G_right, H_left + H_right))
