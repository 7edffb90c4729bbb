"""Always 4,000 draws.

Caught by: the interval is not made of n_draws draws
"""

def selection_ratio(approved, group: pd.Series, reference: str, n_draws: int = 4_000, seed: int = 0) -> pd.DataFrame:
    counts = pd.Series(np.asarray(approved)).groupby(np.asarray(group)).agg(["sum", "size"])
    rng = np.random.default_rng(seed)
    draws = {name: rng.beta(k + 0.5, n - k + 0.5, 4_000) for name, (k, n) in counts.iterrows()}
    rates = counts["sum"] / counts["size"]
    rows = []
    for name, (k, n) in counts.drop(reference).iterrows():
        low, high = np.percentile(draws[name] / draws[reference], [2.5, 97.5])
        ratio = (k / n) / rates[reference]
        verdict = "below" if high < 0.8 else "not below" if low >= 0.8 else "undecided"
        rows.append({"people": n, "rate": k / n, "ratio": ratio, "low": low, "high": high, "verdict": verdict})
    return pd.DataFrame(rows, index=counts.index.drop(reference))
