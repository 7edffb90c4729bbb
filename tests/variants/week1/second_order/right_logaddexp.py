"""p as the exponential of minus log(1 + e^-F), which NumPy has."""

def gradients(y, raw):
    p = np.exp(-np.logaddexp(0, -raw))
    return np.subtract(p, y), p * np.exp(-np.logaddexp(0, raw))


def leaf_weight(G, H, lam):
    return -1.0 * G / (lam + H)


def split_gain(G_left, H_left, G_right, H_right, lam):
    total_G, total_H = G_left + G_right, H_left + H_right
    objective = [-0.5 * G * G / (H + lam) for G, H in ((total_G, total_H), (G_left, H_left), (G_right, H_right))]
    return objective[0] - objective[1] - objective[2]
