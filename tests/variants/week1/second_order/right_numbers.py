"""Plain numbers and math, with one formula for each sign."""

def gradients(y, raw):
    import math

    p = [1 / (1 + math.exp(-F)) if F >= 0 else math.exp(F) / (1 + math.exp(F)) for F in map(float, raw)]
    return np.array([a - b for a, b in zip(p, y)]), np.array([a * (1 - a) for a in p])


def leaf_weight(G, H, lam):
    return -G / (H + lam)


def split_gain(G_left, H_left, G_right, H_right, lam):
    def score(G, H):
        return 0.5 * G * G / (H + lam)

    return score(G_left, H_left) + score(G_right, H_right) - score(G_left + G_right, H_left + H_right)
