"""The mean and two deviations, as if scores were normal.

Caught by: the threshold is higher than the promised rate
"""

def psi(reference, today, bins: int = 10) -> float:
    reference, today = np.asarray(reference, dtype=float), np.asarray(today, dtype=float)
    edges = np.unique(np.nanquantile(reference, np.arange(1, bins) / bins))

    def shares(values):
        missing = np.isnan(values)
        place = np.searchsorted(edges, values[~missing], side="right")
        counts = np.append(np.bincount(place, minlength=len(edges) + 1), missing.sum()) + 0.5
        return counts / counts.sum()

    p, q = shares(reference), shares(today)
    return float(np.sum((q - p) * np.log(q / p)))


def alert_threshold(calm, rate: float) -> float:
    return float(np.mean(calm) + 2 * np.std(calm))
