"""Rates kept in dictionaries, the range taken with max and min."""

def equalised_odds(y, decision, group):
    y, decision, group = np.asarray(y), np.asarray(decision), np.asarray(group)
    rates, undefined = {0: [], 1: []}, []
    for name in sorted(set(group)):
        own = {value: decision[(group == name) & (y == value)] for value in (0, 1)}
        if min(len(own[0]), len(own[1])) == 0:
            undefined.append(name)
            continue
        for value in (0, 1):
            rates[value].append(own[value].mean())
    return {"difference": max(max(rates[v]) - min(rates[v]) for v in (0, 1)), "undefined": undefined}


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
