"""A group with one rate enters that rate's range.

Caught by: a group with one of the two rates only enters the difference
"""

def equalised_odds(y, decision, group: pd.Series) -> dict:
    frame = pd.DataFrame({"y": np.asarray(y), "d": np.asarray(decision, dtype=float), "g": np.asarray(group)})
    rates = frame.groupby(["g", "y"])["d"].mean().unstack("y").reindex(columns=[0, 1])
    whole = rates.dropna()
    return {
        "difference": float((rates.max() - rates.min()).max()),
        "undefined": list(rates.index.difference(whole.index)),
    }


def calibration_by_group(y, p, group: pd.Series) -> pd.DataFrame:
    from scipy.stats import beta

    frame = pd.DataFrame({"y": np.asarray(y), "p": np.asarray(p)})
    by = frame.groupby(np.asarray(group))
    found = by.agg(people=("y", "size"), mean_p=("p", "mean"), share=("y", "mean"))
    k, n = by["y"].sum(), found["people"]
    found["gap"] = found["share"] - found["mean_p"]
    found["low"] = beta.ppf(0.025, k + 0.5, n - k + 0.5) - found["mean_p"]
    found["high"] = beta.ppf(0.975, k + 0.5, n - k + 0.5) - found["mean_p"]
    return found
