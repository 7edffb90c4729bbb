"""All groups at once, in one array of draws."""

def selection_ratio(approved, group, reference, n_draws=4_000, seed=0):
    labels, code = np.unique(np.asarray(group), return_inverse=True)
    n = np.bincount(code)
    k = np.bincount(code, weights=np.asarray(approved, dtype=float))
    base = list(labels).index(reference)
    drawn = np.random.default_rng(seed).beta(k + 0.5, n - k + 0.5, size=(n_draws, len(n)))
    low, high = np.quantile(drawn / drawn[:, [base]], [0.025, 0.975], axis=0)
    verdict = np.where(high < 0.8, "below", np.where(low >= 0.8, "not below", "undecided"))
    rate = k / n
    table = {"people": n, "rate": rate, "ratio": rate / rate[base], "low": low, "high": high, "verdict": verdict}
    return pd.DataFrame(table, index=labels).drop(index=reference)
