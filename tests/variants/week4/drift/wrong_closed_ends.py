"""Values beyond the reference's range fall out.

Caught by: beyond all that was seen
"""

def psi(reference, today, bins=10):
    reference, today = np.asarray(reference, float), np.asarray(today, float)
    edges = np.unique(np.nanquantile(reference, np.linspace(0, 1, bins + 1)))

    def shares(x):
        c = np.append(np.histogram(x[~np.isnan(x)], edges)[0], np.isnan(x).sum()) + 0.5
        return c / c.sum()

    p, q = shares(reference), shares(today)
    return float(np.sum((q - p) * np.log(q / p)))


def alert_threshold(calm, rate):
    return float(min(line for line in np.unique(calm) if np.mean(np.asarray(calm) > line) <= rate))
