"""Each group is compared with the highest rate, whichever group was named.

Clause: "`reference` is the group that you name."

Caught by: ratio of a group is not what it should be
"""

def selection_ratio(approved, group: pd.Series, reference: str, n_draws: int = 4_000, seed: int = 0) -> pd.DataFrame:
    approved, group = np.asarray(approved), np.asarray(group, dtype=object)
    rng = np.random.default_rng(seed)

    def drawn_rate(name):
        mine = approved[group == name]
        k, n = mine.sum(), len(mine)
        return n, k / n, rng.beta(k + 0.5, n - k + 0.5, n_draws)

    rates = {name: approved[group == name].mean() for name in set(group[pd.notna(group)])}
    best = max(rates, key=rates.get)
    _, rate_0, draws_0 = drawn_rate(best)
    rows = {}
    for name in sorted(set(group[pd.notna(group)]) - {reference}):
        people_in, rate, draws = drawn_rate(name)
        low, high = np.percentile(draws / draws_0, [2.5, 97.5])
        verdict = "below" if high < 0.8 else "not below" if low >= 0.8 else "undecided"
        ratio = rate / rate_0 if rate_0 > 0 else np.nan
        rows[name] = {"people": people_in, "rate": rate, "ratio": ratio, "low": low, "high": high, "verdict": verdict}
    return pd.DataFrame.from_dict(
        rows, orient="index", columns=["people", "rate", "ratio", "low", "high", "verdict"]
    )
