"""Counts by groupby, SciPy's beta, and verdicts by masks."""

from scipy import stats


def selection_ratio(approved, group: pd.Series, reference: str, n_draws: int = 4_000, seed: int = 0) -> pd.DataFrame:
    yes = pd.Series(np.asarray(approved, dtype=float), index=np.asarray(group, dtype=object))
    counts = yes.groupby(level=0).agg(["sum", "count"])
    state = np.random.RandomState(seed)
    posterior = {
        name: stats.beta(k + 0.5, n - k + 0.5).rvs(n_draws, random_state=state)
        for name, k, n in counts.itertuples(name=None)
    }
    table = pd.DataFrame({"people": counts["count"].astype(int), "rate": counts["sum"] / counts["count"]})
    base = table.at[reference, "rate"]
    table["ratio"] = table["rate"] / (base if base else np.nan)
    table = table.drop(index=reference)
    ends = [np.quantile(posterior[name] / posterior[reference], [0.025, 0.975]) for name in table.index]
    table["low"], table["high"] = [one[0] for one in ends], [one[1] for one in ends]
    table["verdict"] = "undecided"
    table.loc[table["high"] < 0.8, "verdict"] = "below"
    table.loc[table["low"] >= 0.8, "verdict"] = "not below"
    return table
