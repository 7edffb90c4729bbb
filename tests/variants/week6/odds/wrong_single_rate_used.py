"""The one rate that a named group has enters the range.

Clause: "leave it out of the difference, and *name* it"

Caught by: a group with one of the two rates only enters the difference
"""

from scipy.stats import beta


def equalised_odds(y, decision, group: pd.Series) -> dict:
    y, decision, group = np.asarray(y), np.asarray(decision), np.asarray(group, dtype=object)
    rates, undefined = [], []
    for name in sorted(set(group)):
        outcome, made = y[group == name], decision[group == name]
        if len(set(outcome)) < 2:
            undefined.append(name)
        rates.append([made[outcome == one].mean() if (outcome == one).any() else np.nan for one in (1, 0)])
    rates = np.array(rates)
    return {"difference": float(max(np.nanmax(rates, axis=0) - np.nanmin(rates, axis=0))), "undefined": undefined}


def calibration_by_group(y, p, group: pd.Series) -> pd.DataFrame:
    y, p, group = np.asarray(y), np.asarray(p), np.asarray(group, dtype=object)
    rows = {}
    for name in sorted(set(group)):
        outcome, mean_p = y[group == name], p[group == name].mean()
        n, k = len(outcome), outcome.sum()
        low, high = beta.ppf([0.025, 0.975], k + 0.5, n - k + 0.5) - mean_p
        share = k / n
        rows[name] = {
            "people": n, "mean_p": mean_p, "share": share, "gap": share - mean_p, "low": low, "high": high
        }
    return pd.DataFrame.from_dict(rows, orient="index")
