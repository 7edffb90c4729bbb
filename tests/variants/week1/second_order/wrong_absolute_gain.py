"""Takes the size of the gain.

Caught by: not negative where splitting does harm
"""

def gradients(y, raw):
    from scipy.special import expit

    p = expit(raw)
    return p - y, p * (1 - p)


def leaf_weight(G, H, lam):
    return -G / (H + lam)


def split_gain(G_left, H_left, G_right, H_right, lam):
    def score(G, H):
        return 0.5 * G * G / (H + lam)

    return abs(score(G_left, H_left) + score(G_right, H_right) - score(G_left + G_right, H_left + H_right))
