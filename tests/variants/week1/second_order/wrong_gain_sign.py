"""Children minus parent of the objectives: the fall comes out as a rise.

Caught by: the gain is not the fall of the objective
"""

def gradients(y, raw):
    p = 1 / (1 + np.exp(-raw))
    return p - y, p * (1 - p)


def leaf_weight(G, H, lam):
    return -G / (H + lam)


def split_gain(G_left, H_left, G_right, H_right, lam):
    def objective(G, H):
        return -0.5 * G**2 / (H + lam)

    return objective(G_left, H_left) + objective(G_right, H_right) - objective(G_left + G_right, H_left + H_right)
