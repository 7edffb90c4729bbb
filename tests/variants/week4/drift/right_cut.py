"""pandas' cut, with labels to the right."""

def psi(reference, today, bins=10):
    reference, today = pd.Series(np.asarray(reference, float)), pd.Series(np.asarray(today, float))
    edges = [-np.inf, *reference.quantile(np.arange(1, bins) / bins).drop_duplicates(), np.inf]
    tables = []
    for values in (reference, today):
        found = pd.cut(values, edges, right=False).value_counts(sort=False, dropna=True).tolist()
        tables.append(np.array([*found, values.isna().sum()]) + 0.5)
    p, q = tables[0] / tables[0].sum(), tables[1] / tables[1].sum()
    return sum((b - a) * np.log(b / a) for a, b in zip(p, q))


def alert_threshold(calm, rate):
    best = max(calm)
    for score in sorted(set(calm), reverse=True):
        if sum(other > score for other in calm) > rate * len(calm):
            break
        best = score
    return best
