"""scipy's Beta distribution, and a dictionary of dictionaries."""

def selection_ratio(approved, group, reference, n_draws=4_000, seed=0):
    from scipy.stats import beta

    frame = pd.DataFrame({"a": np.asarray(approved), "g": np.asarray(group)})
    k, n = frame.groupby("g")["a"].sum(), frame.groupby("g")["a"].size()
    drawn = beta(k + 0.5, n - k + 0.5).rvs((n_draws, len(k)), random_state=seed)
    ratios = pd.DataFrame(drawn, columns=k.index)
    ratios = ratios.div(ratios[reference], axis=0)
    table = pd.DataFrame({"people": n, "rate": k / n, "ratio": (k / n) / (k / n)[reference],
                          "low": ratios.quantile(0.025), "high": ratios.quantile(0.975)}).drop(index=reference)
    table["verdict"] = "undecided"
    table.loc[table["high"] < 0.8, "verdict"] = "below"
    table.loc[table["low"] >= 0.8, "verdict"] = "not below"
    return table
