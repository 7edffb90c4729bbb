"""A normal interval, which has no width for one person.

Caught by: a group has a gap without an interval, or with one that has no width
"""

def equalised_odds(y, decision, group: pd.Series) -> dict:
    frame = pd.DataFrame({"y": np.asarray(y), "d": np.asarray(decision, dtype=float), "g": np.asarray(group)})
    rates = frame.groupby(["g", "y"])["d"].mean().unstack("y").reindex(columns=[0, 1])
    whole = rates.dropna()
    return {
        "difference": float((whole.max() - whole.min()).max()),
        "undefined": list(rates.index.difference(whole.index)),
    }


def calibration_by_group(y, p, group: pd.Series) -> pd.DataFrame:
    from scipy.stats import beta

    frame = pd.DataFrame({"y": np.asarray(y), "p": np.asarray(p)})
    by = frame.groupby(np.asarray(group))
    found = by.agg(people=("y", "size"), mean_p=("p", "mean"), share=("y", "mean"))
    k, n = by["y"].sum(), found["people"]
    found["gap"] = found["share"] - found["mean_p"]
    found["low"] = found["gap"] - 1.96 * (found["share"] * (1 - found["share"]) / n) ** 0.5
    found["high"] = found["gap"] + 1.96 * (found["share"] * (1 - found["share"]) / n) ** 0.5
    return found
