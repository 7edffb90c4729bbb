"""Masks, and a stack of rates."""

def equalised_odds(y, decision, group):
    y, decision, group = np.asarray(y), np.asarray(decision), np.asarray(group)
    names = sorted(set(group))
    outcomes = {name: set(y[group == name]) for name in names}
    whole = [name for name in names if outcomes[name] == {0, 1}]
    rates = np.array([[decision[(group == name) & (y == value)].mean() for value in (0, 1)] for name in whole])
    return {"difference": float(np.ptp(rates, axis=0).max()), "undefined": [name for name in names if name not in whole]}


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
