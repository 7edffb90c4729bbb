"""numpy's histogram with open ends, and a sorted search for the threshold."""

def psi(reference, today, bins=10):
    reference, today = np.array(reference, float), np.array(today, float)
    inner = sorted(set(np.quantile(reference[~np.isnan(reference)], [k / bins for k in range(1, bins)])))
    edges = [-np.inf, *inner, np.inf]

    def counts(x):
        return np.append(np.histogram(x[~np.isnan(x)], edges)[0], np.isnan(x).sum()) + 0.5

    p, q = (c / c.sum() for c in (counts(reference), counts(today)))
    return float(((q - p) * (np.log(q) - np.log(p))).sum())


def alert_threshold(calm, rate):
    scores = np.sort(np.asarray(calm, dtype=float))[::-1]
    allowed = int(np.floor(rate * len(scores) + 1e-9))
    return float(scores[allowed])
