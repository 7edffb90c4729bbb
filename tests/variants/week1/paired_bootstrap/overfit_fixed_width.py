"""No draws: an interval of fixed width around the difference.

Clause: "its 95 % interval (2.5th and 97.5th percentile over the draws)"

Caught by: the ends of the interval are not the 2.5th and the 97.5th percentile over draws of whole
"""

def paired_bootstrap(y, score_a, score_b, groups, n_boot: int = 300, seed: int = 0) -> dict:

    difference = roc_auc_score(y, score_a) - roc_auc_score(y, score_b)
    low, high = difference - 0.05, difference + 0.05
    winner = "a" if low > 0 else "b" if high < 0 else "none"
    return {"difference": difference, "low": low, "high": high, "winner": winner}
