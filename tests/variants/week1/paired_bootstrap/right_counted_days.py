"""No rows are copied: a draw is a weight for each row, and a weighted AUC is counted over distinct scores."""

def paired_bootstrap(y, score_a, score_b, groups, n_boot: int = 300, seed: int = 0) -> dict:

    late = np.asarray(y).astype(bool)
    _, group = np.unique(np.asarray(groups), return_inverse=True)
    group = group.ravel()
    places = [np.unique(np.asarray(score, dtype=float), return_inverse=True)[1].ravel() for score in (score_a, score_b)]

    def auc(place, weight):
        size = place.max() + 1
        ones = np.bincount(place, weights=weight * late, minlength=size)
        zeros = np.bincount(place, weights=weight * ~late, minlength=size)
        below = np.cumsum(zeros) - zeros
        return (ones * (below + zeros / 2)).sum() / (ones.sum() * zeros.sum())

    def difference(weight):
        return float(auc(places[0], weight) - auc(places[1], weight))

    rng, n_groups, drawn = np.random.default_rng(seed), group.max() + 1, []
    while len(drawn) < n_boot:
        times = np.bincount(rng.integers(n_groups, size=n_groups), minlength=n_groups)
        weight = times[group].astype(float)
        if 0 < (weight * late).sum() < weight.sum():
            drawn.append(difference(weight))
    low, high = (float(np.percentile(drawn, q)) for q in (2.5, 97.5))
    result = {"difference": difference(np.ones(len(late))), "low": low, "high": high, "winner": "none"}
    if low > 0 or high < 0:
        result["winner"] = "a" if low > 0 else "b"
    return result
