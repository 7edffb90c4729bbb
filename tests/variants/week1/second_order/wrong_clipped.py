"""Clips the probability, so that its logarithm exists: far out the gradient is wrong.

Caught by: the gradient is not what it should be
"""

def gradients(y, raw):
    from scipy.special import expit

    p = np.clip(expit(raw), 1e-6, 1 - 1e-6)
    return p - y, p * (1 - p)


def leaf_weight(G, H, lam):
    return -G / (H + lam)


def split_gain(G_left, H_left, G_right, H_right, lam):
    def score(G, H):
        return 0.5 * G * G / (H + lam)

    return score(G_left, H_left) + score(G_right, H_right) - score(G_left + G_right, H_left + H_right)
