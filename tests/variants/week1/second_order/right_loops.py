"""Row by row with the math module, two cases for the sign, lists out."""

import math


def gradients(y, raw):
    g, h = [], []
    for label, score in zip(y, raw):
        small = math.exp(-abs(score))
        p = 1 / (1 + small) if score >= 0 else small / (1 + small)
        g.append(p - label)
        h.append(small / (1 + small) ** 2)
    return g, h


def leaf_weight(G, H, lam):
    return -G / (H + lam)


def split_gain(G_left, H_left, G_right, H_right, lam):
    left = G_left**2 / (H_left + lam)
    right = G_right**2 / (H_right + lam)
    parent = (G_left + G_right) ** 2 / (H_left + H_right + lam)
    return (left + right - parent) / 2
