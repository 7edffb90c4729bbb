"""Always ten bins.

Caught by: the index for another number of bins
"""

def psi(reference, today, bins: int = 10) -> float:
    """Give the population stability index of ``today`` against ``reference``: numbers, NaN where missing, as defined above."""
    reference, today = np.asarray(reference, dtype=float), np.asarray(today, dtype=float)
    edges = np.unique(np.nanquantile(reference, np.arange(1, 10) / 10))

    def shares(values):
        missing = np.isnan(values)
        place = np.searchsorted(edges, values[~missing], side="right")
        counts = np.append(np.bincount(place, minlength=len(edges) + 1), missing.sum()) + 0.5
        return counts / counts.sum()

    p, q = shares(reference), shares(today)
    return float(np.sum((q - p) * np.log(q / p)))


def alert_threshold(calm, rate: float) -> float:
    """Give the lowest score among ``calm`` (scores of calm days, shape (n,)) that at most the share ``rate`` of them exceeds."""
    return float(min(line for line in np.unique(calm) if np.mean(np.asarray(calm) > line) <= rate))
