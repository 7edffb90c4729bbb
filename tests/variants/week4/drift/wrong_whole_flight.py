"""Adds a whole flight to each bin.

Caught by: the index for
"""

def psi(reference, today, bins: int = 10) -> float:
    reference, today = np.asarray(reference, dtype=float), np.asarray(today, dtype=float)
    edges = np.unique(np.nanquantile(reference, np.arange(1, bins) / bins))

    def shares(values):
        missing = np.isnan(values)
        bin_of = np.searchsorted(edges, values[~missing], side="right")
        counts = np.append(np.bincount(bin_of, minlength=len(edges) + 1), missing.sum()) + 1.0
        return counts / counts.sum()

    p, q = shares(reference), shares(today)
    return float(np.sum((q - p) * np.log(q / p)))


def alert_threshold(calm, rate: float) -> float:
    return float(min(line for line in np.unique(calm) if np.mean(np.asarray(calm) > line) <= rate))

